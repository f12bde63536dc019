// SPDX-License-Identifier: Apache-2.0
import { textOf } from 'yuanliu-gateway/messages/index';
import { decodeText, EncodingError, encodingOf, type Encoding } from 'yuanliu-gateway/text/encoding';
import { encoded, type Written } from '../../encoded';

const SIMPLIFIED = '领域,数据集名称\n金融服务,企业信用评价结果与行政处罚信息\n医疗健康,医保参保缴费与结算数据\n';
const TRADITIONAL = '領域,資料集名稱\n觀光,桃園市身心障礙者臨時及短期照顧服務\n衛生,臺中市年度建築物公共安全檢查\n';

function refusal(bytes: Uint8Array, stated?: Encoding): EncodingError {
  try {
    decodeText(bytes, { stated });
  } catch (error) {
    if (error instanceof EncodingError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('text that comes as bytes', () => {
  const table: readonly (readonly [Written, string, Encoding])[] = [
    ['utf-8', SIMPLIFIED, 'utf-8'],
    ['utf-8', TRADITIONAL, 'utf-8'],
    ['utf-8 with BOM', SIMPLIFIED, 'utf-8'],
    ['gb18030', SIMPLIFIED, 'gb18030'],
    ['big5', TRADITIONAL, 'big5'],
    ['utf-16le with BOM', SIMPLIFIED, 'utf-16le'],
    ['utf-16be with BOM', TRADITIONAL, 'utf-16be'],
    ['utf-8', 'plain ASCII\n', 'utf-8'],
  ];

  test.each(table)('in %s is read as what it is, stated or not (fault D2)', (written, text, encoding) => {
    const bytes = encoded(text, written);
    expect(decodeText(bytes)).toEqual({ text, encoding });
    expect(decodeText(bytes, { stated: encoding })).toEqual({ text, encoding });
  });

  test('that is valid in two encodings is asked about, and read once that is stated (fault D2)', () => {
    const bytes = encoded('domain,category,item\n医药,医院,药品目录\n', 'gb18030');
    expect(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toContain('ҩƷĿ¼');
    const { message, remedy } = textOf('en', refusal(bytes).why);
    expect(message).toMatch(/text in UTF-8 \(“.+”\) and in GB18030 \(“医药”\)/);
    expect(remedy).toMatch(/--encoding.*charset/);
    expect(decodeText(bytes, { stated: 'gb18030' }).text).toContain('药品目录');
    expect(refusal(encoded('安,保\n', 'gb18030')).message).toMatch(/GB18030 \(“安”\) and in BIG5/);
  });

  test('of any length in GB18030 or Big5 is never read as another encoding (fault D2)', () => {
    for (const [text, written, encoding] of [
      [SIMPLIFIED, 'gb18030', 'gb18030'],
      [TRADITIONAL, 'big5', 'big5'],
    ] as const) {
      const characters = Array.from(text);
      for (let from = 0; from < characters.length; from += 3) {
        for (const length of [1, 2, 3, 5, 8, 13, 21]) {
          const part = characters.slice(from, from + length).join('');
          try {
            const read = decodeText(encoded(part, written));
            if (/[^\p{ASCII}]/u.test(part)) expect({ part, ...read }).toEqual({ part, text: part, encoding });
          } catch (error) {
            if (!(error instanceof EncodingError)) throw error; // asked about
          }
        }
      }
    }
  });

  test.each([
    ['stated as what it is not', encoded(TRADITIONAL, 'big5'), 'utf-8', /it is not UTF-8 text/],
    [
      'with a byte order mark that contradicts',
      encoded(SIMPLIFIED, 'utf-8 with BOM'),
      'gb18030',
      /byte order mark of UTF-8/,
    ],
    ['with U+FFFD in it', Buffer.from('a\r\nb,\ufffd\n'), undefined, /U\+FFFD in line 2/],
    ['in UTF-16 without a mark', Buffer.from('领域,a\n', 'utf16le'), undefined, /may be UTF-16/],
    ['an .xlsx workbook', Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 6, 0]), undefined, /Excel workbook \(\.xlsx\)/],
    ['an .xls workbook', Buffer.from('d0cf11e0a1b11ae10000', 'hex'), undefined, /Excel workbook of the old kind/],
  ] as const)('%s is refused with what to do (fault D2) (fault D6)', (_what, bytes, stated, message) => {
    const error = refusal(bytes, stated);
    expect(error.message).toMatch(message);
    expect(textOf('en', error.why).remedy).toMatch(/save|state|open|convert/);
  });

  test('knows encodings by the names that programs give them, and no others (fault D2)', () => {
    expect(['GBK', 'gb2312', 'CP936', 'gb18030'].map(encodingOf)).toEqual(Array(4).fill('gb18030'));
    expect(['Big5', 'cp950', 'UTF-16', 'us-ascii', 'utf8'].map(encodingOf)).toEqual([
      'big5',
      'big5',
      'utf-16le',
      'utf-8',
      'utf-8',
    ]);
    expect(['iso-8859-1', 'shift_jis', '', 'constructor', 'x-user-defined'].map(encodingOf)).toEqual(
      Array(5).fill(undefined),
    );
  });
});
