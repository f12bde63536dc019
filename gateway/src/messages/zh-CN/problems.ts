// SPDX-License-Identifier: Apache-2.0
import type { Translation } from 'yuanliu-chaincode/messages';
import type { problems as english, titles as englishTitles } from '../en/problems.js';

/** Titles of the problem types. */
export const titles: Readonly<Record<keyof typeof englishTitles, string>> = {
  INPUT_INVALID: '填报内容不符合要求',
  UNKNOWN_PARAMETER: '查询参数不存在',
  NOT_JSON: '请求体不是 JSON',
  UNAUTHENTICATED: '需要有效的令牌',
  FORBIDDEN: '无权办理',
  NOT_FOUND: '不存在，或无权查看',
  METHOD_NOT_ALLOWED: '不支持这一请求方法',
  TOO_SLOW: '请求未能及时送达',
  BATCH_FULL: '一批事项写入过多',
  EXISTS: '编号已被使用',
  WRONG_STATE: '当前状态下不能办理',
  CONFLICT: '记录同时被他人更改',
  GONE: '该位置属于另一条链',
  VERSION_CONFLICT: '记录已有新版本',
  TOO_LARGE: '请求体过大',
  UNSUPPORTED_MEDIA: '请求体的媒体类型不符',
  KEY_REUSED: '幂等键已用于另一请求',
  REFUSED: '违反规则库的规则，不予办理',
  RATE_LIMITED: '请求过多',
  INTERNAL: '网关故障',
  OVERLOADED: '在办请求过多',
  UNAVAILABLE: '账本或索引尚不可用',
  DEADLINE: '账本未能及时完成，未作任何更改',
  COMMIT_UNKNOWN: '交易结果未知',
  NO_SPACE: '网关无法写入磁盘',
};

export const problems: Translation<typeof english> = {
  'unforeseen-failure': ['发生未预料的故障，已按本请求编号记入日志', '请凭请求编号报告'],
  'disk-full': ['网关无法写入磁盘，磁盘可能已满；未作任何更改', '请网关管理员清理数据所在磁盘，再重新提交'],
  'kept-changing': ['其他交易不断更改同一记录', '请重新读取；如仍可办理，再次提交'],
  'commit-unknown': [
    '交易 {txId} 已送排序，是否上链尚不明确',
    '请查看 /api/v1/transactions/{txId}，或以同一 Idempotency-Key 再次提交',
  ],
  'identity-not-taken': ['账本不接受该身份的交易', '请所在组织重新签发证书'],
  'ledger-too-slow': [
    '账本未能及时完成，未作任何更改',
    '请减少一次提交的条目或来源；如小请求也同样缓慢，请告知网关管理员',
  ],
  'peers-disagree': ['各节点结果不一致，未作任何更改', '请稍后再试；如持续发生，请告知网关管理员'],
  'ledger-unreachable': ['无法连接账本，未作任何更改', '请稍后再试；如持续发生，请告知网关管理员'],
  'body-over-limit': ['请求体超过 {limit} 字节', '请减少内容，或分成几次提交'],
  'body-too-large': ['请求体超过上限', '请减少内容，或分成几次提交'],
  'content-encoding-unknown': ['不支持请求体的内容编码', '请检查请求'],
  'request-malformed': ['无法读取请求：转义或长度有误', '请检查请求'],
  'body-unreadable': ['无法读取请求体：{why:message}', '{why:remedy}'],
  'large-bodies-wait': ['本组织已有 {most} 个大请求体等待读取', '请逐个提交'],
};
