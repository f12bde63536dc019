// SPDX-License-Identifier: Apache-2.0

/** Roles of organisations. */
export const roles = {
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

/** Rules that several kinds share. */
export const rules = {
  'decided-by-another': '由他人决定',
  'own-share': '列表份额',
  'acts-for-itself': '以自身名义行事',
  'organization-stands': '主体未被暂停',
  'in-vocabulary': '使用规定用语',
  'late-report': '及时报告',
  'wind-down-inside': '过渡安排',
  'chain-stands': '授权链有效',
  'within-chain': '不超授权范围',
  'not-wider': '逐级收窄',
  'actions-suffice': '授权行为完备',
  'parents-stand': '依据有效',
  'required-parts': '必备事项',
  'core-or-barred': '不含核心和禁止共享数据',
};

/** Values of enums that several kinds share, by field. */
export const choices = {
  role: roles,
  as: roles,
  office: {
    cyberspace: '网信',
    'development-reform': '发展改革',
    'public-security': '公安',
    finance: '财政',
    audit: '审计',
    market: '市场监管',
    'state-assets': '国资监管',
    ip: '知识产权',
  },
  class: { core: '核心', important: '重要', general: '一般' },
  actions: { develop: '开发', deliver: '交付', use: '使用' },
  form: { raw: '原始数据', dataset: '数据集', api: '接口', model: '模型', report: '报告', service: '服务' },
  use: { governance: '公共治理', welfare: '公益事业', industry: '产业和行业发展' },
  tier: { basic: '基础', derived: '再开发' },
  relation: {
    controls: '控制',
    'controlled-by': '受控于',
    'same-controller': '同受控制于',
    'perhaps-affiliated': '可能关联于',
  },
};

/** Why the contract says no. */
export const problems = {
  INPUT_INVALID: '填报内容不合规范',
  NOT_FOUND: '不存在，或者无权查看',
  EXISTS: '编号已被使用',
  WRONG_STATE: '当前状态下不能办理',
  VERSION_CONFLICT: '记录已有新版本',
  KEY_REUSED: '幂等键已用于其他请求',
  FORBIDDEN: '无权办理',
  REFUSED: '违反规则，不予办理',
};
