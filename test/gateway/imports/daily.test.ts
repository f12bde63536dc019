// SPDX-License-Identifier: Apache-2.0
import { departmentOf } from 'yuanliu-demo/cast';
import { realCatalogue, WITHOUT_CATALOGUE } from '../../catalogues';
import { encoded, type Written } from '../../encoded';
import { expectProblem, openDoor, type Client, type Door, type Reply } from '../http/door';

const department = departmentOf('金融服务', 0);

describe('the daily import of a department', () => {
  let door: Door;
  let provider: Client;
  beforeAll(async () => {
    door = await openDoor('founded', { YUANLIU_WAIT_MS: '60000' });
    provider = await door.as(department);
  });
  afterAll(() => door.close());

  const send = (csv: string | Buffer, query = '', type = 'text/csv'): Promise<Reply> =>
    provider.post(`/api/v1/imports${query}`, csv, { 'content-type': type });
  const one = async (csv: string, query = ''): Promise<Reply['body']['results'][number] | undefined> =>
    (await send(csv, query)).body.results[0];

  describe('a row that was sent before', () => {
    const file = '领域,数据集名称,资源编码,数据摘要\n金融服务,甲,D-1,原文\n';
    beforeAll(async () => {
      expect((await one(file))?.result).toBe('anchored');
      expect((await one(file))?.result).toBe('unchanged');
    });

    test('is a conflict once its cell is emptied, naming the column and a way out (fault D3)', async () => {
      const row = await one(file.replace('原文', ''));
      expect(row).toMatchObject({ result: 'conflict', code: 'EXISTS' });
      expect(row?.message).toContain('数据摘要: the ledger has “原文”, the file has nothing');
      expect(row?.remedy).toContain('fill the empty cells');
    });

    test('is a conflict once the record was revised, and the remedy works (fault D3)', async () => {
      await provider.act('resource:revise', 'D-1', { summary: '后来的文字' });
      for (const query of ['', '?dryRun=true']) {
        const row = await one(file, query);
        expect(row).toMatchObject({ result: 'conflict', message: expect.stringContaining('后来的文字') as string });
        expect(row?.remedy).toContain('POST /api/v1/resources/D-1/revise with {"summary":"原文"}');
      }
      expect((await provider.post('/api/v1/resources/D-1/revise', { summary: '原文' })).status).toBe(201);
      expect((await one(file))?.result).toBe('unchanged');
    });

    test('is a conflict once the record is withdrawn, never unchanged (fault D3)', async () => {
      expect((await provider.act('resource:withdraw', 'D-1', { reason: '停用' })).status).toBe(201);
      const row = await one(file);
      expect(row).toMatchObject({ result: 'conflict', code: 'WRONG_STATE' });
      expect(row?.remedy).toContain('an id of its own');
      expect((await one(file.replace('D-1', 'D-2')))?.result).toBe('anchored');
    });

    test('is a duplicate of an earlier line where only invisible characters differ (fault D4)', async () => {
      const twins = await send('领域,名称\n金融服务,孪生\n金融服务,孪\u200b生\n金融服务,"孪生 "\n');
      expect(twins.body.results.map(({ result }) => result)).toEqual(['anchored', 'duplicate', 'duplicate']);
      expect((await send('领域,名称\n金融服务,　孪生\n')).body.counts.unchanged).toBe(1);
    });
  });

  test('names the columns in the file’s words, and what it ignores (fault D5) (fault D6)', async () => {
    const long = '长'.repeat(201);
    const { body } = await send(`领域,数据集名称,发布日期,备注\n金融服务,${long},2024/1/5,x\n金融服务,乙,45296,x\n`);
    const columns = { domain: '领域', item: '数据集名称', publishedOn: '发布日期' };
    expect(body).toMatchObject({ columns, ignored: ['备注'], counts: { invalid: 2 } });
    expect(body.results.map(({ issues }) => issues?.[0]?.path)).toEqual(['数据集名称', '发布日期']);
    const foul = await one('领域,数据集名称\n金融服务,铃\u0007\n');
    expect(foul).toMatchObject({ result: 'invalid', message: expect.stringMatching(/^数据集名称: /) as string });
  });

  test('finds content by a digest in any letter case (fault D6)', async () => {
    const hex = 'ABCDEF01'.repeat(8);
    await send(`领域,名称,资源编码,哈希值\n金融服务,摘要,D-9,SHA256:${hex}\n`);
    for (const digest of [`sha256:${hex}`, `SHA-256:${hex}`, `sha256:${hex.toLowerCase()}`]) {
      const { body } = await provider.get(`/api/v1/lookup?digest=${digest}`);
      expect(body.items).toMatchObject([{ ref: 'resource/D-9@1' }]);
    }
  });

  test('leaves rows of another provider to that one, and says what to do (fault E10)', async () => {
    const mine = department.name;
    const { body } = await send(`领域,名称,提供方\n金融服务,我的,${mine}\n金融服务,别的,某某局\n`);
    expect(body.results.map(({ result }) => result)).toEqual(['anchored', 'failed']);
    expect(body.results[1]).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('提供方 is 某某局') as string,
      remedy: expect.stringContaining('--split') as string,
    });
  });

  const charsets: readonly (readonly [Written, string])[] = [
    ['utf-8', 'utf-8'],
    ['gb18030', 'GBK'],
    ['gb18030', '"gb2312"'],
    ['big5', 'Big5'],
    ['utf-16le with BOM', 'UTF-16'],
    ['utf-16be with BOM', 'utf-16be'],
  ];

  test.each(charsets)(
    'a body in %s with charset %s is what it says, as CSV and as JSON (fault D2)',
    async (written, charset) => {
      const id = `E-${charset.replaceAll(/\W/g, '')}`;
      const csv = encoded(`domain,item,id\n金融,安保工程,${id}-C\n`, written);
      expect((await send(csv, '', `text/csv; charset=${charset}`)).body.counts).toMatchObject({ anchored: 1 });
      const json = encoded(`{"title":"安保工程","domain":"金融","region":"310000"}`, written);
      const type = { 'content-type': `application/json; charset=${charset}` };
      expect((await provider.post(`/api/v1/resources/${id}-J/anchor`, json, type)).status).toBe(201);
      for (const end of ['C', 'J']) {
        const { record } = (await provider.get(`/api/v1/resources/${id}-${end}`)).body;
        expect(record.body).toMatchObject({ title: '安保工程', domain: '金融' });
      }
    },
  );

  test('a charset that is not read is refused with 415, bytes that are not in it with 400 (fault D2)', async () => {
    const json = '{"title":"a","domain":"b","region":"310000"}';
    const before = await door.mark();
    for (const type of ['application/json', 'text/csv'] as const) {
      const path = type === 'text/csv' ? '/api/v1/imports' : '/api/v1/resources/X-1/anchor';
      for (const charset of ['iso-8859-1', 'shift_jis', '']) {
        const reply = await provider.post(path, json, { 'content-type': `${type}; charset=${charset}` });
        expect(expectProblem(reply, 415, 'UNSUPPORTED_MEDIA').remedy).toContain('GBK');
      }
      const wrong = await provider.post(path, encoded('领域', 'gb18030'), { 'content-type': `${type}; charset=utf-8` });
      expectProblem(wrong, 400, type === 'text/csv' ? 'INPUT_INVALID' : 'NOT_JSON');
    }
    const doubtful = await send(encoded('domain,category,item\n医药,医院,药品目录\n', 'gb18030'));
    expect(expectProblem(doubtful, 400, 'INPUT_INVALID').remedy).toContain('charset');
    const lost = await provider.post('/api/v1/resources/X-1/anchor', {
      title: '\ufffd',
      domain: 'b',
      region: '310000',
    });
    expectProblem(lost, 400, 'NOT_JSON');
    const escaped = json.replace('"a"', '"\\ufffd"');
    expectProblem(await provider.post('/api/v1/resources/X-1/anchor', escaped), 400, 'INPUT_INVALID');
    expect(await door.mark()).toEqual(before);
  });

  test.each([
    ['an .xlsx workbook', Buffer.from([0x50, 0x4b, 3, 4, 20, 0]), /\.xlsx/],
    ['an .xls workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /\.xls\)/],
    ['UTF-16 without a mark', Buffer.from('领域,名称\n', 'utf16le'), /UTF-16/],
  ])('%s is refused as what it is (fault D6)', async (_what, bytes, what) => {
    const { detail, remedy } = expectProblem(await send(bytes), 400, 'INPUT_INVALID');
    expect(detail).toMatch(what);
    expect(remedy).toMatch(/save/);
  });

  const real = [
    ['taoyuan-dataset-list.utf8.csv', 1444, '?columns=item=資料名稱,category=分類及編號&set=domain=公共資源'],
    ['taichung-dataset-list.utf8bom.csv', 1136, '?set=domain=公共資源'],
    ['data-gov-tw-tourism-bureau.csv', 74, '?set=domain=旅遊'],
  ] as const;
  for (const [name, rows, query] of real) {
    const bytes = realCatalogue(name);
    (bytes ? test : test.skip)(
      `takes every row of ${name}, or says by its column why not (fault D5)${bytes ? '' : WITHOUT_CATALOGUE}`,
      async () => {
        const reply = await send(bytes ?? '', `${encodeURI(query)}&dryRun=true`);
        const { counts, results, cursor } = (await provider.get(`/api/v1/imports/${reply.body.import}?limit=5000`))
          .body;
        expect({ rows: results.length, cursor, failed: counts.failed }).toEqual({ rows, cursor: undefined, failed: 0 });
        for (const { result, issues, message } of results) {
          if (result === 'anchored') continue;
          if (result === 'duplicate') expect(message).toMatch(/line \d+ has the same id/);
          else expect(issues?.[0]?.path).toMatch(/^資料/);
        }
        expect(counts.anchored).toBeGreaterThan(rows * 0.9);
      },
      240_000,
    );
  }
});
