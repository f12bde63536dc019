// SPDX-License-Identifier: Apache-2.0
import type { TranslatedKind } from '../words.js';
import type { rulebook as english } from '../en/rulebook.js';

export const rulebook: TranslatedKind<typeof english> = {
  title: '规则库',
  states: { 'in-force': '施行' },
  acts: { adopt: '采用', amend: '修订' },
  rules: {},
  fields: {
    title: '规则库名称',
    source: '依据文件',
    parts: '必备事项',
    domains: '领域词表',
    purposes: '用途词表',
    notApplicable: '不适用的规则',
  },
  choices: {},
  messages: {
    'rulebook-id': ['一个通道只有一个规则库 rulebook/{id}', '请使用该编号'],
    'rulebook-no-calendar': ['以工作日计的期限须有相应年份的日历（calendar）', '请补充相应年份的节假日安排'],
    'rule-missing': ['缺少规则“{rule:rule}”（{rule}）', '请补充其条款和要求'],
    'rule-unknown': ['本合约没有规则 {rule}', '请予删去'],
    'rule-not-recordable': ['规则“{rule:rule}”（{rule}）不得设补正期限：只能拒绝或者记录', '请删去 dueWithin'],
    'rule-always-applies': ['规则“{rule:rule}”（{rule}）一律适用，任何地区不得取消', '请删去取消该规则的内容'],
    'rulebook-unfit': ['规则库与本合约不符', '请逐条载明本合约的全部规则，不得多列'],
  },
};
