// SPDX-License-Identifier: Apache-2.0

import type { Translation } from '../catalogue.js';
import type { quota as english } from '../en/quota.js';

/** 额度与计量。 */
export const quota: Translation<typeof english> = {
  'quota-exceeded': ['{link:ref}：额度 {quota} 次，已用 {taken} 次，又请求 {more} 次', '申请更大的额度'],
  'quota-too-small': ['{link:ref}：请求 {more} 次，超过全部额度 {quota} 次', '申请更大的额度'],
  'quota-exceeded-metered': [
    '{link:ref}：{count} 份报告（{reports:ref[]}）超出额度 {quota} 次，已计 {taken} 次',
    '申请更大的额度；不实的报告由实施机构更正：usage:correct',
  ],
};
