// SPDX-License-Identifier: Apache-2.0
import type { TranslatedKind } from '../words.js';
import type { resource as english } from '../en/resource.js';

export const resource: TranslatedKind<typeof english> = {
  title: '公共数据资源',
  states: { anchored: '已上链', catalogued: '已编目', graded: '已定级', withdrawn: '已撤回' },
  acts: {
    anchor: '上链',
    catalogue: '编目',
    grade: '定级',
    revise: '修订',
    'change-sharing': '变更共享条件',
    regrade: '变更定级',
    withdraw: '撤回',
  },
  rules: { 'grade-not-below-items': '定级就高从严', 'lowered-by-decision': '降级须经决定' },
  fields: {
    title: '资源名称',
    type: '类型',
    code: '资源代码',
    basis: '依据',
    name: '信息项名称',
    document: '决定文件',
    approver: '批准人',
  },
  choices: {
    type: { unconditional: '无条件共享', conditional: '有条件共享', withheld: '不予共享', barred: '法律法规禁止共享' },
  },
  messages: {
    'id-of-another': ['编号 {ref:ref} 含有其他单位的代码 {other}', '请另选编号，或者使用本单位代码 {own}'],
    'below-its-items': ['定级低于其级别最高的信息项', '请按不低于最高信息项的级别定级'],
    'provider-suspended': ['{organization} 已被暂停', '请待恢复后办理'],
    lowers: ['降低了{what:text[]}', '请以“变更定级”办理，并载明依据和批准人（resource:regrade）'],
    'names-another-department': ['在禁止共享期间改指 {chosen} 以外的部门', '请先由原指定部门解除禁止'],
    'lifts-a-bar': ['解除法律法规的禁止共享', '请载明决定文件（document）和批准人（approver）'],
    'lifts-a-bar-as': [
      '禁止共享须由行业主管部门解除，不得由{role:role}解除',
      '请由指定其供数的部门（designatedBy）办理',
    ],
  },
};
