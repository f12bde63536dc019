// SPDX-License-Identifier: Apache-2.0
import type { Translation } from 'yuanliu-chaincode/messages';
import type { frame as english } from '../en/frame.js';

export const frame: Translation<typeof english> = {
  'about-yuanliu': ['源流：公共数据从哪里来、到哪里去、依据什么、由谁负责'],
  'exit-codes': ['退出码：0 完成 · 1 失败 · 2 用法错误 · 3 网关不予办理，或导入有行未上链 · 4 没有网关应答'],
  'help-more': ['（`yuanliu help COMMAND` 查看用法）'],
  'about-help': ['查看命令的用法，例如 `help identity register`、`help act resource:anchor`'],
  'not-utf8': ['参数不是 UTF-8：请使用 UTF-8 终端，或将内容写入文件（@FILE）并用 --encoding 写明编码'],
  'no-command': ['没有命令 {words}：`yuanliu help` 可列出全部命令'],
  'no-path': ['没有 {path}：请核对名称'],
  'rule-line': ['  规则 {rule}'],
  'who-asks': ['请写明由谁办理：演示中用 --as ACCOUNT，否则用 --token JWT 附上本组织的令牌'],
  'option-help': ['查看用法'],
  'option-lang': ['输出语言，zh-CN 或 en；默认按 LC_ALL、LANG，否则为 zh-CN'],
  examples: ['示例：'],
  example: ['示例：'],
  'command-unknown': ['错误：没有命令 {word}：`yuanliu help` 可列出全部命令'],
  'option-unknown': ['错误：没有选项 {word}：--help 可列出全部选项'],
  'argument-missing': ['错误：缺少参数 {word}：请用 --help 查看'],
  'option-missing': ['错误：必须填写选项 {word}'],
  'option-empty': ['错误：选项 {word} 需要填写值'],
  'too-many-arguments': ['错误：参数过多：请用 --help 查看'],
  'value-unfit': ['错误：{word} 不是可用的值：请用 --help 查看'],
};
