// SPDX-License-Identifier: Apache-2.0
import type { TranslatedKind } from '../words.js';
import type { externalInput as english } from '../en/external-input.js';

export const externalInput: TranslatedKind<typeof english> = {
  title: '外部数据',
  states: { declared: '已申报', withdrawn: '已撤回' },
  acts: { declare: '申报', withdraw: '撤回' },
  rules: {},
  fields: { title: '数据名称', source: '来源', from: '来源类别／起始时间', name: '来源名称', holder: '持有者' },
  choices: { from: { national: '国家部委', 'other-region': '其他地区', 'non-public': '非公共数据', open: '开放数据' } },
  messages: { 'period-ends-early': ['期限的终止须晚于起始'] },
};
