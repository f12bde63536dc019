// SPDX-License-Identifier: Apache-2.0

/** Quotas, and how uses are counted against them. */
export const quota = {
  'quota-exceeded': ['{link:ref}: {taken} of {quota} uses are taken, {more} more asked', 'ask for a larger quota'],
  'quota-too-small': ['{link:ref}: {more} uses asked, {quota} allowed in all', 'ask for a larger quota'],
  'quota-exceeded-metered': [
    '{link:ref}: its quota of {quota} is exceeded by {count} reports, {reports:ref[]}; {taken} uses are counted',
    'ask for a larger quota; the agency corrects a false report: usage:correct',
  ],
} as const;
