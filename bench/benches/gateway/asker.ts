// SPDX-License-Identifier: Apache-2.0
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answered, type Ask, type Asking, asking } from './asking.js';
import { assignment, BENCH_USES } from './messages.js';

serve();

/** Answers each round of asking with how long its answers took. */
function serve(): void {
  const { gateway, token } = assignment.parse(JSON.parse(process.argv[2] ?? ''));
  let serial = 0;
  process.on('message', (message) => {
    void drive(asking.parse(message)).then((answered) => process.send?.(answered));
  });
  process.on('disconnect', () => process.exit());

  async function drive({ asks, atOnce, apartMs, seconds, pressing }: Asking): Promise<Answered> {
    const end = performance.now() + seconds * 1000;
    const agent = new Agent({ keepAlive: true }); // of its own: connections of before may be closed any moment
    const times: Record<string, number[]> = {};
    let refused = 0;
    const lane = async (_: unknown, first: number): Promise<void> => {
      for (let turn = first; performance.now() < end; turn++) {
        const ask = asks[turn % asks.length];
        if (!ask) continue;
        const begun = performance.now();
        const { status, retryAfter } = await send(agent, ask);
        if (retryAfter > 0) {
          refused++;
          await delay(pressing ? 0 : retryAfter * 1000);
          continue;
        }
        if (ask.isFoul ? status !== 400 : status < 200 || status > 202)
          throw new Error(`${ask.path} was answered with ${status}`);
        (times[ask.what] ??= []).push(performance.now() - begun);
        if (apartMs > 0) await delay(apartMs * (0.5 + Math.random()));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    agent.destroy();
    return { times, refused };
  }

  function send(
    agent: Agent,
    { path, body, type = 'application/json' }: Ask,
  ): Promise<{ status: number; retryAfter: number }> {
    return new Promise((resolve, reject) => {
      const id = `${BENCH_USES}${process.pid}-${++serial}`;
      const url = gateway + path.replace('{id}', id);
      const own = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const headers = { ...own, ...(body === undefined ? {} : { 'content-type': type }) };
      const asked = request(url, { method: body === undefined ? 'GET' : 'POST', agent, headers }, (answer) => {
        answer.resume().on('end', () => {
          resolve({ status: answer.statusCode ?? 0, retryAfter: Number(answer.headers['retry-after'] ?? 0) });
        });
      });
      asked.on('error', reject).end(body?.replaceAll('{id}', id));
    });
  }
}
