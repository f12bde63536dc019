// SPDX-License-Identifier: Apache-2.0
import type { TranslatedKind } from '../words.js';
import type { delivery as english } from '../en/delivery.js';

export const delivery: TranslatedKind<typeof english> = {
  title: '交付',
  states: { delivered: '已交付', confirmed: '已签收', refused: '已拒收' },
  acts: { deliver: '交付', confirm: '签收', refuse: '拒收' },
  rules: {
    'product-released': '产品已发布',
    'personal-delivered': '个人信息匿名化交付',
    'delivers-own': '由持有者交付',
    'exclusivity-clause': '排他条款',
    'received-as-sent': '签收与交付一致',
    'used-not-refused': '已使用不得拒收',
  },
  fields: { to: '接收方', from: '交付方', channel: '交付方式', digest: '交付内容摘要' },
  choices: {},
  messages: {
    'not-released': ['{product:ref} 在 {at:time} 不是已发布的产品', '请填写已发布的产品'],
    'delivered-personal': ['{product:ref} 含有未匿名化的个人信息', '请召回并匿名化后重新交付'],
    'not-held': ['{product:ref} 不由 {from} 持有', '请由持有者交付'],
    exclusive: ['附有排他条款', '提请市场监管部门关注'],
    'not-as-sent': ['交付内容的摘要是 {digest}', '请拒收（delivery:refuse）'],
    'used-already': ['{organization} 已使用{product:ref}', '请签收（delivery:confirm）；存在问题的，由交付方改正'],
  },
};
