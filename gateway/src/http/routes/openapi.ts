// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Act } from 'yuanliu-chaincode/kind/act';
import { jsonSchema, type JsonSchema } from 'yuanliu-chaincode/kind/input';
import { named } from './labelled.js';
import { components } from './components.js';
import { route, type Route, type RouteAnswer, type RouteBody } from '../route.js';

/** Routes as OpenAPI 3.1: generated from them, so it says what they do and nothing else. */
export function openApi(
  routes: readonly Route[],
  shapes: ReadonlyMap<string, z.ZodType>,
  acts: readonly Act[] = [],
): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const one of routes) paths[one.path] = { ...paths[one.path], [one.method]: operation(one) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Yuanliu 源流',
      version: '1',
      summary: 'Provenance of public data under authorized operation: 来源可溯、去向可查',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: TAGS.filter(({ name }) => routes.some(({ tag }) => tag === name)),
    paths,
    components: {
      schemas: components(shapes, acts),
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

/** The route of the document itself; `document` is asked for once all routes are known. */
export function openApiRoute(document: () => JsonSchema): Route {
  let made: JsonSchema | undefined;
  return route({
    method: 'get',
    path: '/openapi.json',
    operationId: 'getOpenApi',
    tag: 'description',
    summary: 'This API as OpenAPI 3.1',
    access: 'anyone',
    query: z.strictObject({}),
    answers: { 200: { description: 'The document.' } },
    handle: () => ({ body: (made ??= document()) }),
  });
}

const TAGS = [
  ...kinds.map(({ name, plural, title }) => ({
    name: plural,
    description: title,
    ...named((labels) => labels.kind(name)),
  })),
  { name: 'worklist', description: '待办' },
  { name: 'procedures', description: '程序执行情况' },
  { name: 'batches', description: '批量办理' },
  { name: 'imports', description: '批量上链' },
  { name: 'events', description: '账本动态' },
  { name: 'ledger', description: '账本' },
  { name: 'operations', description: 'Writes that take longer than a request' },
  { name: 'tokens', description: 'Keys of the built-in issuer' },
  { name: 'description', description: 'This document' },
  { name: 'log', description: 'How much is logged' },
  { name: 'backup', description: 'The embedded ledger with all its keys' },
  { name: 'identities', description: 'The people whom the gateway signs for' },
];

const DESCRIPTION = `Every act on a record is one POST; what it answers is on the ledger. Reads show what the caller may
see: a record that the caller may not see is as one that does not exist. Errors are problem documents (RFC 9457) whose
\`code\` is stable; \`rule\` and \`article\` name what refuses an act.`;

function operation(one: Route): JsonSchema {
  return {
    operationId: one.operationId,
    tags: [one.tag],
    summary: one.summary,
    ...namesOf(one),
    ...(one.description === undefined ? {} : { description: one.description }),
    parameters: [...pathParameters(one), ...queryParameters(one), ...headerParameters(one)],
    ...(one.body ? { requestBody: requestBody(one.body) } : {}),
    responses: {
      ...Object.fromEntries(Object.entries(one.answers).map(([status, answer]) => [status, responseOf(answer)])),
      default: { description: 'A problem (RFC 9457).', content: content('application/problem+json', 'Problem') },
    },
    security: one.access === 'anyone' ? [{ token: [] }, {}] : [{ token: [] }],
  };
}

function namesOf({ act }: Route): JsonSchema {
  return act ? named((labels) => labels.act(act.kind.name, act.name)) : {};
}

function pathParameters({ path }: Route): JsonSchema[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters({ query }: Route): JsonSchema[] {
  const { properties = {}, required = [] } = jsonSchema(query) as QuerySchema;
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

interface QuerySchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

function headerParameters({ headers = {} }: Route): JsonSchema[] {
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  }));
}

function requestBody({ mediaType, schema, example }: RouteBody): JsonSchema {
  const shape = schema === undefined ? { type: 'string' } : reference(schema);
  return { required: true, content: { [mediaType]: { schema: shape, ...(example === undefined ? {} : { example }) } } };
}

function responseOf({ description, schema, bytes, text, headers = {} }: RouteAnswer): JsonSchema {
  const json = schema === undefined ? {} : content('application/json', schema);
  const other = bytes === undefined ? {} : { [bytes]: { schema: { type: 'string', format: 'binary' } } };
  const written = text === undefined ? {} : { [text]: { schema: { type: 'string' } } };
  const both = { ...json, ...other, ...written };
  return { description, ...described(headers), ...(Object.keys(both).length === 0 ? {} : { content: both }) };
}

function described(headers: Readonly<Record<string, string>>): JsonSchema {
  const entries = Object.entries(headers).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  return entries.length === 0 ? {} : { headers: Object.fromEntries(entries) as JsonSchema };
}

function content(mediaType: string, schema: string): JsonSchema {
  return { [mediaType]: { schema: reference(schema) } };
}

function reference(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}
