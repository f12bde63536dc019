// SPDX-License-Identifier: Apache-2.0
import type { FileProblemCode } from 'yuanliu-gateway/rulebook-files/problems';
import type { FileRemarkCode } from 'yuanliu-gateway/rulebook-files/read';
import type { Lang } from './lang.js';

type Texts<Code extends string> = Readonly<Record<Code, Readonly<Record<Lang, string>>>>;

/** What is wrong with a rulebook file, and what to do. */
export const problemTexts: Texts<FileProblemCode> = {
  unreadable: {
    'zh-CN': '文件无法读取（{why}）：检查文件名和编码',
    en: 'the file cannot be read ({why}): check its name and encoding',
  },
  'not-text': {
    'zh-CN': '文件的文字编码无法辨认：另存为 UTF-8',
    en: 'its bytes are no text in a known encoding: save it as UTF-8',
  },
  'not-yaml': { 'zh-CN': '不是 YAML：{why}', en: 'it is not YAML: {why}' },
  malformed: { 'zh-CN': '格式不符：{why}', en: 'it is not well-formed: {why}' },
  'unknown-rule': {
    'zh-CN': '合约没有规则 {rule}：检查拼写，或者删去',
    en: 'the contract knows no rule {rule}: check its spelling, or leave it out',
  },
  'missing-rule': {
    'zh-CN': '缺少规则 {rule}：补充其依据和要求，否则该规则不会执行',
    en: 'rule {rule} is missing: add its basis and requirement, or it would not be applied',
  },
  'no-origin': {
    'zh-CN': '未注明来源：写 origin: law 并附 source 和 article，或者 origin: local 并附 why',
    en: 'it has no origin: write origin: law with source and article, or origin: local with why',
  },
  'law-without-article': {
    'zh-CN': '注明为法定，但没有出处：补充 source 和 article',
    en: 'it is said to be law, of no article: add source and article',
  },
  'no-reason': { 'zh-CN': '没有理由：补充 why', en: 'it gives no reason: add why' },
  'unknown-source': {
    'zh-CN': 'sources 中没有 {source}：补充该文件，或者改正名称',
    en: '{source} is not among sources: add it, or mend the name',
  },
  'bad-period': {
    'zh-CN': '{value} 不是期限：写 20wd（工作日）、30d 或者 P3Y',
    en: '{value} is no period: write 20wd (working days), 30d or P3Y',
  },
  'not-recordable': {
    'zh-CN': '规则 {rule} 不能设补正期限：改为 refuse',
    en: 'rule {rule} cannot be given a due date: make it refuse',
  },
  'due-without-period': {
    'zh-CN': '规则 {rule} 没有补正期限：补充 dueWithin',
    en: 'rule {rule} has no due date: add dueWithin',
  },
  'period-without-due': {
    'zh-CN': '规则 {rule} 有 dueWithin，但不是 mode: due：改正其一',
    en: 'rule {rule} has dueWithin and is not mode: due: mend one of them',
  },
  'always-applied': {
    'zh-CN': '规则 {rule} 不能设为不适用',
    en: 'rule {rule} always applies: it cannot be not-applicable',
  },
  'no-calendar': {
    'zh-CN': '期限以工作日计，但没有 calendar：补充各年节假日安排',
    en: 'a period is in working days and there is no calendar: add the holidays of its years',
  },
};

/** What must be known of a rulebook file before it is adopted. */
export const remarkTexts: Texts<FileRemarkCode> = {
  local: { 'zh-CN': '由本地规定，采用前核定：{why}', en: 'a local decision, to be confirmed before adoption: {why}' },
  illustrative: { 'zh-CN': '仅为示例，正式使用前更换：{why}', en: 'an example, to be replaced before real use: {why}' },
  'source-ended': {
    'zh-CN': '{title} 已于 {until} 失效：核对是否有新规定',
    en: '{title} ended on {until}: look for what took its place',
  },
  'calendar-ends': {
    'zh-CN': '节假日安排到 {day} 为止：国务院公布 {next} 年安排后补充',
    en: 'working days are known until {day}: add {next} once the State Council has published its holidays',
  },
};

/** The other texts of `yuanliu rulebook`. */
export const rulebookTexts = {
  fits: {
    'zh-CN': '{file}：符合本合约，可以采用（{rules} 条规则）',
    en: '{file} fits this contract and can be adopted ({rules} rules)',
  },
  faulty: { 'zh-CN': '{count} 处问题：改正后再采用', en: '{count} problems: mend them before you adopt it' },
  same: { 'zh-CN': '两者相同。', en: 'They say the same.' },
  changes: { 'zh-CN': '{count} 处不同：', en: '{count} differences:' },
  none: { 'zh-CN': '（无）', en: '(none)' },
  concerns: { 'zh-CN': '涉及 {roles}：{acts}', en: 'for {roles}: {acts}' },
  everyone: { 'zh-CN': '各参与主体', en: 'every role' },
  more: { 'zh-CN': '等 {count} 项', en: 'and {count} more' },
  adopted: {
    'zh-CN': '已采用：rulebook/city 第 {version} 版，交易 {txId}',
    en: 'adopted: rulebook/city version {version}, transaction {txId}',
  },
  unchanged: { 'zh-CN': '已经采用此规则库，未作变更。', en: 'This rulebook is in force already: nothing was changed.' },
  foretold: { 'zh-CN': '试运行：将会采用，未写入任何内容。', en: 'Dry run: it would be adopted; nothing was written.' },
  next: {
    'zh-CN': '下一步：yuanliu worklist --as data-authority；尚未准入的机构见 yuanliu init',
    en: 'next: yuanliu worklist --as data-authority; organisations to admit: yuanliu init',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Lang, string>>>>;
