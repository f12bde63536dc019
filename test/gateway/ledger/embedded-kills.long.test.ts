// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killWriters } from '../../../soak/dist/kills.js';

test('loses no acknowledged transaction and leaves no half block, whenever the process is killed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-kills-'));
  try {
    const { rounds, acknowledged, committed } = await killWriters({ directory, rounds: 20 });
    expect(rounds).toBe(20);
    expect(acknowledged).toBeGreaterThan(0);
    expect(committed).toBeGreaterThanOrEqual(acknowledged);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}, 240_000);
