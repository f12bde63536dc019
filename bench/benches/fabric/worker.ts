// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConnection } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { use } from 'yuanliu-demo/story';
import { cpuOf } from '../bench.js';
import { type Driver, type DriverOptions, drivers } from './driver.js';
import { assignment, type Load, load, type Outcome } from './messages.js';

void serve();

/** Answers each load with its outcome. The client is opened for each: it costs the other worker nothing while that works. */
async function serve(): Promise<void> {
  const {
    driver,
    connection: file,
    mspId,
    msp,
    directory,
    checkEvery,
  } = assignment.parse(JSON.parse(process.argv[2] ?? ''));
  const connection = await readConnection(file, mspId);
  const credentials = {
    mspId,
    certificate: await readFile(join(msp, 'signcerts', 'cert.pem'), 'utf8'),
    privateKey: await readFile(join(msp, 'keystore', 'key.pem'), 'utf8'),
  };
  const options: DriverOptions = { connection, credentials, directory, checkEvery };
  process.on('message', (message) => {
    void answer(message);
  });
  process.on('disconnect', () => process.exit());

  async function answer(message: unknown): Promise<void> {
    const asked = load.parse(message);
    const client = await drivers[driver](options);
    try {
      await drive(client, { ...asked, count: Math.min(asked.count, asked.atOnce) }); // connections are made
      process.send?.(await measured(client, asked));
    } finally {
      await client.close();
    }
  }
}

async function measured(client: Driver, asked: Load): Promise<Outcome> {
  const start = performance.now();
  let result = { latencies: [] as number[], failures: [] as string[], seconds: 0 };
  const cpu = await cpuOf(async () => {
    const driven = await drive(client, asked);
    result = { ...driven, seconds: (performance.now() - start) / 1000 };
  });
  return { ...result, cpu, committed: result.latencies.length };
}

let serial = 0;

async function drive(client: Driver, { count, atOnce, seconds, subject }: Load) {
  const input = JSON.stringify(use({ note: '授信审批系统', ...(subject === undefined ? {} : { subject }) }));
  const latencies: number[] = [];
  const failures: string[] = [];
  const end = performance.now() + seconds * 1000;
  let left = count;
  const lane = async (): Promise<void> => {
    while (left-- > 0 && performance.now() < end) {
      const start = performance.now();
      await client.submit('usage:record', [`U-${process.pid}-${Date.now()}-${++serial}`, input]).then(
        () => latencies.push(performance.now() - start),
        (error: unknown) => failures.push(String(error)),
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return { latencies, failures };
}
