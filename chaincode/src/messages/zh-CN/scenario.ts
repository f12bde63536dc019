// SPDX-License-Identifier: Apache-2.0
import type { TranslatedKind } from '../words.js';
import type { scenario as english } from '../en/scenario.js';

export const scenario: TranslatedKind<typeof english> = {
  title: '应用场景方案',
  states: {
    applied: '已申请',
    returned: '已退回',
    declined: '不予提交',
    forwarded: '已提交实施机构',
    approved: '评估通过',
    rejected: '评估未通过',
  },
  acts: {
    apply: '申请',
    forward: '提交实施机构',
    return: '退回',
    decline: '不予提交',
    complain: '投诉',
    reapply: '重新申请',
    consult: '征求意见',
    opine: '出具意见',
    assess: '合规性评估',
  },
  rules: {},
  fields: {
    title: '场景名称',
    result: '评估结论',
    grant: '用数授权',
    id: '授权编号',
    act: '办理方式',
    opinion: '意见',
  },
  choices: { result: { approve: '通过', reject: '不通过' }, act: { return: '退回', decline: '不予提交' } },
  messages: {},
};
