// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import { columnChoice, mapColumns } from 'yuanliu-gateway/imports/columns';
import { readCsv } from 'yuanliu-gateway/imports/csv';
import { demoCode } from 'yuanliu-demo/cast';
import { resourceId, resourceRow, type ResourceRow } from 'yuanliu-gateway/imports/resource-rows';

const REGION = '310000';
const PROVIDER = demoCode(100);
const sender = { provider: PROVIDER, region: REGION, holds: () => false };
const HEADER = 'domain,category,item\n';

async function readResourceRows(text: string): Promise<ResourceRow[]> {
  const { header, rows } = await readCsv(text);
  const mapping = mapColumns(header.cells, header.line, columnChoice({}));
  return rows.map((row) => resourceRow(row, mapping, sender));
}

async function refusal(text: string): Promise<ContractError['details']> {
  try {
    await readResourceRows(text);
  } catch (error) {
    if (error instanceof ContractError && error.code === 'INPUT_INVALID') return error.details;
    throw error;
  }
  throw new Error('it was read');
}

describe('a file of resources', () => {
  test('is read with and without BOM, with either line end, with quoted cells over several lines', async () => {
    const plain = await readResourceRows(`${HEADER}医疗,医保,结算\n`);
    expect(plain).toEqual(await readResourceRows(`\ufeff${HEADER}医疗,医保,结算\n`));
    expect(plain).toEqual(await readResourceRows(`${HEADER}医疗,医保,结算`.replaceAll('\n', '\r\n')));
    const [row, next] = await readResourceRows(`${HEADER}"医,疗","医\n保","说""明"\n\na,b,c\n`);
    expect(row).toMatchObject({ line: 2, input: { domain: '医,疗', category: '医 保', title: '说"明' } });
    expect(next).toMatchObject({ line: 5, input: { domain: 'a' } });
  });

  test('is read whole, with the right lines, where it is larger than one piece', async () => {
    const rows = Array.from({ length: 5000 }, (_, n) => `金融服务,类,"第 ${n} 项\n𠮷"`);
    const read = await readResourceRows(`${HEADER}${rows.join('\n')}`);
    expect(read.map(({ line, input }) => [line, input['title']])).toEqual(
      rows.map((_, n) => [2 + 2 * n, `第 ${n} 项 𠮷`]),
    );
  });

  test('leaves unknown what a row leaves empty', async () => {
    const [row] = await readResourceRows('domain,category,item,summary,personal,id\n医疗,,结算,,是,R-9\n');
    expect(row).toMatchObject({ id: 'R-9', input: { region: REGION, domain: '医疗', title: '结算', personal: true } });
    expect(Object.keys(row?.input ?? {}).sort()).toEqual(['domain', 'personal', 'region', 'title']);
  });

  test('gives each row an id of all three columns, whatever else it says', async () => {
    const text = readFileSync(join(__dirname, '../../../demo/authorized-catalogue.csv'), 'utf8');
    const rows = await readResourceRows(text);
    expect(rows).toHaveLength(326);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(326);
    expect(new Set(rows.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(326);
    const cells = { domain: '医疗', category: '医保', item: '结算' };
    expect(resourceId(cells, PROVIDER)).toBe(resourceId({ ...cells, summary: '别的' }, PROVIDER));
    expect(resourceId(cells, PROVIDER)).not.toBe(resourceId({ ...cells, category: '公卫' }, PROVIDER));
    expect(resourceId(cells, PROVIDER)).toMatch(new RegExp(`^R-${PROVIDER}-[0-9a-f]{20}$`));
  });

  test.each([
    ['is empty', '', 'line 1', 'empty'],
    ['is a BOM and nothing', '\ufeff', 'line 1', 'empty'],
    ['has no rows', HEADER, 'line 2', 'no rows'],
    ['lacks a column', 'domain,category\n医疗,结算\n', 'line 1', 'item'],
    ['has no header', '医疗,医保,结算\n医疗,医保,诊断\n', 'line 1', 'domain, item'],
    ['has a column twice', 'domain,category,item,item\na,b,c,d\n', 'line 1, column 4', 'twice'],
    ['has a quote left open', `${HEADER}a,b,c\nd,"e,f\ng,h,i\n`, 'line 3, column 2', 'never closed'],
    ['has text after a quote', `${HEADER}a,"b"x,c\n`, 'line 2, column 2', 'follows a closing quote'],
    ['has a quote inside a cell', `${HEADER}a,b"x,c\n`, 'line 2, column 2', 'inside a cell'],
    ['has a row too short', `${HEADER}a,b,c\na,b\n`, 'line 3, column 3', 'fewer'],
    ['has a quote left open after a blank line', `${HEADER}a,b,c\n\n"e,f\n`, 'line 4, column 1', 'never closed'],
    ['has a row too long', `${HEADER}a,b,c,d\n`, 'line 2, column 4', 'more'],
  ])('that %s is refused as a whole, with line and column', async (_what, text, path, problem) => {
    const { message, issues, remedy } = await refusal(text);
    expect(issues).toHaveLength(1);
    expect(issues?.[0]).toMatchObject({ path, message: expect.stringContaining(problem) as string });
    expect(message).toContain('nothing was imported');
    expect(remedy).toMatch(/./);
  });

  test('with a wrong header is shown its own columns, and how to name them', async () => {
    expect((await refusal('a,b\n1,2\n')).remedy).toMatch(/columns=domain=HEADER.*--set.*its columns are a, b/);
  });
});
