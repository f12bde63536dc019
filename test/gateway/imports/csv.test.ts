// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContractError } from 'yuanliu-chaincode/error';
import { readResourceRows, resourceId } from 'yuanliu-gateway/imports/resource-rows';

const REGION = '310000';
const HEADER = 'domain,category,item\n';

function refusal(text: string): ContractError['details'] {
  try {
    readResourceRows(text, REGION);
  } catch (error) {
    if (error instanceof ContractError && error.code === 'INPUT_INVALID') return error.details;
    throw error;
  }
  throw new Error('it was read');
}

describe('a file of resources', () => {
  test('is read with and without BOM, with either line end, with quoted cells over several lines', () => {
    const plain = readResourceRows(`${HEADER}医疗,医保,结算\n`, REGION);
    expect(plain).toEqual(readResourceRows(`\ufeff${HEADER}医疗,医保,结算\n`, REGION));
    expect(plain).toEqual(readResourceRows(`${HEADER}医疗,医保,结算`.replaceAll('\n', '\r\n'), REGION));
    const [row, next] = readResourceRows(`${HEADER}"医,疗","医\n保","说""明"\n\na,b,c\n`, REGION);
    expect(row).toMatchObject({ line: 2, input: { domain: '医,疗', category: '医\n保', title: '说"明' } });
    expect(next).toMatchObject({ line: 5, input: { domain: 'a' } });
  });

  test('leaves unknown what a row leaves empty', () => {
    const [row] = readResourceRows('domain,category,item,summary,personal,id\n医疗,,结算,,是,R-9\n', REGION);
    expect(row).toMatchObject({ id: 'R-9', input: { region: REGION, domain: '医疗', title: '结算', personal: true } });
    expect(Object.keys(row?.input ?? {}).sort()).toEqual(['domain', 'personal', 'region', 'title']);
  });

  test('gives each row an id of all three columns, whatever else it says', () => {
    const text = readFileSync(join(__dirname, '../../../scripts/demo/authorized-catalogue.csv'), 'utf8');
    const rows = readResourceRows(text, REGION);
    expect(rows).toHaveLength(326);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(326);
    expect(new Set(rows.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(326);
    const cells = { domain: '医疗', category: '医保', item: '结算' };
    expect(resourceId(cells)).toBe(resourceId({ ...cells, summary: '别的' }));
    expect(resourceId(cells)).not.toBe(resourceId({ ...cells, category: '公卫' }));
    expect(resourceId(cells)).toMatch(/^R-[0-9a-f]{20}$/);
  });

  test.each([
    ['is empty', '', 'line 1', 'empty'],
    ['is a BOM and nothing', '\ufeff', 'line 1', 'empty'],
    ['has no rows', HEADER, 'line 2', 'no rows'],
    ['lacks a column', 'domain,item\n医疗,结算\n', 'line 1', 'category'],
    ['has no header', '医疗,医保,结算\n医疗,医保,诊断\n', 'line 1, column 1', '医疗'],
    ['has an unknown column', 'domain,category,item,colour\na,b,c,d\n', 'line 1, column 4', 'colour'],
    ['has a column twice', 'domain,category,item,item\na,b,c,d\n', 'line 1, column 4', 'twice'],
    ['has a quote left open', `${HEADER}a,b,c\nd,"e,f\ng,h,i\n`, 'line 3, column 2', 'never closed'],
    ['has text after a quote', `${HEADER}a,"b"x,c\n`, 'line 2, column 2', 'follows a closing quote'],
    ['has a quote inside a cell', `${HEADER}a,b"x,c\n`, 'line 2, column 2', 'inside a cell'],
    ['has a row too short', `${HEADER}a,b,c\na,b\n`, 'line 3, column 3', 'fewer'],
    ['has a quote left open after a blank line', `${HEADER}a,b,c\n\n"e,f\n`, 'line 4, column 1', 'never closed'],
    ['has a row too long', `${HEADER}a,b,c,d\n`, 'line 2, column 4', 'more'],
  ])('that %s is refused as a whole, with line and column', (_what, text, path, problem) => {
    const { message, issues, remedy } = refusal(text);
    expect(issues).toHaveLength(1);
    expect(issues?.[0]).toMatchObject({ path, message: expect.stringContaining(problem) as string });
    expect(message).toContain('nothing was imported');
    expect(remedy).toMatch(/./);
  });

  test('with a wrong header is told the columns there are', () => {
    expect(refusal('a,b\n1,2\n').remedy).toMatch(/domain, category, item.*summary/);
  });
});
