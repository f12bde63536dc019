// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { kinds } from 'yuanliu-chaincode/kinds';
import { cast, ids } from '../../builders';
import { client } from './door';

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** An operation of a running gateway. */
export interface Target {
  readonly port: string;
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
  /** Of the body that it takes. */
  readonly fields: readonly string[];
  readonly token: string;
}

/** A request that is wrong somewhere, or nowhere. */
export interface Hostile {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Every operation that a gateway describes, to be asked with a token. */
export async function targetsOf(url: string, token: string): Promise<Target[]> {
  const { bytes } = await client(() => url).get('/openapi.json');
  const { paths, components } = JSON.parse(bytes.toString('utf8')) as Document;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const [schema] = Object.values(operation.requestBody?.content ?? {}).map((content) => content.schema);
      const known = schema?.$ref ? components.schemas[schema.$ref.split('/').at(-1) ?? ''] : schema;
      const fields = Object.keys(known?.properties ?? {});
      return { port: new URL(url).port, path, method, operation, fields, token };
    }),
  );
}

const odd = fc.oneof(
  fc.constantFrom('', ' ', '0', '-1', '1e9', 'NaN', 'null', 'undefined', 'true', '[object Object]', '../../etc/passwd'),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'a\u0000b',
    'a\r\nX-Y: z',
    '%',
    '%zz',
    '%ff',
  ),
  fc.constantFrom(
    '9'.repeat(400),
    'x'.repeat(5000),
    '999999999',
    '2026-13-45T99:99:99Z',
    'eyJhIjoxfQ',
    '\u202e中文🙂',
    '\ud800',
  ),
  fc.constantFrom(ids.derived, ids.grant, cast.developer.code, `product/${ids.derived}@1`, '1', '2026-06-01T00:00:00Z'),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** As a path or a query carries it: escaped, or as it is where that can be sent at all. */
const escaped = odd.chain((text) =>
  fc.constantFrom(encodeURIComponent(text.toWellFormed()), text.replace(/[^\x21-\x7e]|[?#]/g, '')),
);

const json = fc.oneof(
  fc.json({ maxDepth: 4, depthSize: 'small' }),
  fc.constantFrom(
    '',
    '{',
    '[]',
    'null',
    '{"a":1}{',
    '\ufeff{}',
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{}}}',
  ),
  fc.constantFrom(
    '['.repeat(20_000),
    `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`,
    `{"a":"${'x'.repeat(100_000)}"}`,
    '{"id":1e999}',
  ),
);

/** What the input of every act may have. */
const COMMON = ['ifVersion', 'occurredAt', 'as', 'late'];

/** A body that has some of the fields it should have, with whatever in them. */
function body(fields: readonly string[]): fc.Arbitrary<Buffer> {
  const values = fc.oneof(odd, fc.jsonValue({ maxDepth: 2 }));
  const own = fc.dictionary(fc.constantFrom(...fields, ...COMMON, 'idempotencyKey'), values);
  return fc.oneof(
    { weight: 3, arbitrary: own.map((value) => Buffer.from(JSON.stringify(value))) },
    { weight: 2, arbitrary: json.map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array)) },
  );
}

const acts = kinds.flatMap((kind) => [...kind.acts.keys()].map((act) => `${kind.name}:${act}`));

/** Lines of a batch: acts that there are, on records that there may be, with whatever in them, between what is none. */
const lines = (): fc.Arbitrary<Buffer> => {
  const act = fc.record(
    {
      act: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...acts) }, { weight: 1, arbitrary: odd }),
      id: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(ids.derived, ids.grant, ids.basic, ids.usage, 'H-1') },
        { weight: 1, arbitrary: odd },
      ),
      input: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom({}, { reason: '理由' }, { ifVersion: 7 }, { grounds: '不服' }) },
        { weight: 3, arbitrary: fc.dictionary(fc.constantFrom(...COMMON, 'title', 'about', 'reason', 'terms'), odd) },
        { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
      ),
      idempotencyKey: fc.oneof(fc.constantFrom('k-1', 'k-2'), odd),
    },
    { requiredKeys: ['act', 'id'] },
  );
  const line = fc.oneof(
    { weight: 4, arbitrary: act.map((one) => JSON.stringify(one)) },
    { weight: 1, arbitrary: json },
  );
  return fc.array(line, { maxLength: 12 }).map((all) => Buffer.from(all.join('\n')));
};

const headers = fc.dictionary(
  fc.constantFrom(
    'content-type',
    'content-encoding',
    'accept',
    'accept-encoding',
    'authorization',
    'idempotency-key',
    'prefer',
    'x-request-id',
    'last-event-id',
    'if-match',
    'range',
    'expect',
    'x-forwarded-for',
    'x-http-method-override',
    'cookie',
    'host',
  ),
  fc.oneof(
    fc.constantFrom(
      '',
      'application/json',
      'text/csv',
      'text/csv; charset=gbk',
      'application/json; charset=utf-16',
      'multipart/form-data',
      'gzip',
      'br',
      'deflate',
      '*/*',
      'Bearer x',
      'Bearer',
      'Basic Og==',
      'respond-async',
      '1:2:3',
      '-1:0:0',
      'bytes=0-1',
      '; ;',
      'a,b',
    ),
    odd.map((text) => text.replace(/[^\x20-\x7e]/g, '')),
  ),
  { maxKeys: 4 },
);

/** Requests to an operation with something odd in method, path, query, headers or body. */
export function hostileTo({ path, method, operation, fields }: Target): fc.Arbitrary<Hostile> {
  const names = operation.parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  const [mediaType] = Object.keys(operation.requestBody?.content ?? {});
  const name = fc.oneof(fc.constantFrom(...names, 'dryRun', '__proto__'), escaped);
  const query = seldom(fc.array(fc.tuple(name, escaped), { maxLength: 3 }), []);
  const id = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(ids.derived, ids.grant, ids.basic, ids.usage) },
    { weight: 1, arbitrary: escaped },
  );
  return fc.record({
    method: fc.oneof(
      { weight: 6, arbitrary: fc.constant(method.toUpperCase()) },
      { weight: 1, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE') },
    ),
    path: fc.tuple(fc.tuple(id, id, id), query).map(([values, pairs]) => {
      let used = 0;
      const place = path.replaceAll(/\{\w+\}/g, () => values[used++] ?? '');
      return pairs.length === 0 ? place : `${place}?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`;
    }),
    headers: seldom(headers, {}).map((given) =>
      mediaType === undefined ? given : { 'content-type': mediaType, ...given },
    ),
    body: bodyOf(method, mediaType, fields),
  });
}

function bodyOf(method: string, mediaType: string | undefined, fields: readonly string[]): fc.Arbitrary<Buffer> {
  if (method !== 'post') return fc.constant(Buffer.alloc(0));
  return mediaType === 'application/x-ndjson' ? fc.oneof(lines(), lines(), lines(), body(fields)) : body(fields);
}

/** Now and then something, else nothing: what is wrong in one place only is looked at further. */
function seldom<T>(something: fc.Arbitrary<T>, nothing: T): fc.Arbitrary<T> {
  return fc.oneof({ weight: 1, arbitrary: something }, { weight: 2, arbitrary: fc.constant(nothing) });
}
