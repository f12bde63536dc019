// SPDX-License-Identifier: Apache-2.0
import type { Translation } from '../catalogue.js';
import type { chain as english } from '../en/chain.js';

export const chain: Translation<typeof english> = {
  'chain-broken': ['{why:message}', '请待授权链各环节全部有效后办理'],
  'link-missing': ['{ref:ref} 在 {at:time} 尚不存在'],
  'link-not-in-force': ['{ref:ref} 处于“{state:state}”状态'],
  'link-out-of-term': ['{ref:ref} 的有效期限为 {from:time} 至 {to:time}'],
  'some-link-broken': ['授权链中有环节未生效'],
  'product-cut': ['{ref:ref} 所依据的授权已中断', '请改用授权有效的产品'],
  'not-their-authority': ['{authority:ref} 不是 {actors:text[]} 的授权', '请依据本单位的授权办理'],
  'outside-resources': ['资源 {resource} 不在{link:ref}的资源范围内', '请在授权范围内办理，或者申请变更授权'],
  'outside-domains': [
    '资源 {resource} 属于{domain}领域，不在{link:ref}的领域范围内',
    '请在授权范围内办理，或者申请变更授权',
  ],
  'outside-purposes': [
    '用途“{purpose}”不在{link:ref}的用途范围内（{allowed:text[]}）',
    '请在授权范围内办理，或者申请变更授权',
  ],
  'outside-actions': [
    '行为“{action:choice}”不在{link:ref}的行为范围内（{allowed:choice[]}）',
    '请在授权范围内办理，或者申请变更授权',
  ],
  'outside-term': [
    '{at:time} 不在{link:ref}的期限内（{from:time} 至 {to:time}）',
    '请在授权期限内办理，或者申请变更授权',
  ],
  'not-in-catalogue': ['资源 {resource} 不在现行目录 {catalogue} 中', '请使用已发布目录中的资源'],
  'wider-catalogue': ['宽于{parent:ref}：目录应为 {allowed}，不是 {catalogue}', '请收窄到{parent:ref}的范围内'],
  'wider-domains': ['宽于{parent:ref}：领域{extra:text[]}超出{allowed:text[]}', '请收窄到{parent:ref}的范围内'],
  'wider-resources': ['宽于{parent:ref}：资源 {extra:text[]} 超出 {allowed:text[]}', '请收窄到{parent:ref}的范围内'],
  'wider-purposes': ['宽于{parent:ref}：用途{extra:text[]}超出{allowed:text[]}', '请收窄到{parent:ref}的范围内'],
  'wider-actions': ['宽于{parent:ref}：行为{extra:choice[]}超出{allowed:choice[]}', '请收窄到{parent:ref}的范围内'],
  'wider-resource-domain': ['宽于{parent:ref}：资源 {resource} 不在其领域范围内', '请收窄到{parent:ref}的范围内'],
  'wider-from': ['宽于{parent:ref}：起始时间 {at:time} 早于 {allowed:time}', '请收窄到{parent:ref}的期限内'],
  'wider-to': ['宽于{parent:ref}：终止时间 {at:time} 晚于 {allowed:time}', '请收窄到{parent:ref}的期限内'],
  'wider-quota': ['宽于{parent:ref}：额度 {asked} 超过 {allowed}', '请收窄到{parent:ref}的范围内'],
  'wider-fee-cap': ['宽于{parent:ref}：收费上限 {asked} 分超过 {allowed} 分', '请收窄到{parent:ref}的范围内'],
  'actions-left-out': ['授权行为未包括{missing:choice[]}，据此实施将构成违规', '如需实施，请补充{missing:choice[]}'],
  'parent-not-standing': ['{why:message}', '请待{parent:ref}有效后办理'],
  'share-full': [
    '{organization} 在{ref:ref}的“{list:field}”中已有 {most} 条，达到其份额',
    '请先处理已有各条，或者另建记录',
  ],
  'share-full-elsewhere': [
    '{organization} 在“{list:field}”中已有 {most} 条，达到其份额',
    '请数据主管部门先行处理已有各条',
  ],
  'own-matter': ['{organization} 不得办理与自身有关的事项', '请由其他单位办理'],
  'affiliate-decides': ['{organization} 与 {other} 存在关联关系：{path}', '由实施机构认定'],
  'resource-missing': ['资源 {resource} 不存在', '请先上链'],
  'resource-core': ['资源 {resource} 属于核心数据', '请予剔除'],
  'resource-barred': ['资源 {resource} 属于法律法规禁止共享的数据', '请予剔除'],
  'product-core': ['该产品按核心数据对待', '不得出域；已发布的请撤回'],
  'parts-missing': ['缺少必备事项：{parts:text[]}', '请补充，可填文字或者文件摘要'],
  'wind-down-ends': ['过渡安排的终止时间 {until:time} 不在现在至 {to:time} 之间', '请在期限内终止'],
  'wind-down-names': ['{ref:ref} 不在{link:ref}项下', '请只列其项下事项'],
};
