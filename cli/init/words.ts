// SPDX-License-Identifier: Apache-2.0
import type { Lang } from '../lang.js';
import type { RowProblemCode } from './organizations-file.js';

type Texts = Readonly<Record<string, Readonly<Record<Lang, string>>>>;

/** What is wrong with a row of the organisations, and what to do. */
export const rowTexts: Readonly<Record<RowProblemCode, Readonly<Record<Lang, string>>>> = {
  unreadable: { 'zh-CN': '无法读取：{why}', en: 'it cannot be read: {why}' },
  'unknown-column': {
    'zh-CN': '不认识的列 {column}：可用的列为 {columns}',
    en: 'there is no column {column}: there are {columns}',
  },
  'missing-column': { 'zh-CN': '缺少列 {columns}：补充', en: 'columns {columns} are missing: add them' },
  empty: { 'zh-CN': '{column} 为空：填写', en: '{column} is empty: fill it in' },
  'bad-code': {
    'zh-CN': '{code} 不是统一社会信用代码：与登记证核对，末位为校验码',
    en: '{code} is no unified social credit code: compare it with the certificate; the last character is a check',
  },
  twice: {
    'zh-CN': '{code} 出现两次：一个机构一行，角色用顿号隔开',
    en: '{code} is there twice: one row an organisation, roles separated by 、',
  },
  'unknown-role': {
    'zh-CN': '没有角色 {role}：可用的角色为 {roles}',
    en: 'there is no role {role}: there are {roles}',
  },
  'unknown-office': {
    'zh-CN': '没有监管职能 {office}：可用的为 {offices}',
    en: 'there is no office {office}: there are {offices}',
  },
  'no-founder': {
    'zh-CN': '没有数据主管部门：创始机构应当是其中一行',
    en: 'no row is a 数据主管部门 (data-authority): the one that founds the ledger has to be among them',
  },
};

/** What `yuanliu init` prints. */
export const initTexts = {
  title: {
    'zh-CN': '源流 · 初始化（可以重复执行，已完成的步骤不会重复写入）',
    en: 'Yuanliu · first hour (repeat it at will: what is done is not done again)',
  },
  ledger: { 'zh-CN': '1/6 账本：{kind}，数据目录 {data}', en: '1/6 ledger: {kind}, folder {data}' },
  embedded: {
    'zh-CN':
      '    内嵌账本，仅供体验，不具证据效力。正式使用请用 Fabric 网络：docs/operations.md，然后 yuanliu init --config FILE',
    en: '    The embedded ledger has no evidential value. For real use bring up a Fabric network: docs/operations.md, then yuanliu init --config FILE',
  },
  founded: {
    'zh-CN': '2/6 创始：{name}（{code}）已登记为数据主管部门，交易 {txId}',
    en: '2/6 founded: {name} ({code}) admitted itself as data-authority, transaction {txId}',
  },
  wasFounded: { 'zh-CN': '2/6 创始：{name}（{code}）此前已经完成', en: '2/6 founded: {name} ({code}) did it before' },
  adopted: {
    'zh-CN': '3/6 规则库：已采用 {file}，第 {version} 版',
    en: '3/6 rulebook: {file} is in force, version {version}',
  },
  wasAdopted: { 'zh-CN': '3/6 规则库：{file} 此前已经采用', en: '3/6 rulebook: {file} was adopted before' },
  admitted: {
    'zh-CN': '4/6 准入：新准入 {added} 个机构，{before} 个此前已经准入',
    en: '4/6 organisations: {added} admitted now, {before} before',
  },
  admission: { 'zh-CN': '    {name}（{code}）', en: '    {name} ({code})' },
  differs: {
    'zh-CN': '    ! {name}（{code}）在账本上的名称、MSP 或者角色与文件不同，未作变更：核对文件第 {line} 行',
    en: '    ! {name} ({code}) has another name, MSP or roles on the ledger; nothing was changed: check line {line} of the file',
  },
  users: {
    'zh-CN': '5/6 用户：{count} 个账户，列于 {data}/run.json',
    en: '5/6 users: {count} accounts, listed in {data}/run.json',
  },
  user: { 'zh-CN': '    {role} · {name} · {user}', en: '    {role} · {name} · {user}' },
  elsewhere: {
    'zh-CN': '    ! {name}（{msp}）的用户由该成员自己的网关建立：yuanliu identity enrol 岗位 --organization {code}',
    en: "    ! users of {name} ({msp}) are made at that member's own gateway: yuanliu identity enrol POST --organization {code}",
  },
  oidc: { 'zh-CN': '    令牌由 OpenID 提供方签发', en: '    tokens come from the OpenID provider' },
  checked: {
    'zh-CN': '6/6 检查：{blocks} 个区块、{transactions} 笔交易，区块、状态和索引一致',
    en: '6/6 checked: {blocks} blocks, {transactions} transactions; blocks and index agree',
  },
  next: {
    'zh-CN': `下一步
  1. 启动网关：yuanliu serve --data {data}
  2. 取得令牌（内置签发，限演示和开发）：export YUANLIU_TOKEN=$(yuanliu token data-authority {user} --data {data})
  3. 看看有什么待办：yuanliu worklist --data {data}
  4. 部门上链：yuanliu import FILE.csv --data {data}（使用部门的令牌）
  5. 备份：yuanliu backup FILE --data {data}`,
    en: `next
  1. start the gateway: yuanliu serve --data {data}
  2. get a token (built-in issuer: for trials and development): export YUANLIU_TOKEN=$(yuanliu token data-authority {user} --data {data})
  3. see what waits: yuanliu worklist --data {data}
  4. departments put items on chain, with their token: yuanliu import FILE.csv --data {data}
  5. back it up: yuanliu backup FILE --data {data}`,
  },
  otherRegion: {
    'zh-CN': '{name} 的区划 {own} 不含规则库的区划 {region}：改正其一，尚未写入任何内容',
    en: 'the region {own} of {name} does not cover that of the rulebook, {region}: mend one of them; nothing was written',
  },
  running: {
    'zh-CN': '{data} 上的网关正在运行：先停止它，再重新执行',
    en: 'a gateway runs on {data}: stop it first, then repeat this',
  },
  ask: { 'zh-CN': '{what}：', en: '{what}: ' },
  rulebookFile: { 'zh-CN': '规则库文件', en: 'rulebook file' },
  organizationsFile: { 'zh-CN': '机构文件（CSV 或 YAML）', en: 'file of organisations (CSV or YAML)' },
  missing: {
    'zh-CN': '缺少 {option}：给出文件，例如 {example}',
    en: '{option} is missing: name a file, such as {example}',
  },
  faulty: {
    'zh-CN': '{count} 处问题，尚未写入任何内容：改正后重新执行',
    en: '{count} problems, and nothing was written: mend them and repeat',
  },
} as const satisfies Texts;
