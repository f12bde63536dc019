// SPDX-License-Identifier: Apache-2.0
import type { Translation } from 'yuanliu-chaincode/messages';
import type { text as english } from '../en/text.js';

const AS_CSV = '请打开文件，将工作表另存为“CSV UTF-8（逗号分隔）”';
const STATE = '命令行用 `--encoding`，HTTP 用 Content-Type 中的 `charset`';

export const text: Translation<typeof english> = {
  'is-xlsx': ['这是 Excel 工作簿（.xlsx）或其他 ZIP 压缩包，不是文本', AS_CSV],
  'is-xls': ['这是旧版 Excel 工作簿（.xls）或其他 Office 文件，不是文本', AS_CSV],
  'is-pdf': ['这是 PDF，不是文本', '请以 CSV 提交其原表'],
  'is-compressed': ['这是压缩文件（{format}），不是文本', '请先解压'],
  'two-readings': [
    '按 {one}（{first}）和 {other}（{second}）都可读出文本',
    `请写明编码（${STATE}），例如 {example}；或另存为带字节顺序标记的 UTF-8`,
  ],
  'not-encoded-so': ['不是 {encoding} 文本', `请另存为 UTF-8，或写明编码（${STATE}）`],
  'lost-text': ['第 {line} 行有 U+FFFD：之前的转换丢失了该处文字', '请用原始文件，从其真实编码重新转换为 UTF-8'],
  'mark-contradicts': ['写明的编码是 {stated}，开头却是 {marked} 的字节顺序标记', '请写明 {right}，或不写编码'],
  'has-zero-bytes': ['含有零字节：可能是没有字节顺序标记的 UTF-16', `请另存为 UTF-8；如为 UTF-16，请写明（${STATE}）`],
  'not-text': ['不是 {encodings} 编码的文本', '请另存为 UTF-8'],
};
