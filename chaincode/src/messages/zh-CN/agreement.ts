// SPDX-License-Identifier: Apache-2.0
import type { TranslatedKind } from '../words.js';
import type { agreement as english } from '../en/agreement.js';

export const agreement: TranslatedKind<typeof english> = {
  title: '授权运营协议',
  states: {
    proposed: '已拟订',
    signed: '已签订',
    halted: '应急暂停',
    suspended: '已暂停',
    revoked: '已撤销',
    terminated: '已终止',
    exited: '已退出',
  },
  acts: {
    propose: '拟订',
    sign: '签订',
    file: '备案',
    amend: '变更',
    'sign-amendment': '签署变更',
    suspend: '暂停',
    resume: '恢复',
    revoke: '撤销',
    terminate: '终止',
    exit: '退出',
    halt: '应急暂停',
  },
  rules: {
    'same-text-signed': '签订同一文本',
    'amendment-agreed': '变更经双方签订',
    'agreement-filed': '协议备案',
    'exit-held': '退出后不再持有',
  },
  fields: { changes: '变更内容', held: '仍持有' },
  choices: {},
  messages: {
    'other-text-signed': ['对方签订的文本是 {digest}', '请签订同一文本，或者请对方先签订本方文本'],
    'no-amendment': ['没有待签署的变更', '请先提出变更（agreement:amend）'],
    'proposer-signed': ['提出变更的一方视为已签署', '请由对方签署'],
    'other-amendment': ['提出的变更文本是 {digest}', '请签署该文本，或者另行提出'],
    'to-be-filed': ['{agreement:ref} 应于 {until:time} 前备案', '请办理备案（agreement:file）'],
    'still-held': ['仍持有 {count} 项：{subjects:ref[]}', '请返还或者销毁，并报告'],
    'amendment-empty': ['变更须有内容'],
    'handover-too-long': ['超过 {most} 个字符（JSON），其余请另行报告（agreement:exit）'],
  },
};
