// SPDX-License-Identifier: Apache-2.0
import type { Worded } from 'yuanliu-chaincode/messages';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import type { TraceAnswer } from 'yuanliu-gateway/queries/trace/answer';
import { pluralOf, ProblemError, type GatewayClient, type Problem } from '../client.js';
import { drawTree } from '../tree.js';
import { cast } from 'yuanliu-demo/cast';
import { as, type Stage } from './run.js';
import { ids, use } from 'yuanliu-demo/story';

/** What the demonstration shows once the story is told; each was checked to be so. */
export interface Scenes {
  /** The tree of origins and the tree of destinations of one product. */
  readonly origins: string;
  readonly destinations: string;
  /** A use that was refused. */
  readonly refused: Problem;
  /** A misuse that was recorded, and the finding that it opened. */
  readonly misuse: Worded<LedgerRecord>;
  readonly finding: string;
  /** What the suspension of the agreement cut, and how a use was then refused. */
  readonly cut: readonly string[];
  readonly cutRefusal: Problem;
}

/** Plays the three scenes and draws the trees. Throws if the ledger does not answer as it must. */
export async function showScenes(stage: Stage): Promise<Scenes> {
  const developer = as(stage, cast.developer);
  const agency = as(stage, cast.agency);

  const refused = await refusal(
    developer.act('usage:request', 'U-refused', use({ purpose: '商业营销' }), { dryRun: true }),
  );
  demand(
    refused.rule === 'within-chain' && refused.article !== undefined,
    'a use outside the grant is refused by rule and article',
  );

  const misuse = await developer.act('usage:record', ids.misuse, use({ purpose: '商业营销', quantity: 3 }), {
    key: 'demo:misuse',
  });
  const finding = await findingAbout(as(stage, cast.supervisor), misuse.record);
  demand(misuse.record.act.violations.length > 0 && finding !== undefined, 'a misuse is recorded and opens a finding');

  const agreement = `/api/v1/agreements/${ids.agreement}`;
  const { record } = await agency.ask<{ record: LedgerRecord }>(agreement);
  if (record.state === 'signed') await agency.act('agreement:suspend', ids.agreement, { reason: '演示：监督检查' });
  const cutRefusal = await refusal(developer.act('usage:request', 'U-refused', use(), { dryRun: true }));
  demand(cutRefusal.rule === 'chain-stands', 'nothing is used under a suspended agreement');
  const cut = await resting(agency);
  await agency.act('agreement:resume', ids.agreement, { reason: '演示：检查完毕' });
  await developer.act('usage:request', 'U-refused', use(), { dryRun: true }); // open again, or this throws

  const origins = await walk(agency, ids.derived, 'origins');
  const destinations = await walk(agency, ids.basic, 'destinations');
  demand(
    origins.includes('resource/') && origins.includes(`grant/${ids.grant}`),
    'origins reach the resources, with their lawful basis',
  );
  demand(destinations.includes(`usage/${ids.usage}`), 'destinations reach the use');
  return { origins, destinations, refused, misuse: misuse.record, finding: finding ?? '', cut, cutRefusal };
}

/** What rests on the agreement: suspending it wrote nothing to any of these, yet none of them stands. */
async function resting(client: GatewayClient): Promise<string[]> {
  const found: string[] = [];
  for (const kind of ['scenario', 'grant', 'product', 'delivery', 'usage']) {
    const query = { agreement: `agreement/${ids.agreement}`, limit: '50' };
    const page = await client.ask<{ items: { record: LedgerRecord }[] }>(`/api/v1/${pluralOf(kind)}`, { query });
    found.push(...page.items.map(({ record }) => `${record.kind}/${record.id}`));
  }
  return found;
}

async function findingAbout(client: GatewayClient, { kind, id, version }: LedgerRecord): Promise<string | undefined> {
  const query = { about: `${kind}/${id}@${version}` };
  const page = await client.ask<{ items: { record: LedgerRecord }[] }>('/api/v1/findings', { query });
  return page.items[0] && `finding/${page.items[0].record.id}`;
}

async function walk(client: GatewayClient, id: string, way: 'origins' | 'destinations'): Promise<string> {
  return drawTree(await client.ask<TraceAnswer>(`/api/v1/products/${id}/${way}`), way);
}

async function refusal(attempt: Promise<unknown>): Promise<Problem> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('the demonstration expected a refusal, and it was accepted');
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the demonstration does not hold: ${what}`);
}
