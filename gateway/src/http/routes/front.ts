// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { RULEBOOK_ID } from 'yuanliu-chaincode/rulebook/rulebook';
import type { LedgerIndex } from '../../index/ledger-index.js';
import { route, type Route } from '../route.js';

/** `/`: what this is and where to go from here, in both languages and without a script. A console takes its place. */
export function frontRoute({ index }: { readonly index: Pick<LedgerIndex, 'rulebook'> }, notice?: string): Route {
  return route({
    method: 'get',
    path: '/',
    operationId: 'getFront',
    tag: 'description',
    summary: 'What this gateway is, and where to go from here',
    access: 'anyone',
    query: z.strictObject({}),
    answers: { 200: { description: 'The page.', text: 'text/html' } },
    handle: () => ({
      headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY },
      body: Buffer.from(pageOf(index.rulebook() !== undefined, notice)),
    }),
  });
}

const STYLE =
  'body{font:16px/1.7 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}' +
  'code{background:#f2f2f2;padding:0 .2em}.notice{border-left:4px solid #b00;padding-left:.8em}a{color:#0645ad}';
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'`;

interface Line {
  readonly zh: string;
  readonly en: string;
}

const FIRST_HOUR: Line = {
  zh: '账本尚未创始，或者尚未采用规则库：停止网关，执行 <code>yuanliu init</code>，步骤见 <code>docs/first-hour.zh-CN.md</code>。',
  en: 'The ledger is not founded yet, or has no rulebook: stop the gateway and run <code>yuanliu init</code>; the steps are in <code>docs/first-hour.md</code>.',
};

const WAYS: readonly Line[] = [
  {
    zh: '<a href="/docs">接口说明</a>，机器可读的是 <a href="/openapi.json">openapi.json</a>',
    en: '<a href="/docs">The API</a>, for programs <a href="/openapi.json">openapi.json</a>',
  },
  {
    zh: `<a href="/api/v1/status">运行状态</a>，<a href="/api/v1/rulebooks/${RULEBOOK_ID}">现行规则库</a>`,
    en: `<a href="/api/v1/status">Status</a>, <a href="/api/v1/rulebooks/${RULEBOOK_ID}">the rulebook in force</a>`,
  },
  {
    zh: '公开内容：<a href="/api/v1/organizations">参与主体</a>、<a href="/api/v1/catalogues">目录</a>、<a href="/api/v1/registrations">登记</a>、<a href="/api/v1/products">产品和服务</a>',
    en: 'Open to all: <a href="/api/v1/organizations">organisations</a>, <a href="/api/v1/catalogues">catalogues</a>, <a href="/api/v1/registrations">registrations</a>, <a href="/api/v1/products">products</a>',
  },
  {
    zh: '待办：<code>yuanliu worklist --token …</code>；来源和去向：<code>yuanliu trace KIND/ID</code>；新建账本：<code>yuanliu init</code>；全部命令：<code>yuanliu help</code>',
    en: 'What waits: <code>yuanliu worklist --token …</code>; origins and destinations: <code>yuanliu trace KIND/ID</code>; a ledger of your own: <code>yuanliu init</code>; all commands: <code>yuanliu help</code>',
  },
];

function pageOf(hasRulebook: boolean, notice: string | undefined): string {
  const lines = [...(hasRulebook ? [] : [FIRST_HOUR]), ...WAYS];
  const list = (language: 'zh' | 'en'): string => lines.map((line) => `<li>${line[language]}</li>`).join('');
  return [
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>源流 Yuanliu</title><style>${STYLE}</style></head><body>`,
    '<h1>源流 Yuanliu</h1>',
    notice === undefined ? '' : `<p class="notice">${notice}</p>`,
    '<p>公共数据授权运营溯源账本：来源合法可溯、去向可查、行为留痕、责任可究。这里是一个网关。</p>',
    `<ul>${list('zh')}</ul>`,
    '<div lang="en"><p>A provenance ledger for the authorized operation of public data. This is a gateway of it.</p>',
    `<ul>${list('en')}</ul></div>`,
    '</body></html>\n',
  ].join('\n');
}
