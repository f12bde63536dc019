// SPDX-License-Identifier: Apache-2.0
import type { TranslatedKind } from '../words.js';
import type { confirmation as english } from '../en/confirmation.js';

export const confirmation: TranslatedKind<typeof english> = {
  title: '目录确认',
  states: { given: '已确认' },
  acts: { confirm: '确认' },
  rules: {},
  fields: {},
  choices: {},
  messages: {},
};
