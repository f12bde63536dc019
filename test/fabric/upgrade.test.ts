// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FabricAuthorities } from 'yuanliu-gateway/identity/fabric-authorities';
import { readConnection } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { openFabricLedger } from 'yuanliu-gateway/ledger/fabric/ledger';
import type { Identity, Ledger } from 'yuanliu-gateway/ledger/port';
import { submitWithRetry } from 'yuanliu-gateway/ledger/retry';
import { chaincodeFolder, deployed } from 'yuanliu-network/chaincode/package';
import { admission, AUTHORITY, found, newCode } from '../gateway/ledger/conformance';
import { killedAfter, MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';

describe('an upgrade of the chaincode', () => {
  let raised: RaisedNetwork;
  let ledger: Ledger;
  let authority: Identity;
  let close: () => Promise<void>;

  beforeAll(async () => {
    raised = await raiseNetwork();
    const directory = join(raised.home, 'gateway');
    const connection = await readConnection(raised.connection, 'AuthorityMSP');
    const authorities = await FabricAuthorities.open(join(directory, 'authority'), connection.own);
    authority = await authorities.enrol({ mspId: 'AuthorityMSP', user: '测试员', organization: AUTHORITY });
    const opened = await openFabricLedger({ connection, directory, reader: () => authorities.reader() });
    ledger = opened;
    close = async () => {
      await opened.close();
      await authorities.close();
    };
    await found(ledger, authority);
  }, RAISING);

  afterAll(async () => {
    await close();
    await raised.destroy();
  }, MINUTES);

  test(
    'does nothing where the channel runs that code already',
    async () => {
      const { code, stdout } = await raised.run(['upgrade']);
      expect([code, stdout]).toEqual([0, expect.stringContaining('nothing to upgrade')]);
    },
    MINUTES,
  );

  test(
    'loses nothing that was acknowledged while it goes on, and goes on where it was killed',
    async () => {
      const other = otherCode(raised.home);
      const traffic = new Traffic(ledger, authority);
      await killedAfter('every peer has the package', ['upgrade', '--code', other, '--data', raised.data]);
      const upgraded = await raised.run(['upgrade', '--code', other]);
      expect([upgraded.code, upgraded.stdout]).toEqual([0, expect.stringMatching(/upgraded: .*sequence 2/)]);
      const acknowledged = await traffic.end();
      expect(traffic.failures).toEqual([]);
      expect(acknowledged.length).toBeGreaterThan(50);
      for (const id of acknowledged) {
        const read = ledger.evaluate({ identity: authority, transaction: 'organization:get', args: [id] });
        expect(JSON.parse(await read)).toMatchObject({ id });
      }
      const { stdout, code } = await raised.run(['status']);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/chaincode\.2 +well/)]);
      expect(stdout).not.toMatch(/^chaincode /m);
      const restarted = await raised.run(['restart', 'chaincode']); // whichever is in force
      expect([restarted.code, restarted.stderr]).toEqual([0, expect.stringContaining('chaincode.2 is ended')]);
    },
    3 * MINUTES,
  );

  test(
    'has every peer tell the digest of the code that it runs, and names the peers with other code than was approved',
    async () => {
      const { network } = raised;
      const { code } = await deployed(network);
      const told = await ledger.evaluate({ identity: authority, transaction: 'code:about', args: [] });
      expect(JSON.parse(told)).toEqual({ digest: code.digest, version: code.version });
      const file = join(network.folder.chaincode, 'deployment.json');
      const record = readFileSync(file, 'utf8');
      writeFileSync(file, record.replace(code.digest, 'f'.repeat(64)));
      const { code: exit, stdout } = await raised.run(['doctor']);
      writeFileSync(file, record);
      expect(exit).toBe(1);
      for (const name of ['authority', 'agency', 'operator', 'department'])
        expect(stdout).toContain(`peer.${name} answers with code ${code.digest.slice(0, 12)}`);
    },
    MINUTES,
  );
});

/** Four callers that admit organisations one after the other. */
class Traffic {
  readonly failures: unknown[] = [];
  readonly #acknowledged: string[] = [];
  readonly #callers: Promise<void>[];
  #ending = false;

  constructor(ledger: Ledger, identity: Identity) {
    this.#callers = Array.from({ length: 4 }, async () => {
      while (!this.#ending && this.failures.length === 0 && this.#acknowledged.length < 20_000) {
        const id = newCode();
        await submitWithRetry(ledger, { identity, ...admission(id, '途中单位') }).then(
          () => this.#acknowledged.push(id),
          (error: unknown) => this.failures.push(error),
        );
      }
    });
  }

  /** The ids of what was acknowledged. */
  async end(): Promise<readonly string[]> {
    this.#ending = true;
    await Promise.all(this.#callers);
    return this.#acknowledged;
  }
}

/** The chaincode of this tree with a line more. */
function otherCode(home: string): string {
  const folder = join(home, 'other-code');
  for (const part of ['package.json', 'dist'])
    cpSync(join(chaincodeFolder(), part), join(folder, part), { recursive: true });
  symlinkSync(join(__dirname, '..', '..', 'node_modules'), join(folder, 'node_modules'));
  appendFileSync(join(folder, 'dist', 'engine', 'perform.js'), '\n// changed\n');
  return folder;
}
