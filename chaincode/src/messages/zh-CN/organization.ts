// SPDX-License-Identifier: Apache-2.0
import type { TranslatedKind } from '../words.js';
import type { organization as english } from '../en/organization.js';

export const organization: TranslatedKind<typeof english> = {
  title: '参与主体',
  states: { admitted: '已准入', suspended: '已暂停' },
  acts: {
    admit: '准入',
    qualify: '资质认定',
    'declare-control': '控制关系申报',
    'end-control': '控制关系终止',
    'contest-control': '控制关系异议',
    'determine-control': '控制关系认定',
    suspend: '暂停',
    reinstate: '恢复',
  },
  rules: {
    'developer-qualified': '开发主体资质',
    'control-determined': '控制关系由职能部门认定',
    'suspended-by-its-agency': '由实施机构暂停',
  },
  fields: {
    basis: '依据',
    since: '自何时起',
    share: '持股比例',
    under: '依据的协议或者场景',
    state: '国有股权',
    result: '认定结果',
  },
  choices: {
    basis: { equity: '股权', personnel: '人事', contract: '协议' },
    result: { stands: '成立', struck: '不成立' },
  },
  messages: {
    'not-a-code': ['{id} 不是统一社会信用代码', '请对照登记证照核对：末位是校验码'],
    'founder-admits-itself': [
      '创建账本的单位须以数据主管部门角色、在自身 MSP 下准入',
      '请填写数据主管部门角色及其证书所属 MSP',
    ],
    'developer-not-qualified': ['{organization} 尚未取得开发主体资质', '请实施机构办理资质认定'],
    'suspends-itself': ['单位不得暂停自身：暂停后无法自行恢复', '请由其他数据主管部门办理'],
    'not-its-agency': [
      '{organization} 与 {agency} 没有协议，也未依据其资质认定开展活动',
      '请数据主管部门办理；较早的协议或者场景，请在 under 中载明',
    ],
    'controls-itself': ['单位不得申报控制自身', '请如实申报一次，并注明起止日期'],
    'control-declared': ['{controller} 对 {below} 的控制关系已申报', '请勿重复申报'],
    'control-not-declared': ['未申报 {controller} 对 {below} 的控制关系', '请核对双方代码和依据'],
    'control-not-ended': [
      '没有可于 {until:time} 终止的控制关系申报（{controller} 对 {below}）',
      '请核对双方代码、依据和日期',
    ],
    'control-determined-already': [
      '{controller} 对 {below} 的控制关系已经认定，由认定部门确定其终止',
      '请向认定部门提出',
    ],
    'control-not-contestable': [
      '{controller} 对 {below} 的控制关系不是对方的有效申报，或者已提出异议',
      '请对对方的申报提出异议，一次即可',
    ],
    'control-end-unfit': ['终止时间 {until:time} 不成立', '请填写成立的控制关系的终止时间，且晚于起始'],
    'date-ahead': ['{at:time} 晚于账本时间 {now:time}', '请只申报现在和过去的情况'],
    'not-market-office': ['{organization} 不是市场监管部门', '请由数据主管部门或者市场监管部门认定'],
    'party-of-control': ['{organization} 是该控制关系的一方', '请由其他部门认定'],
    'names-one-party': ['须且只须填写 controller（控制方）或者 over（被控制方）之一'],
    'not-a-share': ['不是比例，应如 0.51'],
    'not-an-msp': ['不是 MSP 标识，应如 DepartmentMSP'],
  },
};
