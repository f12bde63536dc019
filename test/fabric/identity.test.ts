// SPDX-License-Identifier: Apache-2.0
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { FabricAuthorities } from 'yuanliu-gateway/identity/fabric-authorities';
import { openFabricLedger } from 'yuanliu-gateway/ledger/fabric/ledger';
import { type Connection, readConnection, trustOf } from 'yuanliu-gateway/ledger/fabric/connection-file';
import type { Identity, Ledger } from 'yuanliu-gateway/ledger/port';
import { cast } from 'yuanliu-demo/cast';
import { founding } from 'yuanliu-demo/story';
import { storedBlocks } from 'yuanliu-cli/stored-blocks';
import { decodeBlock, verifyChain } from 'yuanliu-verifier';
import { wholeResult } from '../builders';
import { MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';

/** People of two organisations, certified by their own Fabric CAs, on a network of four peers. */
describe('the people of an organisation on a Fabric network', () => {
  const clerk = { mspId: 'AuthorityMSP', user: '综合协调岗', organization: cast.authority.code };
  const colleague = { ...clerk, user: '同事' };
  const developer = { mspId: 'DeveloperMSP', user: '开发岗', organization: cast.developer.code };
  const opened: (() => Promise<void>)[] = [];
  let raised: RaisedNetwork;
  let connection: Connection;
  let authorities: FabricAuthorities;
  let developers: FabricAuthorities;
  let ledger: Ledger;
  let now = () => new Date();

  beforeAll(async () => {
    raised = await raiseNetwork();
    opened.push(() => raised.destroy());
    connection = await readConnection(raised.connection, 'AuthorityMSP');
    const clock = { clock: () => now() };
    authorities = await FabricAuthorities.open(join(raised.home, 'authority'), connection.own, clock);
    opened.push(() => authorities.close());
    const { own } = await readConnection(raised.connection, 'DeveloperMSP');
    developers = await FabricAuthorities.open(join(raised.home, 'developer'), own, clock);
    opened.push(() => developers.close());
    const directory = await mkdtemp(join(raised.home, 'ledger-'));
    ledger = await openFabricLedger({ connection, directory, reader: () => authorities.reader() });
    opened.push(() => ledger.close());
  }, RAISING);

  afterAll(async () => {
    for (const close of opened.reverse()) await close();
  }, MINUTES);

  /** A transaction that everybody may make and that changes nothing. */
  const act = (identity: Identity) =>
    ledger.submit({ identity, transaction: 'org.hyperledger.fabric:GetMetadata', args: [] });

  test(
    'are registered, enrolled, and act',
    async () => {
      const { people } = authorities;
      expect(await people.register(clerk)).toMatchObject({ state: 'registered' });
      const identity = await people.enrol(clerk);
      expect(people.list()).toMatchObject([{ user: clerk.user, state: 'enrolled' }]);
      const [first] = founding([]);
      if (!first) throw new Error('the story has no beginning');
      const args = [first.id, JSON.stringify(first.input)];
      const { result, receipt } = await ledger.submit({ identity, transaction: first.act, args });
      const { record } = await wholeResult(ledger, result, receipt);
      expect(record.act).toMatchObject({ user: clerk.user, organization: clerk.organization });
    },
    MINUTES,
  );

  test(
    'get a new certificate before theirs expires, which acts at once; the one before goes on acting',
    async () => {
      const before = await authorities.people.enrol(clerk);
      now = () => new Date(Date.now() + 300 * 24 * 3_600_000); // of the 365 days that the authority gives
      expect(await authorities.people.enrol(clerk)).toBe(before);
      const { serial } = await authorities.people.register(clerk); // waits for the renewal that has begun
      const renewed = await authorities.people.enrol(clerk);
      now = () => new Date();
      expect(renewed.certificate).not.toBe(before.certificate);
      expect(authorities.people.list()).toMatchObject([{ serial }]);
      for (const identity of [renewed, before]) expect((await act(identity)).receipt.validationCode).toBe('VALID');
    },
    MINUTES,
  );

  test(
    'are not enrolled where the registrar’s secret is wrong, which is said with what to do',
    async () => {
      const { own } = connection;
      const registrar = { user: 'registrar', secret: 'wrong' };
      const member = { ...own, authority: { ...own.authority, registrar } };
      const others = await FabricAuthorities.open(join(raised.home, 'wrong-secret'), member);
      await expect(others.enrol(clerk)).rejects.toMatchObject({
        code: 'AUTHORITY_FAILED',
        message: expect.stringContaining('Authentication failure') as string,
        details: { code: 'authority-refused-registrar' },
      });
      await others.close();
    },
    MINUTES,
  );

  test(
    'whose certificate has expired are named',
    async () => {
      await authorities.people.enrol(colleague);
      now = () => new Date(Date.now() + 366 * 24 * 3_600_000);
      const states = authorities.people.list().map(({ user, state }) => [user, state]);
      now = () => new Date();
      expect(states).toEqual([
        [colleague.user, 'expired'],
        [clerk.user, 'expired'],
      ]);
    },
    MINUTES,
  );

  test(
    'who were revoked are refused by the peers once the list is in the channel, with all their certificates',
    async () => {
      const { people } = authorities;
      const old = await people.enrol(clerk);
      await people.renew(clerk);
      const current = await people.enrol(clerk);
      const other = await people.enrol(colleague);
      const { receipt: last } = await act(current);
      expect(await crl('AuthorityMSP')).toMatchObject({ revoked: 0, changed: false });

      await people.revoke(clerk, 'keycompromise');
      await expect(people.enrol(clerk)).rejects.toMatchObject({ code: 'REVOKED' });
      expect((await act(current)).receipt.validationCode).toBe('VALID'); // the peers do not know yet

      const taken = await crl('AuthorityMSP');
      expect(taken).toMatchObject({ changed: true });
      for (const identity of [old, current]) {
        await expect(act(identity)).rejects.toMatchObject({
          code: 'ACCESS_DENIED',
          message: expect.stringMatching(/this certificate or signature is not accepted: enrol again/) as string,
        });
      }
      expect((await act(other)).receipt.validationCode).toBe('VALID');
      expect(await crl('AuthorityMSP')).toEqual({ ...taken, changed: false });

      const trust = trustOf(connection);
      const verdict = await verifyChain(await chain(), trust);
      expect(verdict.findings).toEqual([]); // also what the revoked one signed before
      expect((await chain()).some((bytes) => decodeBlock(bytes).number === last.blockNumber)).toBe(true);
    },
    2 * MINUTES,
  );

  test(
    'of an organisation without nodes are revoked alike',
    async () => {
      const identity = await developers.enrol(developer);
      expect((await act(identity)).receipt.validationCode).toBe('VALID');
      await developers.people.revoke(developer, 'affiliationchange');
      expect(await crl('DeveloperMSP')).toEqual({ mspId: 'DeveloperMSP', revoked: 1, changed: true });
      await expect(act(identity)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    },
    MINUTES,
  );

  async function crl(mspId: string): Promise<object> {
    const { code, stdout, stderr } = await raised.run(['crl', mspId, '--json']);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as object;
  }

  async function chain(): Promise<Uint8Array[]> {
    const blocks: Uint8Array[] = [];
    for await (const { bytes } of storedBlocks(ledger)) blocks.push(bytes);
    return blocks;
  }
});
