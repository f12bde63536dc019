// SPDX-License-Identifier: Apache-2.0
import type { TranslatedKind } from '../words.js';
import type { grant as english } from '../en/grant.js';

export const grant: TranslatedKind<typeof english> = {
  title: '用数授权',
  states: { 'in-force': '有效', halted: '应急暂停', suspended: '已暂停', revoked: '已撤销' },
  acts: { issue: '授权', amend: '变更', suspend: '暂停', resume: '恢复', revoke: '撤销', halt: '应急暂停' },
  rules: { 'within-scenario': '不超出应用场景' },
  fields: {},
  choices: {},
  messages: {},
};
