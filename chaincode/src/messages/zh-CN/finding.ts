// SPDX-License-Identifier: Apache-2.0
import type { TranslatedKind } from '../words.js';
import type { finding as english } from '../en/finding.js';

export const finding: TranslatedKind<typeof english> = {
  title: '监管发现问题',
  states: {
    open: '已立案',
    alerted: '已预警',
    incident: '事件处置中',
    served: '已送达',
    ordered: '责令整改',
    rectified: '已整改',
    verified: '复核通过',
    appealed: '已申诉',
    closed: '已办结',
  },
  acts: {
    raise: '提出',
    serve: '送达',
    'order-rectification': '责令整改',
    rectified: '整改',
    verify: '复核',
    appeal: '申诉',
    'decide-appeal': '申诉裁定',
    close: '办结',
    alert: '预警',
    incident: '事件报告',
    open: '立案',
    clue: '线索',
  },
  rules: {
    'finding-handled-by-another': '回避',
    'rectified-in-time': '按期整改',
    'appeal-ruled-by-another': '申诉由他人裁定',
    'emergency-measure': '应急措施',
  },
  fields: { summary: '摘要', result: '结论', from: '原状态', rules: '违反的规则', outcome: '办理结果' },
  choices: {
    result: { pass: '通过', fail: '不通过', upheld: '成立', dismissed: '不成立' },
    from: { served: '已送达', ordered: '责令整改' },
  },
  messages: {
    'is-concerned': ['{organization} 是当事人', '请由其他监管单位办理'],
    'is-reporter': ['{organization} 是报告人', '请由其他监管单位办理'],
    'rectified-late': ['整改期限为 {due:time}', '请说明逾期原因'],
    'rectified-before-order': ['整改早于责令整改的时间 {at:time}', '请报告责令之后的整改'],
    'ruled-by-itself': ['{organization} 是提出或者责令整改的单位', '请由其他监管单位裁定'],
    'not-to-halt': ['{link:ref} 未生效，或者 {organization} 无权暂停', '请向其实施机构或者监管部门提出'],
    'halted-before': [
      '{organization} 已因{incident:ref}采取措施，尚未办结',
      '请由监管部门先行办结，或者由其采取措施（finding:close）',
    ],
    'halt-too-long': [
      '措施至 {until:time}；自 {since:time} 起，未经确认的措施最长至 {latest:time}',
      '请由实施机构确认（暂停）或者解除，此后方可再次采取',
    ],
    'halt-over': ['措施终止时间 {until:time} 已过', '请填写将来的终止时间'],
    'not-any-ref': ['不是引用，应如 usage/ID'],
  },
};
