// SPDX-License-Identifier: Apache-2.0
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { USE } from '../embedded/ground.js';
import { assignment, BENCH_USES, type Load, load, type Outcome } from './messages.js';

serve();

/** Answers each load with its outcome. */
function serve(): void {
  const { gateway, token } = assignment.parse(JSON.parse(process.argv[2] ?? ''));
  let serial = 0;
  process.on('message', (message) => {
    void drive(load.parse(message)).then((outcome) => process.send?.(outcome));
  });
  process.on('disconnect', () => process.exit());

  async function drive({ count, atOnce, seconds, pressing }: Load): Promise<Outcome> {
    const begun = performance.now();
    const end = begun + seconds * 1000;
    const agent = new Agent({ keepAlive: true }); // of its own: connections of before may be closed any moment
    let [left, accepted, refused, last] = [count, 0, 0, begun];
    const lane = async (): Promise<void> => {
      while (left > 0 && performance.now() < end) {
        left--;
        const { status, retryAfter } = await record(agent, `${BENCH_USES}${process.pid}-${++serial}`);
        if (status === 201) {
          accepted++;
          last = performance.now();
        } else if ((status === 503 || status === 429) && retryAfter > 0) {
          left++;
          refused++;
          if (!pressing) await delay(retryAfter * 1000 * (1 + Math.random())); // so that not all come again at once
        } else throw new Error(`a use was answered with ${status}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    agent.destroy();
    return { accepted, refused, pace: accepted / ((last - begun) / 1000) };
  }

  function record(agent: Agent, id: string): Promise<{ status: number; retryAfter: number }> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token ?? ''}`, 'content-type': 'application/json' };
      const asked = request(`${gateway}/api/v1/usages/${id}/record`, { method: 'POST', agent, headers }, (answer) => {
        answer.resume().on('end', () => {
          resolve({ status: answer.statusCode ?? 0, retryAfter: Number(answer.headers['retry-after'] ?? 0) });
        });
      });
      asked.on('error', reject).end(USE);
    });
  }
}
