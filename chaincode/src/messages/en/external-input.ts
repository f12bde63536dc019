// SPDX-License-Identifier: Apache-2.0

export const externalInput = {
  title: 'External input',
  states: { declared: 'Declared', withdrawn: 'Withdrawn' },
  acts: { declare: 'Declare', withdraw: 'Withdraw' },
  rules: {},
  fields: {
    title: 'Name of the data',
    source: 'Source',
    from: 'Kind of source, or beginning',
    name: 'Name of the source',
    holder: 'Holder',
  },
  choices: {
    from: {
      national: 'National authority',
      'other-region': 'Other region',
      'non-public': 'Non-public data',
      open: 'Open data',
    },
  },
  messages: { 'period-ends-early': ['the period must end after it begins'] },
} as const;
