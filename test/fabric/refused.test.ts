// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, GatewayError, hash, type Gateway, StatusCode } from '@hyperledger/fabric-gateway';
import { common, gateway as service, ledger, msp, peer } from '@hyperledger/fabric-protos';
import { FabricAuthorities } from 'yuanliu-gateway/identity/fabric-authorities';
import { SigningIdentity } from 'yuanliu-gateway/identity/signing-identity';
import { type Connection, readConnection } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { leavesOpen, toPortError } from 'yuanliu-gateway/ledger/fabric/errors';
import { cast } from 'yuanliu-demo/cast';
import { founding } from 'yuanliu-demo/story';
import { expiredClient } from './expired';
import { MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';

/** How a peer says that a certificate is not one of the organisation named beside it. */
const MALFORMED = /access denied: .* creator is malformed/;

/** How a peer says that it does not believe a certificate or signature, without saying why. */
const DENIED = /access denied: channel \[public-data\] creator org \[AuthorityMSP\]/;

/** Sent for real, by a client of its own that obeys nothing, and refused by the peers: not by our code. */
describe('the peers of a Fabric network', () => {
  const clerk = { mspId: 'AuthorityMSP', user: '综合协调岗', organization: cast.authority.code };
  const opened: (() => Promise<void> | void)[] = [];
  let raised: RaisedNetwork;
  let connection: Connection;
  let authorities: FabricAuthorities;
  let client: Client;
  let honest: SigningIdentity;

  beforeAll(async () => {
    raised = await raiseNetwork();
    opened.push(() => raised.destroy());
    connection = await readConnection(raised.connection, 'AuthorityMSP');
    authorities = await FabricAuthorities.open(join(raised.home, 'authority'), connection.own);
    opened.push(() => authorities.close());
    honest = await authorities.enrol(clerk);
    const [nearest] = connection.peers;
    client = new Client(nearest.endpoint, credentials.createSsl(Buffer.from(nearest.tlsRoot)));
    opened.push(() => {
      client.close();
    });
  }, RAISING);

  afterAll(async () => {
    for (const close of opened.reverse()) await close();
  }, MINUTES);

  describe('refuse', () => {
    /** Nothing came of it: the founding act, which everything here tries, has not happened. */
    afterEach(async () => {
      const read = contract(honest).evaluate('organization:get', { arguments: [cast.authority.code] });
      await expect(read).rejects.toThrow(/NOT_FOUND/);
    });

    test.each([
      ['back', -600],
      ['ahead', 600],
    ])('a proposal dated ten minutes %s, and callers are told to set the clock', async (_, seconds) => {
      const error = await refused(() =>
        endorse(honest, (proposal) => {
          shift(proposal, seconds);
        }),
      );
      expect(textOf(error)).toMatch(/incorrect timestamp .*timewindow 5m0s/);
      expect(toPortError(error)).toMatchObject({
        code: 'TIME_WINDOW',
        message: expect.stringContaining('clock') as string,
      });
    });

    test('a certificate that has expired, and callers are told to enrol again', async () => {
      const error = await refused(async () => endorse(await expiredClient(raised, honest.mspId)));
      expect(textOf(error)).toMatch(/identity expired/);
      expect(toPortError(error)).toMatchObject({
        code: 'ACCESS_DENIED',
        message: expect.stringContaining('enrol again') as string,
      });
    });

    test('an identity that calls itself of another organisation', async () => {
      expect(await refusal(() => endorse(calling(honest, 'OperatorMSP')))).toMatch(MALFORMED);
      expect(await refusal(() => endorse(calling(honest, 'NobodyMSP')))).toMatch(MALFORMED);
    });

    test('a certificate that is for TLS only', async () => {
      const [authority] = raised.network.topology.organizations;
      if (!authority) throw new Error('the topology is empty');
      const read = (file: string) => readFile(raised.network.folder.identity(authority, 'peer', 'tls', file), 'utf8');
      const tls = { mspId: authority.mspId, certificate: await read('cert.pem'), privateKey: await read('key.pem') };
      expect(await refusal(() => endorse(new SigningIdentity(tls)))).toMatch(MALFORMED);
    });

    test('a proposal that somebody else signed', async () => {
      const other = await authorities.enrol({ ...clerk, user: '别人' });
      const forged = {
        mspId: honest.mspId,
        certificate: honest.certificate,
        sign: (message: Uint8Array) => other.sign(message),
      };
      expect(await refusal(() => endorse(forged))).toMatch(DENIED);
    });

    describe('in the block', () => {
      test.each<[string, (action: peer.ChaincodeEndorsedAction) => void]>([
        [
          'a transaction with two endorsements of three',
          (action) => {
            action.setEndorsementsList(endorsements(action).slice(0, 2));
          },
        ],
        [
          'one endorsement given three times',
          (action) => {
            const [first] = endorsements(action);
            if (first) action.setEndorsementsList([first, first, first]);
          },
        ],
        [
          'an endorsement with a forged signature',
          (action) => {
            endorsements(action)[0]?.setSignature(honest.sign(Buffer.from('forged')));
          },
        ],
        [
          'two endorsements of peers and one of a client',
          (action) => {
            const endorser = new msp.SerializedIdentity();
            endorser.setMspid(honest.mspId);
            endorser.setIdBytes(Buffer.from(honest.certificate));
            const identity = endorser.serializeBinary();
            const [third] = endorsements(action).slice(2);
            third?.setEndorser(identity);
            third?.setSignature(honest.sign(Buffer.concat([action.getProposalResponsePayload_asU8(), identity])));
          },
        ],
        [
          'a write set that was changed after it was endorsed',
          (action) => {
            tamper(action);
          },
        ],
      ])(
        '%s',
        async (_, forge) => {
          const { bytes, sign } = rewritten(await endorse(honest), forge);
          const status = await as(honest)
            .newSignedTransaction(bytes, sign())
            .submit()
            .then((commit) => commit.getStatus());
          expect([status.successful, status.code]).toEqual([false, StatusCode.ENDORSEMENT_POLICY_FAILURE]);
        },
        MINUTES,
      );
    });

    test(
      'what a revoked certificate signed while it was good, and sends afterwards',
      async () => {
        const leaver = { ...clerk, user: '离任者' };
        const identity = await authorities.enrol(leaver);
        const { bytes, sign } = rewritten(await endorse(identity), () => undefined);
        await authorities.people.revoke(leaver, 'cessationofoperation');
        const { code, stderr } = await raised.run(['crl', 'AuthorityMSP']);
        expect([code, stderr]).toEqual([0, expect.stringContaining('is in the channel')]);
        expect(await refusal(() => endorse(identity))).toMatch(DENIED);
        const sent = () => as(honest).newSignedTransaction(bytes, sign(identity)).submit();
        const error = await refused(sent);
        expect(textOf(error)).toMatch(/status=FORBIDDEN.*'Writers'/);
        expect([leavesOpen(error), toPortError(error)]).toMatchObject([false, { code: 'ACCESS_DENIED' }]);
      },
      MINUTES,
    );
  });

  test('take the same act as it was endorsed', async () => {
    const { bytes, sign } = rewritten(await endorse(honest), () => undefined);
    const commit = await as(honest).newSignedTransaction(bytes, sign()).submit();
    expect((await commit.getStatus()).successful).toBe(true);
  });

  interface Signer {
    readonly mspId: string;
    readonly certificate: string;
    sign(message: Uint8Array): Buffer;
  }

  function as(signer: Signer): Gateway {
    const identity = { mspId: signer.mspId, credentials: Buffer.from(signer.certificate) };
    return connect({ client, identity, hash: hash.none, signer: (message) => Promise.resolve(signer.sign(message)) });
  }

  function contract(identity: Signer) {
    return as(identity).getNetwork(connection.channel).getContract(connection.chaincode);
  }

  /** Has the founding act endorsed, its proposal changed first; returns the gateway's prepared transaction. */
  async function endorse(identity: Signer, change?: (proposal: peer.Proposal) => void): Promise<Uint8Array> {
    const [first] = founding([]);
    if (!first) throw new Error('the story has no beginning');
    const proposal = contract(identity).newProposal(first.act, { arguments: [first.id, JSON.stringify(first.input)] });
    const proposed = service.ProposedTransaction.deserializeBinary(proposal.getBytes());
    const signed = proposed.getProposal() ?? new peer.SignedProposal();
    const decoded = peer.Proposal.deserializeBinary(signed.getProposalBytes_asU8());
    change?.(decoded);
    signed.setProposalBytes(decoded.serializeBinary());
    const bytes = proposed.serializeBinary();
    const endorsed = await as(identity).newSignedProposal(bytes, identity.sign(decoded.serializeBinary())).endorse();
    return endorsed.getBytes();
  }

  function shift(proposal: peer.Proposal, seconds: number): void {
    const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
    const channel = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    const time = channel.getTimestamp();
    time?.setSeconds(time.getSeconds() + seconds);
    header.setChannelHeader(channel.serializeBinary());
    proposal.setHeader(header.serializeBinary());
  }

  /** The prepared transaction with its endorsed action changed, and how its creator signs that. */
  function rewritten(prepared: Uint8Array, forge: (action: peer.ChaincodeEndorsedAction) => void) {
    const transaction = service.PreparedTransaction.deserializeBinary(prepared);
    const envelope = transaction.getEnvelope() ?? new common.Envelope();
    const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
    const data = peer.Transaction.deserializeBinary(payload.getData_asU8());
    for (const one of data.getActionsList()) {
      const action = peer.ChaincodeActionPayload.deserializeBinary(one.getPayload_asU8());
      const endorsed = action.getAction();
      if (endorsed) forge(endorsed);
      one.setPayload(action.serializeBinary());
    }
    payload.setData(data.serializeBinary());
    envelope.setPayload(payload.serializeBinary());
    return {
      bytes: transaction.serializeBinary(),
      sign: (identity: Signer = honest) => identity.sign(envelope.getPayload_asU8()),
    };
  }

  async function refusal(attempt: () => Promise<unknown>): Promise<string> {
    return textOf(await refused(attempt));
  }

  async function refused(attempt: () => Promise<unknown>): Promise<GatewayError> {
    const error = await attempt().then(
      () => new Error('it was accepted'),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof GatewayError)) throw error;
    return error;
  }

  function textOf({ message, details }: GatewayError): string {
    return [message, ...details.map((detail) => detail.message)].join('\n');
  }
});

function calling(identity: SigningIdentity, mspId: string) {
  return { mspId, certificate: identity.certificate, sign: (message: Uint8Array) => identity.sign(message) };
}

function endorsements(action: peer.ChaincodeEndorsedAction): peer.Endorsement[] {
  return action.getEndorsementsList();
}

/** Changes the first value that is written. */
function tamper(action: peer.ChaincodeEndorsedAction): void {
  const response = peer.ProposalResponsePayload.deserializeBinary(action.getProposalResponsePayload_asU8());
  const result = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
  const sets = ledger.rwset.TxReadWriteSet.deserializeBinary(result.getResults_asU8());
  for (const set of sets.getNsRwsetList()) {
    const keyed = ledger.rwset.kvrwset.KVRWSet.deserializeBinary(set.getRwset_asU8());
    keyed.getWritesList()[0]?.setValue(Buffer.from(createHash('sha256').update('tampered').digest('hex')));
    set.setRwset(keyed.serializeBinary());
  }
  result.setResults(sets.serializeBinary());
  response.setExtension$(result.serializeBinary());
  action.setProposalResponsePayload(response.serializeBinary());
}
