// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { Limits } from '../../config/config.js';
import type { Speaker } from '../../identity/tokens.js';
import { columnChoice, knownHeaders, rowFields } from '../../imports/columns.js';
import { placeOf, type Imports } from '../../imports/imports.js';
import { importReport, importRow, importStates, rowResults, type ImportReport } from '../../imports/report.js';
import type { Part } from '../../imports/store.js';
import { encodings } from '../../text/encoding.js';
import { decodeCursor, encodeCursor } from '../../index/read/cursor.js';
import { overloaded } from '../middleware/admission.js';
import { pageOf } from './page.js';
import { absent, Problem, unauthenticated } from '../../errors/problem.js';
import { cursor, dryRun, limit, minBlock, several, whole } from './query.js';
import { route, type Answer, type Route } from '../route.js';
import { within } from '../middleware/within.js';
import { say } from '../../messages/index.js';

export interface ImportServices {
  readonly imports: Imports;
  readonly limits: Limits;
}

const importAnswer = importReport.extend({
  results: z.array(importRow).meta({ description: 'A result per row, in the order of the file, as far as there are.' }),
  cursor: z.string().optional().meta({ description: 'Gives the next rows; absent after the last.' }),
});

export const importShapes = {
  ImportRow: importRow,
  Import: importAnswer,
  ImportReport: importReport,
  ImportList: z.strictObject({ items: z.array(importReport), cursor: z.string().optional() }),
};

/** 批量上链 — a department's daily work: a file of resources, a result per row. */
export function importRoutes({ imports, limits }: ImportServices): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/v1/imports',
      operationId: 'startImport',
      tag: 'imports',
      summary: '批量上链 — anchor the resources of a CSV file',
      description: IMPORT_DESCRIPTION,
      access: 'user',
      query: z.strictObject({
        dryRun,
        columns: several(
          'Which column says which field: `item=資料集名稱,category=服務分類`; `ignore=HEADER` leaves one out.',
        ),
        set: several('A value for every row: `domain=旅游`.'),
        minBlock,
      }),
      headers: { Prefer: 'respond-async: answer 202 at once; ask for the progress at Location.' },
      body: {
        mediaType: 'text/csv',
        limit: limits.importBytes,
        encodings,
        isFile: true,
        example: 'domain,category,item\n医疗健康,医保参保缴费与结算数据,医保结算清单信息\n',
      },
      answers: {
        200: { description: 'Dry run: what would happen to each row. Nothing was written.', schema: 'Import' },
        201: { description: 'Every row has its result.', schema: 'Import', headers: { Location: 'The import.' } },
        202: {
          description: 'Under way: ask again at Location.',
          schema: 'Import',
          headers: { Location: 'The import.' },
        },
      },
      handle: async ({ query, file, subject, header }): Promise<Answer> => {
        if (!subject) throw unauthenticated();
        requireRoom(imports, subject.organization);
        const rehearsal = query.dryRun === true;
        const choice = columnChoice(query);
        const { id, done } = await imports.start({ file, choice, subject, dryRun: rehearsal });
        await within(done, /\brespond-async\b/.test(header('Prefer') ?? '') ? 0 : limits.waitMs);
        const body = await told(imports, { id, organization: subject.organization }, {});
        const finished = rehearsal ? 200 : 201;
        return {
          status: body.state === 'running' ? 202 : finished,
          headers: { Location: `/api/v1/imports/${id}` },
          body,
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/imports/{id}',
      operationId: 'getImport',
      tag: 'imports',
      summary: 'How an import goes, or went, row by row',
      description: 'For the organisation that sent it.',
      access: 'user',
      query: z.strictObject({
        result: z.enum(rowResults).optional().meta({ description: 'Only rows with this result.' }),
        limit: whole(1, 5000).optional().meta({ description: 'Rows at most; 1000 unless given.' }),
        cursor,
        minBlock,
      }),
      answers: { 200: { description: 'As far as it has come.', schema: 'Import' } },
      handle: async ({ params: { id = '' }, query, subject }) => {
        if (!subject) throw unauthenticated();
        return { body: await told(imports, { id, organization: subject.organization }, query) };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/imports',
      operationId: 'listImports',
      tag: 'imports',
      summary: 'Imports of your organisation, the newest first',
      description: `Each is kept for ${limits.importDays} days after its end, or until it is deleted.`,
      access: 'user',
      query: z.strictObject({ state: z.enum(importStates).optional(), limit, cursor, minBlock }),
      answers: { 200: { description: 'One page, without the results of rows.', schema: 'ImportList' } },
      handle: async ({ query: { state, ...page }, subject }) => {
        if (!subject) throw unauthenticated();
        const all = await imports.list(subject.organization);
        const fitting = all.filter((report) => state === undefined || report.state === state);
        const request = { imports: state, by: subject.organization };
        return { body: pageOf(fitting, placeOf, { ...page, request }, (place, last) => place < last) };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/imports/{id}/cancel',
      operationId: 'cancelImport',
      tag: 'imports',
      summary: 'Have an import stop: rows under way end, no more are begun',
      description: 'For the organisation that sent it. What is on the ledger stays. One that has ended stays as it is.',
      access: 'user',
      query: z.strictObject({}),
      answers: { 200: { description: 'As it stands then; still running while rows end.', schema: 'ImportReport' } },
      handle: async ({ params: { id = '' }, subject }) => {
        await owned(imports, id, subject);
        await within(imports.cancel(id), limits.waitMs);
        return { body: await owned(imports, id, subject) };
      },
    }),
    route({
      method: 'delete',
      path: '/api/v1/imports/{id}',
      operationId: 'deleteImport',
      tag: 'imports',
      summary: 'Delete an import: its report and the results of its rows',
      description: 'For the organisation that sent it. What is on the ledger stays. One that runs is cancelled first.',
      access: 'user',
      query: z.strictObject({}),
      answers: { 200: { description: 'The report that was deleted.', schema: 'ImportReport' } },
      handle: async ({ params: { id = '' }, subject }) => {
        const report = await owned(imports, id, subject);
        if (report.state === 'running') throw stillRunning(id);
        await imports.delete(id);
        return { body: report };
      },
    }),
  ];
}

const IMPORT_DESCRIPTION = `For departments and suppliers; each row is anchored for the caller's own organisation, and a row whose provider column names another is not.

The first row names the columns: a field's own name (${rowFields.join(', ')}), or a header that is known, such as ${knownHeaders.item[0] ?? ''}, ${knownHeaders.summary[0] ?? ''}, ${knownHeaders.updateCycle[0] ?? ''}; \`columns\` names others. domain and item are needed, from a column or from \`set\`; other columns are ignored, and the answer names them. Without an id, a row's id follows from its provider, domain, category and item.

The same file again changes nothing. A row is unchanged where the record now holds what the row says in every column, also where a cell is empty.

The charset of the Content-Type says the encoding: UTF-8, GB18030 (GBK, GB2312), Big5 or UTF-16. Without one, the file is read as what its bytes are; where they fit two encodings, the answer asks which. A file that cannot be read as a whole is refused with line and column, and nothing of it is done.`;

/** Imports of one organisation under way, of which the first one runs and the others wait for it; and of all. */
const EACH = 2;
const IN_ALL = 8;

/** @throws Problem unless there is room; an organisation that has none under way finds some even where others have it all. */
function requireRoom(imports: Imports, organization: string): void {
  const own = imports.underWay(organization);
  if (own >= EACH) {
    throw new Problem('RATE_LIMITED', say('own-imports-under-way', { each: EACH }), { 'Retry-After': '10' });
  }
  const most = own === 0 ? 2 * IN_ALL : IN_ALL;
  if (imports.underWay() >= most) throw overloaded(say('no-room-for-imports', { most }));
}

async function told(
  imports: Imports,
  { id, organization }: { readonly id: string; readonly organization: string },
  { result, limit: most = 1000, cursor: last }: Partial<Part> & { readonly cursor?: string | undefined },
): Promise<z.infer<typeof importAnswer>> {
  const report = await found(imports, id, organization);
  const request = { rows: id, result, by: organization };
  const after = last === undefined ? undefined : Number(decodeCursor(request, last).after);
  const { results, end } = await imports.rows(id, { result, after, limit: most });
  const more = end === undefined ? {} : { cursor: encodeCursor(request, { asOf: 0, after: String(end) }) };
  return { ...report, results: [...results], ...more };
}

/** @throws Problem unless the caller's organisation sent it */
async function owned(imports: Imports, id: string, subject: Speaker | undefined): Promise<ImportReport> {
  if (!subject) throw unauthenticated();
  return found(imports, id, subject.organization);
}

async function found(imports: Imports, id: string, organization: string): Promise<ImportReport> {
  const report = await imports.get(id, organization);
  if (!report) throw absent(say('no-import', { id }));
  return report;
}

function stillRunning(id: string): Problem {
  return new Problem('WRONG_STATE', say('import-running', { id }));
}
