// SPDX-License-Identifier: Apache-2.0
import type { TranslatedKind } from '../words.js';
import type { usage as english } from '../en/usage.js';

export const usage: TranslatedKind<typeof english> = {
  title: '使用记录',
  states: { permitted: '已准许', recorded: '已记录' },
  acts: { request: '使用申请', record: '使用', anchor: '批量存证', correct: '更正计量', meter: '计量入账' },
  rules: {
    'within-quota': '不超额度',
    'batch-throughout': '批次全程有权',
    'inside-permit': '与准许一致',
    'batch-continues': '批次首尾相接',
    'correction-takes-back': '更正只减不增',
  },
  fields: {
    action: '行为',
    since: '首次使用时间',
    subject: '使用对象',
    metering: '计量方式',
    reports: '使用报告',
    unmetered: '待计量',
    inside: '在授权链内',
  },
  choices: { metering: { later: '随后计量' } },
  messages: {
    'corrects-upward': ['原报告计 {before} 次，更正后为 {asked} 次', '更正只能减少；漏报的请另行报告（usage:record）'],
    'corrects-own': ['{organization} 不得更正自身的报告', '请保持原状'],
    'used-before-permit': ['使用时间 {at:time} 早于准许时间 {since:time}', '请作为另一次使用报告'],
    'more-than-permitted': ['使用 {quantity} 次，准许 {permitted} 次', '请按实际使用申请准许'],
    'not-as-permitted': ['与准许不一致：{fields:field[]}', '请按实际使用申请准许'],
    'log-gap': ['日志 {log} 应从第 {expected} 条续起，不是第 {first} 条', '请补齐缺失的批次'],
    'log-root': ['前一批次的根是 {root}', '请填写前一批次的根'],
    'log-first': ['这是该日志的第一批', '请勿填写 previous'],
    'batch-inverted': ['起始时间 {since:time} 晚于终止', '请填写首次使用时间'],
    'batch-broken': ['批次期间 {at:time}，{why:message}', '请在授权终止处结束批次'],
  },
};
