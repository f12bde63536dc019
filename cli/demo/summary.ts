// SPDX-License-Identifier: Apache-2.0
import type { Gateway } from 'yuanliu-gateway';
import { cast } from 'yuanliu-demo/cast';
import { addressOf, type Stage } from './run.js';
import type { Scenes } from './scenes.js';
import { ids, use } from 'yuanliu-demo/story';

/** Prints what the demonstration came to: both trees, the three scenes, addresses, accounts, and what to try. */
export function printSummary(stage: Stage, scenes: Scenes, gateways: readonly Gateway[], directory: string): void {
  const url = stage.gateway;
  const { refused, misuse, finding, cut, cutRefusal } = scenes;
  section('来源 — where the derived product came from', scenes.origins);
  section('去向 — where the basic product went', scenes.destinations);
  section(
    '一次被拒绝的使用 — a use that was refused',
    `${refused.detail ?? ''}\n  rule ${refused.rule ?? ''}, ${refused.article ?? ''} → ${refused.remedy ?? ''}`,
  );
  section(
    '一次被记录的超范围使用 — a misuse that was recorded',
    [
      `usage/${misuse.id} is on the ledger (transaction ${misuse.act.txId.slice(0, 16)}…), and opened ${finding}`,
      ...misuse.act.violations.map(({ rule, article, message }) => `  ${rule} (${article}): ${message}`),
    ].join('\n'),
  );
  section(
    `暂停协议所及 — what suspending agreement/${ids.agreement} cut, until it was resumed`,
    `${cut.join('  ')}\n  ${cutRefusal.detail ?? ''}`,
  );
  section(
    '账户 — accounts',
    stage.accounts
      .map(({ role, organization, name, user }) => `${role.padEnd(20)} ${organization}  ${name} · ${user}`)
      .join('\n'),
  );
  section(
    '试一试 — try',
    [
      `curl -s '${url}/api/v1/products/${ids.derived}/origins' | jq .`,
      `curl -s '${url}/api/v1/resources?domain=%E5%9F%8E%E5%B8%82%E6%B2%BB%E7%90%86' -H "authorization: Bearer $(jq -r '.accounts[] | select(.role=="supervisor").token' ${directory}/run.json)" | jq '.items[].record.body.title'`,
      `curl -s -X POST '${addressOf(stage, cast.developer)}/api/v1/usages/U-mine/record' -H 'content-type: application/json' -H "authorization: Bearer $(jq -r '[.accounts[] | select(.role=="developer").token][0]' ${directory}/run.json)" -d '${JSON.stringify(use())}' | jq .`,
    ].join('\n'),
  );
  section(
    '地址 — addresses',
    [
      ...gateways.map(({ url, adminUrl }) => `gateway ${url} · health and metrics ${adminUrl}`),
      `API ${url}/openapi.json · accounts and tokens ${directory}/run.json`,
    ].join('\n'),
  );
}

function section(title: string, text: string): void {
  console.log(`\n${title}\n${text.replace(/^/gm, '  ')}`);
}
