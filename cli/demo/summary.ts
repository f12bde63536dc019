// SPDX-License-Identifier: Apache-2.0
import type { Gateway } from 'yuanliu-gateway';
import { said } from '../words/index.js';
import { cast } from 'yuanliu-demo/cast';
import { addressOf, type Stage } from './run.js';
import type { Scenes } from './scenes.js';
import { ids, use } from 'yuanliu-demo/story';

/** Prints what the demonstration came to: both trees, the three scenes, addresses, accounts, and what to try. */
export function printSummary(stage: Stage, scenes: Scenes, gateways: readonly Gateway[], directory: string): void {
  const url = stage.gateway;
  const { refused, misuse, finding, cut, cutRefusal } = scenes;
  section(said('scene-origins'), scenes.origins);
  section(said('scene-destinations'), scenes.destinations);
  section(
    said('scene-refused'),
    `${refused.detail ?? ''}\n${said('refusal-rule', { rule: refused.rule ?? '', article: refused.article ?? '', remedy: refused.remedy ?? '' })}`,
  );
  section(
    said('scene-misuse'),
    [
      said('misuse-line', { id: misuse.id, txId: misuse.act.txId.slice(0, 16), finding }),
      ...misuse.act.violations.map(({ rule, article, message }) => `  ${rule} (${article}): ${message}`),
    ].join('\n'),
  );
  section(said('scene-cut', { id: ids.agreement }), `${cut.join('  ')}\n  ${cutRefusal.detail ?? ''}`);
  section(
    said('scene-accounts'),
    stage.accounts
      .map(({ role, organization, name, user }) => `${role.padEnd(20)} ${organization}  ${name} · ${user}`)
      .join('\n'),
  );
  section(
    said('scene-try'),
    [
      `curl -s '${url}/api/v1/products/${ids.derived}/origins' | jq .`,
      `curl -s '${url}/api/v1/resources?domain=%E5%9F%8E%E5%B8%82%E6%B2%BB%E7%90%86' -H "authorization: Bearer $(jq -r '.accounts[] | select(.role=="supervisor").token' ${directory}/run.json)" | jq '.items[].record.body.title'`,
      `curl -s -X POST '${addressOf(stage, cast.developer)}/api/v1/usages/U-mine/record' -H 'content-type: application/json' -H "authorization: Bearer $(jq -r '[.accounts[] | select(.role=="developer").token][0]' ${directory}/run.json)" -d '${JSON.stringify(use())}' | jq .`,
    ].join('\n'),
  );
  section(
    said('scene-addresses'),
    [
      ...gateways.map(({ url, adminUrl }) => said('gateway-at', { url, adminUrl })),
      said('api-at', { url, directory }),
    ].join('\n'),
  );
}

function section(title: string, text: string): void {
  console.log(`\n${title}\n${text.replace(/^/gm, '  ')}`);
}
