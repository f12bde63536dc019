// SPDX-License-Identifier: Apache-2.0
/** The roles in the words of the regulation. */
export const roleLabels: Readonly<Record<string, string>> = {
  'data-authority': '数据主管部门',
  registrar: '登记机构',
  'implementing-agency': '实施机构',
  operator: '运营机构',
  developer: '开发主体',
  department: '行业主管部门',
  supplier: '业务实施主体',
  supervisor: '监管部门',
  platform: '接入平台',
};

/** The states of every kind in Chinese: kind → state → label. A kind or state that is added gets its label here. */
export const stateLabels: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  rulebook: { 'in-force': '施行' },
  organization: { admitted: '已准入', suspended: '已暂停' },
  resource: { anchored: '已上链', catalogued: '已编目', graded: '已定级', withdrawn: '已撤回' },
  registration: {
    applied: '已申请',
    'supplement-requested': '待补正',
    accepted: '已受理',
    declined: '不予受理',
    withdrawn: '已撤回',
    passed: '审核通过',
    failed: '审核未通过',
    publicized: '公示中',
    objected: '有异议',
    coded: '已赋码',
    superseded: '已被替代',
    cancelling: '准予注销',
    completed: '注销办结',
    cancelled: '已注销',
    revoked: '已撤销',
  },
  catalogue: { compiled: '已编制', published: '已发布', merged: '已并入' },
  confirmation: { given: '已确认' },
  plan: { drafted: '已编制', approved: '已批复', superseded: '已被替代' },
  agreement: {
    proposed: '已拟订',
    signed: '已签订',
    halted: '应急暂停',
    suspended: '已暂停',
    revoked: '已撤销',
    terminated: '已终止',
    exited: '已退出',
  },
  scenario: {
    applied: '已申请',
    returned: '已退回',
    declined: '不予提交',
    forwarded: '已提交实施机构',
    approved: '评估通过',
    rejected: '评估未通过',
  },
  grant: { 'in-force': '有效', halted: '应急暂停', suspended: '已暂停', revoked: '已撤销' },
  'external-input': { declared: '已申报', withdrawn: '已撤回' },
  product: {
    developed: '已开发',
    graded: '已定级',
    cleared: '准予出域',
    'release-requested': '已申请发布',
    returned: '已退回',
    checked: '审核通过',
    released: '已发布',
    withdrawn: '已撤回',
  },
  delivery: { delivered: '已交付', confirmed: '已签收', refused: '已拒收' },
  usage: { permitted: '已准许', recorded: '已记录' },
  finding: {
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
};

/** A role for people: its label, with the code that commands take. A role that has no label is its code. */
export function roleText(role: string): string {
  const label = Object.hasOwn(roleLabels, role) ? roleLabels[role] : undefined;
  return label === undefined ? role : `${label} ${role}`;
}

/** A state for people, as {@link roleText}. */
export function stateText(kind: string, state: string): string {
  const states = Object.hasOwn(stateLabels, kind) ? stateLabels[kind] : undefined;
  const label = states && Object.hasOwn(states, state) ? states[state] : undefined;
  return label === undefined ? state : `${label} ${state}`;
}
