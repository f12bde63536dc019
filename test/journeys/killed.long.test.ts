// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, said, spawnDemo } from './city';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yuanliu-killed-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('a demonstration killed at any point goes on where it was, and checks itself in the end', async () => {
  for (const moment of ['0 of 326', '200 of 326', 'the catalogue is published', 'products, deliveries']) {
    const child = spawnDemo(directory, ['--exit']);
    await said(child, moment);
    expect(await ended(child, 'SIGKILL')).toBeNull();
  }
  const last = spawnDemo(directory, ['--exit']);
  await said(last, 'checked: ');
  expect(await ended(last)).toBe(0);
}, 180_000);
