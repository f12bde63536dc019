// SPDX-License-Identifier: Apache-2.0
import { demoCode } from 'yuanliu-demo/cast';
import { columnChoice, mapColumns, type ColumnChoice } from 'yuanliu-gateway/imports/columns';
import { readCsv } from 'yuanliu-gateway/imports/csv';
import { resourceRow, type ResourceRow } from 'yuanliu-gateway/imports/resource-rows';
import { decodeText } from 'yuanliu-gateway/text/encoding';
import { realCatalogue, WITHOUT_CATALOGUE } from '../../catalogues';
import { encoded, type Written } from '../../encoded';

const sender = { provider: demoCode(100), region: '310000', holds: () => false };

interface ReadFile {
  readonly rows: readonly ResourceRow[];
  readonly ignored: readonly string[];
}

async function read(bytes: Uint8Array, choice: ColumnChoice = columnChoice({})): Promise<ReadFile> {
  const { header, rows } = await readCsv(decodeText(bytes).text);
  const mapping = mapColumns(header.cells, header.line, choice);
  return { rows: rows.map((row) => resourceRow(row, mapping, sender)), ignored: mapping.ignored };
}

const WRITTEN: readonly Written[] = ['utf-8', 'utf-8 with BOM', 'gb18030', 'utf-16le with BOM', 'utf-16be with BOM'];
const LINE_ENDS = { LF: ['\n'], CRLF: ['\r\n'], CR: ['\r'], mixed: ['\r\n', '\n'] } as const;
const LAYOUTS = {
  plain: {},
  'blank rows': { between: ',,,' },
  'blank columns': { columns: ',,' },
  'sep=,': { first: 'sep=,' },
  'sep=;': { first: 'sep=;', delimiter: ';' },
  tabs: { delimiter: '\t' },
  'Ctrl-Z': { last: '\u001a' },
  'every cell quoted': { quoted: true },
} as const;

interface Layout {
  readonly first?: string;
  readonly between?: string;
  readonly columns?: string;
  readonly last?: string;
  readonly delimiter?: string;
  readonly quoted?: boolean;
}

const HEADER = ['领域', '分类', '数据集名称', '数据摘要'];
const ROWS = [
  ['金融服务', '企业信用', '行政处罚信息', '一句话'],
  ['金融服务', '企业信用', '经营异常名录', '第一行\n第二行\n\n第四行'],
  ['金融服务', '', '评价“结果”,甲', '说"明"'],
  ['医疗健康', '医保结算', '医保结算清单信息', ''],
];

/** A file as a program would write it, with the line that each of its rows begins on. */
function written(ends: readonly string[], layout: Layout): { text: string; lines: number[] } {
  const { first, between, columns = '', last = '', delimiter = ',', quoted = false } = layout;
  const cell = (value: string): string =>
    quoted || /["\n,;\t]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  const lines: number[] = [];
  let [text, line, end] = ['', 1, 0];
  const add = (piece: string): void => {
    for (const part of piece.split('\n')) {
      text += part + (ends[end++ % ends.length] ?? '\n');
      line += 1;
    }
  };
  if (first !== undefined) add(first);
  for (const row of [HEADER, ...ROWS]) {
    if (row !== HEADER) lines.push(line);
    add(row.map(cell).join(delimiter) + columns.replaceAll(',', delimiter));
    if (between !== undefined) add(between.replaceAll(',', delimiter));
  }
  return { text: text + last, lines };
}

describe('a file as programs write it', () => {
  const cases = WRITTEN.flatMap((encoding) =>
    Object.entries(LINE_ENDS).flatMap(([ends, marks]) =>
      Object.entries(LAYOUTS).map(([name, layout]) => [encoding, ends, name, marks, layout] as const),
    ),
  );

  test.each(cases)('%s, %s, %s: every row with its line (fault D5)', async (encoding, _ends, _name, marks, layout) => {
    const { text, lines } = written(marks, layout);
    const { rows } = await read(encoded(text, encoding));
    expect(rows.map(({ line }) => line)).toEqual(lines);
    expect(rows.map(({ input }) => [input['domain'], input['category'], input['title'], input['summary']])).toEqual(
      ROWS.map((row) => row.map((value) => (value === '' ? undefined : value))),
    );
  });

  test('gives words that look alike one id and one text, whatever their form (fault D4)', async () => {
    const forms = [
      '甲 乙',
      '"甲 乙 "',
      '　甲 乙',
      '甲  乙',
      '甲\u200b 乙',
      '"甲\r\n乙"',
      '甲\u00a0乙',
      '\ufeff甲 乙',
      '甲\t乙',
    ];
    const { rows } = await read(Buffer.from(`领域,名称\r\n${forms.map((form) => `金融,${form}`).join('\r\n')}\r\n`));
    expect(new Set(rows.map(({ input }) => input['title']))).toEqual(new Set(['甲 乙']));
    expect(new Set(rows.map(({ id }) => id)).size).toBe(1);
    const wide = await read(Buffer.from('领域,名称\n金融,ＡＢＣ（一）\n金融,ABC(一)\n'));
    expect(new Set(wide.rows.map(({ id }) => id)).size).toBe(1);
  });

  test.each([
    ['2024/1/5', '2024-01-05'],
    ['20240105', '2024-01-05'],
    ['2024年1月5日', '2024-01-05'],
    ['2024.1.5', '2024-01-05'],
    ['2018-04-13 11:11:59', '2018-04-13'],
    ['２０２４－１－５', '2024-01-05'],
  ])('reads the date %s (fault D6)', async (date, known) => {
    const { rows } = await read(Buffer.from(`领域,名称,发布日期\n金融,甲,${date}\n`));
    expect(rows[0]).toMatchObject({ input: { publishedOn: known }, issues: [] });
  });

  test.each([
    ['45296', /day number of a spreadsheet/],
    ['1/5/2024', /which is the year/],
    ['104/08/12', /year of four digits/],
    ['2024/2/30', /no day of the calendar/],
    ['昨天', /is not a date: write it as/],
  ])('says what is wrong with the date %s, in the column’s own words (fault D6)', async (date, why) => {
    const { rows } = await read(Buffer.from(`领域,名称,发布日期\n金融,甲,${date}\n`));
    expect(rows[0]?.issues).toEqual([{ path: '发布日期', message: expect.stringMatching(why) as string }]);
  });

  test('reads digests in upper case, with a hyphen, and asks for the algorithm of a bare one (fault D6)', async () => {
    const hex = 'AB'.repeat(32);
    const digests = [`SHA256:${hex}`, `sha-256:${hex}`, `SM3：${hex}`, hex, 'SHA256:AB'];
    const { rows } = await read(
      Buffer.from(`领域,名称,哈希值\n${digests.map((digest, n) => `金融,第${n},${digest}`).join('\n')}\n`),
    );
    const known = hex.toLowerCase();
    expect(rows.map(({ input }) => input['digest'])).toEqual([
      `sha256:${known}`,
      `sha256:${known}`,
      `sm3:${known}`,
      undefined,
      undefined,
    ]);
    expect(rows[3]?.issues[0]).toMatchObject({
      path: '哈希值',
      message: expect.stringContaining('algorithm') as string,
    });
  });

  test('finds columns by name, takes constants, and names what it ignores (fault D5)', async () => {
    const bytes = Buffer.from('序号,资料名,提供方,备注\n1,甲,某局,无\n');
    const choice = columnChoice({ columns: ['item=资料名,ignore=提供方'], set: ['domain=旅游', 'category=公共,信息'] });
    const { rows, ignored } = await read(bytes, choice);
    expect(rows[0]?.input).toEqual({ region: '310000', domain: '旅游', category: '公共,信息', title: '甲' });
    expect(rows[0]?.provider).toBeUndefined();
    expect(ignored).toEqual(['序号', '提供方', '备注']);
    await expect(read(bytes, columnChoice({ columns: ['item=没有'], set: ['domain=旅游'] }))).rejects.toMatchObject({
      details: { issues: [{ path: 'line 1', message: 'there is no column 没有' }] },
    });
    expect(() => columnChoice({ columns: ['colour=甲'] })).toThrow(/FIELD=HEADER/);
    expect(() => columnChoice({ set: ['domain=a', 'domain=b'] })).toThrow(/twice/);
  });
});

const REAL = [
  ['taoyuan-dataset-list.utf8.csv', 1444, { columns: ['item=資料名稱,category=分類及編號'], set: ['domain=公共资源'] }],
  ['taichung-dataset-list.utf8bom.csv', 1136, { set: ['domain=公共资源'] }],
  ['data-gov-tw-tourism-bureau.csv', 74, { set: ['domain=旅游'] }],
] as const;

describe.each(REAL)('the catalogue %s', (name, count, choice) => {
  const bytes = realCatalogue(name);
  const title = `is read whole, each row with the line that it begins on (fault D5)${bytes ? '' : WITHOUT_CATALOGUE}`;
  (bytes ? test : test.skip)(title, async () => {
    const whole = bytes ?? Buffer.alloc(0);
    const { rows } = await read(whole, columnChoice(choice));
    expect(rows).toHaveLength(count);
    const lines = whole.toString('utf8').split(/\r\n|\n|\r/);
    const first = (line: number): string => (lines[line - 1] ?? '').replace(/^\ufeff/, '');
    for (const { line, input } of rows) expect({ line, text: first(line) }).toMatchObject({ text: begins(input) });
    expect(rows.flatMap(({ issues }) => issues)).toEqual([]);
  });
});

/** The line that a row begins on holds the first words of its title. */
function begins({ title }: ResourceRow['input']): unknown {
  return expect.stringContaining(String(title).slice(0, 2));
}
