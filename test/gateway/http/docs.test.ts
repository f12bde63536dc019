// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { departmentOf } from 'yuanliu-demo/cast';
import { openDoor, type Door } from './door';

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> };
}

describe('the page of the API', () => {
  let door: Door;
  let operations: { readonly path: string; readonly operation: Operation }[];
  beforeAll(async () => {
    door = await openDoor('listed');
    const { paths } = JSON.parse((await door.anyone.get('/openapi.json')).bytes.toString('utf8')) as Document;
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, operation })),
    );
  });
  afterAll(() => door.close());

  test('has every operation, links that lead somewhere, and nothing from elsewhere', async () => {
    const { status, headers, bytes } = await door.anyone.get('/docs');
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'text/html; charset=utf-8' });
    const page = bytes.toString('utf8');
    for (const { operation } of operations) expect(page).toContain(`id="${operation.operationId}"`);
    const anchors = new Set(Array.from(page.matchAll(/ id="([^"]+)"/g), ([, id]) => id));
    for (const [, to] of page.matchAll(/href="#([^"]+)"/g)) expect(anchors).toContain(to);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|src=|https?:\/\/[^"\s]*\.(?:js|css)/i);
  });

  test('is allowed its own style and nothing else', async () => {
    const { headers, bytes } = await door.anyone.get('/docs');
    const style = /<style>(.*?)<\/style>/s.exec(bytes.toString('utf8'))?.[1] ?? '';
    const digest = createHash('sha256').update(style).digest('base64');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src 'sha256-${digest}'`);
    expect(policy).not.toMatch(/unsafe|\*/);
  });

  test('every example in it runs', async () => {
    const department = await door.as(departmentOf('医疗健康', 1)); // who may do all that there are examples of
    let run = 0;
    for (const { path, operation } of operations) {
      for (const [type, { example }] of Object.entries(operation.requestBody?.content ?? {})) {
        if (example === undefined || path.includes('{id}')) continue;
        const body = typeof example === 'string' ? example : JSON.stringify(example);
        const reply = await department.send('POST', path, body, { 'content-type': type });
        const { status } = reply;
        if (path === '/api/v1/imports') expect(reply.body.counts).toMatchObject({ anchored: 1, invalid: 0, failed: 0 });
        expect({ path, accepted: status >= 200 && status < 300 }).toEqual({ path, accepted: true });
        run += 1;
      }
    }
    expect(run).toBeGreaterThan(0);
  });

  test('the example of every act is well-formed to the gateway, whatever its caller may do', async () => {
    const department = await door.as(departmentOf('医疗健康', 1));
    const acts = operations.filter(({ path, operation }) => path.includes('{id}') && operation.requestBody);
    expect(acts.length).toBeGreaterThan(80);
    for (const { path, operation } of acts) {
      const example = operation.requestBody?.content['application/json']?.example;
      const { body } = await department.send(
        'POST',
        `${path.replace('{id}', 'ID-1')}?dryRun=true`,
        JSON.stringify(example),
        {
          'content-type': 'application/json',
        },
      );
      expect({ path, code: body.code }).not.toEqual({ path, code: 'INPUT_INVALID' });
      expect({ path, example }).toEqual({ path, example: expect.any(Object) });
    }
  });

  const chromium = found(['chromium', 'chromium-browser', 'google-chrome']);
  const inChromium = chromium === undefined ? test.skip : test;
  inChromium(`renders in ${chromium ?? 'Chromium: SKIPPED, there is none on this machine'}`, async () => {
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--dump-dom', `${door.gateway.url}/docs`];
    const dom = await new Promise<string>((resolve, reject) => {
      execFile(chromium ?? '', flags, { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 }, (error, out) => {
        if (error) reject(new Error('Chromium failed', { cause: error }));
        else resolve(out);
      });
    });
    for (const { operation } of operations) expect(dom).toContain(`id="${operation.operationId}"`);
  });
});

function found(names: readonly string[]): string | undefined {
  const places = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
