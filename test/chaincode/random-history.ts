// SPDX-License-Identifier: Apache-2.0
import { cast, CITY, ids, madeUpDigest, openCity, PURPOSE, use, type City } from '../builders';
import { legibleHistory } from '../read-write-sets';

/**
 * Plays `steps` random acts by random callers, the same ones for the same `seed`, on a city whose clock is made up; prints
 * every transaction's read-write set, with transaction ids, times and versions as ordinals, and a summary. Run twice, the output is the same.
 */
async function play(steps: number, seed: number): Promise<void> {
  let now = Date.UTC(2026, 5, 1);
  const city = await openCity('produced', { clock: () => new Date((now += 1000)) });
  const random = generator(seed);
  let accepted = 0;
  let refused = 0;
  try {
    for (let i = 0; i < steps; i++) {
      const [by, act, id, input] = randomAct(city, random, i);
      await city.act(by, act, id, input).then(
        () => accepted++,
        () => refused++,
      );
    }
    for (const line of await legibleHistory(city.ledger)) console.log(line);
  } finally {
    await city.close();
  }
  console.log(JSON.stringify({ accepted, refused }));
}

type Random = (below: number) => number;
type RandomAct = readonly [City['departments'][number], string, string, object];

function randomAct(city: City, random: Random, serial: number): RandomAct {
  const pick = <T>(choices: readonly [T, ...T[]]): T => choices[random(choices.length)] ?? choices[0];
  const member = pick([cast.developer, cast.developer, cast.agency, cast.operator, cast.rival, cast.authority]);
  const resource = city.resources[random(city.resources.length)];
  if (!resource) throw new Error('the city has no resources');
  const input = use({
    purpose: pick([PURPOSE, PURPOSE, '商业营销']),
    action: pick(['use', 'use', 'resell']),
    quantity: 1 + random(9),
  });
  return pick<RandomAct>([
    [member, 'usage:request', `U-${serial % 97}`, input],
    [cast.developer, 'usage:record', `U-${serial % 89}`, input],
    [cast.developer, 'usage:record', `U-${serial}`, { ...input, occurredAt: '2026-06-01T00:05:00+08:00' }],
    [
      resource.provider,
      'resource:revise',
      resource.id,
      { title: `第${serial}版`, digest: madeUpDigest(String(random(5))) },
    ],
    [
      resource.provider,
      'resource:anchor',
      `R-x${random(40)}`,
      { title: '新资源', domain: resource.domain, region: CITY },
    ],
    [
      cast.agency,
      pick(['agreement:suspend', 'agreement:resume', 'agreement:resume']),
      ids.agreement,
      { reason: '演示' },
    ],
    [cast.agency, pick(['grant:suspend', 'grant:resume', 'grant:resume']), ids.grant, { reason: '演示' }],
    [cast.agency, 'finding:raise', `F-${random(50)}`, { about: `product/${ids.derived}`, summary: '抽查' }],
    [cast.supervisor, 'finding:close', `F-${random(50)}`, { outcome: '已核' }],
    [cast.operator, 'delivery:deliver', `D-${serial}`, delivery(pick([PURPOSE, '转售']))],
  ]);
}

function delivery(purpose: string): object {
  return { product: `product/${ids.basic}@1`, to: cast.developer.code, authority: `grant/${ids.grant}`, purpose };
}

/** Mulberry32: a small generator whose sequence depends on the seed alone. */
function generator(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

void play(Number(process.argv[2]), Number(process.argv[3]));
