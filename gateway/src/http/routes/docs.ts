// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { JsonSchema } from 'yuanliu-chaincode/kind/input';
import { route, type Route } from '../route.js';

/**
 * `/docs`: the OpenAPI document as one page. It is written here and has no script, so that it needs no network, no package
 * and the strictest policy; its one style sheet is allowed by its digest.
 */
export function docsRoute(document: () => JsonSchema, notice?: string): Route {
  let page: Buffer | undefined;
  return route({
    method: 'get',
    path: '/docs',
    operationId: 'getDocs',
    tag: 'description',
    summary: 'This API as a page to read',
    access: 'anyone',
    query: z.strictObject({}),
    answers: { 200: { description: 'The page.', text: 'text/html' } },
    handle: () => ({
      headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY },
      body: (page ??= Buffer.from(pageOf(document() as unknown as ApiDocument, notice))),
    }),
  });
}

/** What the page reads of the document, which this gateway wrote itself. */
interface ApiDocument {
  readonly info: { readonly title: string; readonly summary: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, Content>> }>
  >;
  readonly security: readonly object[];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
}

interface Content {
  readonly schema?: { readonly $ref?: string };
  readonly example?: unknown;
}

const STYLE = `body{font:15px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h2{border-bottom:1px solid #d0d7de;margin-top:2.5rem}details{margin:.3rem 0}summary{cursor:pointer}
code,pre{font:13px/1.5 ui-monospace,monospace;background:#f3f4f6;padding:.1rem .3rem}pre{padding:.6rem;overflow:auto}
table{border-collapse:collapse}td,th{border:1px solid #d0d7de;padding:.2rem .5rem;text-align:left;vertical-align:top}`;

const digest = createHash('sha256').update(STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

function pageOf({ info, tags, paths, components }: ApiDocument, notice: string | undefined): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return `<h2 id="tag-${escaped(name)}">${escaped(name)} ${escaped(description)}</h2>\n${own.map(operationPart).join('\n')}`;
  });
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<details id="schema-${escaped(name)}"><summary>${escaped(name)}</summary><pre>${escaped(JSON.stringify(schema, null, 2))}</pre></details>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(info.title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(info.title)}</h1>${notice === undefined ? '' : `<p><strong>${escaped(notice)}</strong></p>`}<p>${escaped(info.summary)}</p><p>${escaped(info.description)}</p>
<p><a href="/openapi.json">openapi.json</a> · ${tags.map(({ name }) => `<a href="#tag-${escaped(name)}">${escaped(name)}</a>`).join(' · ')}</p>
${sections.join('\n')}
<h2 id="schemas">Schemas</h2>
${schemas.join('\n')}
</body></html>
`;
}

interface Part {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function operationPart({ path, method, operation }: Part): string {
  const { operationId, summary, description = '', parameters, requestBody, responses, security } = operation;
  const token = security.some((one) => Object.keys(one).length === 0) ? 'A token shows more.' : 'Needs a token.';
  const body = Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema, example }]) =>
      `<p>Body: <code>${escaped(type)}</code> ${schemaLink(schema)}</p>${example === undefined ? '' : `<pre>${escaped(textOf(example))}</pre>`}`,
  );
  const rows = parameters.map(
    ({ name, in: where, required, description: words = '' }) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${escaped(where)}${required ? ', required' : ''}</td><td>${escaped(words)}</td></tr>`,
  );
  const answers = Object.entries(responses).map(([status, { description: words, content = {} }]) => {
    const types = Object.entries(content).map(
      ([type, { schema }]) => `<code>${escaped(type)}</code> ${schemaLink(schema)}`,
    );
    return `<tr><td>${escaped(status)}</td><td>${escaped(words)}</td><td>${types.join(' ')}</td></tr>`;
  });
  return `<details id="${escaped(operationId)}"><summary><code>${method.toUpperCase()} ${escaped(path)}</code> ${escaped(summary)}</summary>
<p>${escaped(description)}</p><p>${token}</p>${body.join('')}
${rows.length > 0 ? `<table>${rows.join('')}</table>` : ''}<table>${answers.join('')}</table></details>`;
}

function schemaLink(schema: Content['schema']): string {
  const name = schema?.$ref?.replace('#/components/schemas/', '');
  return name === undefined ? '' : `<a href="#schema-${escaped(name)}">${escaped(name)}</a>`;
}

function textOf(example: unknown): string {
  return typeof example === 'string' ? example : JSON.stringify(example, null, 2);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
