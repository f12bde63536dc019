// SPDX-License-Identifier: Apache-2.0
import type { Translation } from '../catalogue.js';
import type { engine as english } from '../en/engine.js';

export const engine: Translation<typeof english> = {
  'stored-text': ['{message}', '{remedy}'],
  refused: ['“{act:act}”（{ref:ref}）不予办理：{why:message}', '{why:remedy}'],
  'calendar-ends': [
    '工作日只能推算到 {until}：规则库没有 {next} 年的节假日安排，跨入 {next} 年的工作日期限无法推算',
    '国务院办公厅公布 {next} 年放假安排后，请及时修订规则库的 calendar（rulebook:amend）',
  ],
  'no-calendar': ['规则库没有 {year} 年的节假日安排，无法推算工作日', '请数据主管部门在规则库的日历中补充 {year} 年'],
  'before-go-live': ['{at:time} 账本尚未上线（{goLive:time} 起上线），当时何者有效以材料为准', '请查阅报告所附材料'],
  'more-breaches': ['……另有 {count} 处同类问题', '先改正已列明的，再次提交'],
  'batch-full': ['加上这一项，本批写入将超过 {bytes} 字节', '请把这一项及其后各项放入另一批提交'],
  'batch-too-long': ['本批超过 {bytes} 字节', '请分成几批提交'],
  'batch-unfit': [
    '本批格式不正确',
    '请提交含 `acts` 列表的 JSON 对象，每项含 `act`、`id`、`input`：最多 {acts} 项、{bytes} 字节',
  ],
  'no-such-act': ['没有 {act} 这一事项', '事项写作 kind:act，例如 resource:anchor'],
};
