// SPDX-License-Identifier: Apache-2.0
import type { TranslatedKind } from '../words.js';
import type { plan as english } from '../en/plan.js';

export const plan: TranslatedKind<typeof english> = {
  title: '实施方案',
  states: { drafted: '已编制', approved: '已批复', superseded: '已被替代' },
  acts: { draft: '编制', guide: '指导', approve: '批复', supersede: '被取代' },
  rules: {
    'district-consent': '区级方案经领导小组同意',
    'approved-as-laid': '按报送版本批复',
    'catalogue-own': '本机构目录',
    'superseded-by-approved': '由经批准的新方案替代',
    'plan-current': '依据现行方案',
  },
  fields: { title: '方案名称', version: '批复版本', by: '新方案' },
  choices: {},
  messages: {
    'district-without-consent': [
      '区（{region}）须经市数据发展管理工作领导小组同意',
      '请在 leadingGroup 中载明同意文件',
    ],
    'plan-moved-on': ['{ref:ref} 现为第 {version} 版，不是第 {asked} 版', '请阅后续编制的内容，按现行版本报批'],
    'not-a-catalogue-of': ['{catalogue} 不是 {agency} 编制的目录', '请由该机构编制，或者改用其已有目录'],
    'catalogue-is-section': ['{catalogue} 是目录的分册', '请填写整个目录：{whole}'],
    'no-other-plan': ['{by:ref} 不是本机构、本区划另一份已批复的方案', '请先报批新方案'],
    'goes-on-too-long': ['过渡期终止时间 {until:time} 不在现在至 {to:time} 之间', '请在本方案期限内终止'],
    'plan-of-another': ['{plan:ref} 属于其他实施机构或者区划', '请依据本机构的方案签订'],
    'plan-superseded': ['{plan:ref} 已被{by:ref}替代', '请依据新方案签订'],
  },
};
