// SPDX-License-Identifier: Apache-2.0
import type { Translation } from 'yuanliu-chaincode/messages';
import type { index as english } from '../en/index-messages.js';

const MEND = '请改正 issues 所列参数';

export const index: Translation<typeof english> = {
  'index-unavailable': ['索引暂时不可用', '请稍后再试'],
  'reference-unknown': ['{ref} 不存在，或无权查看', '请核对编号'],
  'nothing-indexed': ['尚未编入任何索引', '请稍后再试'],
  'not-indexed': ['区块 {block} 尚未编入索引，最后一个是 {last}', '请稍后再试'],
  'not-indexed-in-time': ['区块 {block} 在 {ms} 毫秒内未编入索引', '请稍后再试'],
  'not-a-digest-here': ['摘要应为 sha256: 或 sm3: 加 64 位小写十六进制数', MEND],
  'no-kind': ['没有 {kind} 这类记录；现有：{kinds}', MEND],
  'changed-too-much': [
    '自区块 {block} 起已有超过 {most} 个 {kinds} 变更：请按 id 排序，或去掉 asOf 和 cursor 重新开始',
    MEND,
  ],
  'no-state': ['{kind:kind}没有状态 {state}；现有：{states}', MEND],
  'no-filter': ['{kind:kind}没有筛选项 {name}；现有：{filters}', MEND],
  'not-of-type': ['{name} 应为 {type}，不是 {value}', MEND],
  'not-our-cursor': ['这不是本请求的 cursor：请原样取自上一页，其余参数不变，或重新开始', MEND],
  'not-a-reference': ['记录编号写作 kind/ID 或 kind/ID@version，例如 product/P-1@2', MEND],
  'limit-out-of-range': ['limit 应为 1 至 {most} 的数', MEND],
  'as-of-unfit': ['asOf 应为区块号或 RFC 3339 时间，例如 2026-01-31T08:00:00Z', MEND],
  'as-of-before': ['账本起始于 {at:time} 之后', MEND],
  'as-of-number': ['asOf 应为不小于 0 的区块号', MEND],
  'depth-out-of-range': ['depth 应为不小于 1 的数', MEND],
  'not-a-trace-cursor': ['这不是溯源查询的 cursor', MEND],
};
