// SPDX-License-Identifier: Apache-2.0
import type { SchemaFields } from 'yuanliu-gateway/http/routes/example';
import { kinds } from 'yuanliu-chaincode/kinds';
import { newActs } from 'yuanliu-gateway/acts/perform';
import { readConfig } from 'yuanliu-gateway';
import { newAdmission } from 'yuanliu-gateway/http/middleware/admission';
import { routesOf } from 'yuanliu-gateway/http/app';
import { openStreams } from 'yuanliu-gateway/http/routes/events';
import { newLogger } from 'yuanliu-gateway/http/middleware/log';
import { newMetrics } from 'yuanliu-gateway/http/metrics';
import type { Route } from 'yuanliu-gateway/http/route';
import { openIssuer } from 'yuanliu-gateway/identity/issuer';
import { newSigners } from 'yuanliu-gateway/acts/signers';
import { openProcedures } from 'yuanliu-gateway/queries/procedures/procedures';
import { openWorklist } from 'yuanliu-gateway/queries/worklist/worklist';
import { builtinTokens } from 'yuanliu-gateway/identity/tokens';
import { openImports } from 'yuanliu-gateway/imports/imports';
import { openIndexedCity, type IndexedCity } from '../index/indexed';
import { openDoor, type Door } from './door';

interface Schema {
  readonly [field: string]: unknown;
  readonly $ref?: string;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
  readonly security: readonly object[];
}

interface Document {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

describe('the OpenAPI document', () => {
  let door: Door;
  let document: Document;
  beforeAll(async () => {
    door = await openDoor('empty');
    const { bytes } = await door.anyone.get('/openapi.json');
    document = JSON.parse(bytes.toString('utf8')) as Document;
  });
  afterAll(() => door.close());

  const operations = (): [path: string, method: string, operation: Operation][] =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, string, Operation] => [path, method, operation]),
    );

  test('is well-formed: what it names is there, once', () => {
    expect(document.openapi).toBe('3.1.0');
    const ids = operations().map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map(({ name }) => name);
    for (const [path, , operation] of operations()) {
      expect(operation.summary).toMatch(/./);
      expect(tags).toEqual(expect.arrayContaining([...operation.tags]));
      const named = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name);
      expect(operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(named);
      expect(Object.keys(operation.responses)).toContain('default');
      for (const { description } of Object.values(operation.responses)) expect(description).toMatch(/./);
    }
    for (const ref of refsIn(document)) {
      const name = ref.replace('#/components/schemas/', '');
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
    expect(JSON.stringify(document)).not.toContain('$schema');
  });

  test('has every act of every kind, with its input, title and roles', () => {
    for (const kind of kinds) {
      for (const act of kind.acts.values()) {
        const operation = document.paths[`/api/v1/${kind.plural}/{id}/${act.name}`]?.['post'];
        expect(operation?.summary).toContain(act.title);
        expect(JSON.stringify(operation)).toContain(Object.keys(act.by)[0]);
        const { $ref = '' } = operation?.requestBody?.content['application/json']?.schema ?? {};
        const input = JSON.stringify(document.components.schemas[$ref.replace('#/components/schemas/', '')]);
        expect(input).toContain('"ifVersion"');
        expect(input.includes('"occurredAt"')).toBe(act.nature === 'report');
      }
    }
  });

  test('names every act, field and value of an input in both languages, and which record a field names (fault E20)', () => {
    const both = { 'zh-CN': expect.stringMatching(/./) as string, en: expect.stringMatching(/^[ -~]+$/) as string };
    for (const kind of kinds)
      for (const act of kind.acts.values()) {
        const operation = document.paths[`/api/v1/${kind.plural}/{id}/${act.name}`]?.['post'];
        expect(operation).toMatchObject({ 'x-labels': { ...both, 'zh-CN': act.title } });
        const { $ref = '' } = operation?.requestBody?.content['application/json']?.schema ?? {};
        const { properties = {} } = document.components.schemas[$ref.split('/').at(-1) ?? ''] as SchemaFields;
        for (const field of Object.values(properties)) {
          expect(field).toMatchObject({ title: both['zh-CN'], 'x-labels': both });
          for (const value of (field as SchemaFields).enum ?? [])
            expect(field).toMatchObject({ 'x-choices': { [String(value)]: both } });
        }
      }
    const delivered = document.components.schemas['DeliveryDeliverInput'] as SchemaFields;
    expect(delivered.properties).toMatchObject({
      product: { 'x-ref': ['product'], title: '产品' },
      authority: { 'x-ref': ['grant', 'agreement'] },
      to: { 'x-ref': ['organization'], 'x-labels': { 'zh-CN': '接收方', en: 'Recipient' } },
    });
  });

  test('says where a token is needed: on every write and on what is one organisation’s own', () => {
    const needed = operations().filter(([, , { security }]) => !security.some((one) => Object.keys(one).length === 0));
    const reads = needed.filter(([, method]) => method === 'get').map(([path]) => path);
    const own = ['/api/v1/imports', '/api/v1/imports/{id}', '/api/v1/operations/{id}', '/api/v1/worklist'];
    const acts = kinds.map(({ plural }) => `/api/v1/${plural}/{id}/acts`);
    expect(reads.sort()).toEqual([...own, ...acts].sort());
    expect(needed.length - reads.length).toBe(operations().filter(([, method]) => method !== 'get').length);
  });
});

describe('the routes', () => {
  let city: IndexedCity;
  let routes: readonly Route[];
  let allowed: (readonly [path: string, methods: unknown])[];
  let document: Document;
  let closeImports: () => Promise<void>;
  beforeAll(async () => {
    city = await openIndexedCity('empty');
    const { index, trace } = city;
    const worklist = openWorklist(index);
    const procedures = openProcedures(index);
    const { ledger, directory } = city.city;
    const { limits } = readConfig({ YUANLIU_DATA: directory });
    const issuer = await openIssuer(directory);
    const acts = newActs({ ledger, index, signers: newSigners(ledger.pki.people, index), waitMs: 1000 });
    const imports = await openImports({ directory: `${directory}/imports`, acts, index });
    closeImports = () => imports.close();
    const logger = newLogger('silent');
    const admission = newAdmission(limits.writes);
    const metrics = newMetrics({ directory, ledger, index, admission, scrubber: { reports: new Map() } });
    const verify = builtinTokens(issuer);
    const streams = openStreams({ index, limits: limits.streams });
    routes = routesOf({
      about: { kind: 'embedded', beginning: { genesis: '0'.repeat(64), pinned: true } },
      ledger,
      index,
      trace,
      worklist,
      procedures,
      acts,
      admission,
      imports,
      streams,
      verify,
      issuer,
      limits,
      logger,
      metrics,
    });
    const door = await openDoor('empty');
    document = JSON.parse((await door.anyone.get('/openapi.json')).bytes.toString('utf8')) as Document;
    allowed = await Promise.all(
      Object.keys(document.paths).map(async (path) => {
        const { status, headers } = await door.anyone.send('PATCH', path.replaceAll(/\{\w+\}/g, '1'));
        return [path, status === 405 && headers.allow] as const;
      }),
    );
    await door.close();
  });
  afterAll(async () => {
    await closeImports();
    await city.close();
  });

  test('are all in the document, and the document has no others', () => {
    const served = routes.map(({ method, path }) => `${method} ${path}`);
    const told = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(served.length).toBeGreaterThan(100);
    expect(served.sort()).toEqual(told.sort());
  });

  test('are open where the document says, by the methods it says', () => {
    const told = Object.entries(document.paths).map(([path, methods]) => [
      path,
      Object.keys(methods).join(', ').toUpperCase(),
    ]);
    expect(allowed).toEqual(told);
  });
});

function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(refsIn)];
}
