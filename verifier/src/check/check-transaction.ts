// SPDX-License-Identifier: Apache-2.0
import { checkEndorsements, remarkOnEndorsements, type EndorsementContext } from './check-endorsements.js';
import { unsupported } from '../channel/definitions.js';
import { malformed, VerificationError, type Step, type VerificationCode } from '../wire/error.js';
import { sha256 } from '../wire/hash.js';
import { schemas, wellFormed } from '../wire/schema.js';
import type { DecodedTransaction } from '../block/transaction.js';

/** What a transaction is checked against. */
export interface TransactionContext extends EndorsementContext {
  readonly channelName: string;
  /** Whether an earlier block holds a transaction of this id. */
  readonly isKnown: (txId: string) => boolean;
  /** Counts a step taken. */
  readonly count?: (step: Step) => void;
}

/**
 * All that Fabric's peers ask of a transaction before they look at the state, in their order and no more than they ask:
 * who sent it, that its id is its own, that the endorsers endorsed this proposal and no other, and that enough of them
 * did. What this package would ask beyond that is in {@link remarksOn}: it never makes a transaction invalid that the
 * peers found valid.
 *
 * @throws VerificationError at the first step that fails; `UNSUPPORTED` where nothing is known to be wrong, but this
 *   package cannot tell.
 */
export function checkTransaction(transaction: DecodedTransaction, context: TransactionContext): void {
  const done = context.count ?? (() => undefined);
  checkHeader(transaction);
  done('structure');
  checkCreator(transaction, context);
  done('creator');
  checkTransactionId(transaction);
  done('transaction-id');
  checkProposal(transaction);
  done('proposal');
  checkNotRepeated(transaction, context);
  checkChaincode(transaction);
  checkEndorsements(transaction, context);
  done('endorsement');
}

/** What an honest ledger never has, though Fabric's peers take it: of a transaction that passed {@link checkTransaction}. */
export function remarksOn(transaction: DecodedTransaction, context: TransactionContext): VerificationError[] {
  const { channel } = context;
  const { identities } = channel;
  const [creator, caller] = [identities.find(transaction.creatorBytes), identities.find(transaction.callerBytes)];
  const sets = transaction.readWriteSets.flatMap((set) => [set, ...set.collections]);
  const found: (VerificationError | false | undefined)[] = [
    (creator?.role === 'peer' || creator?.role === 'orderer') &&
      refusal('CREATOR', 'creator', `the creator is a ${creator.role}, not a client`),
    (caller?.mspId !== creator?.mspId || caller?.keyId !== creator?.keyId) &&
      refusal('PROPOSAL', 'proposal', 'the contract saw another caller than the creator'),
    sets.some(({ metadataWrites }) => metadataWrites.length > 0) && unsupported('it writes key-level metadata'),
    sets.some(({ writes }) => new Set(writes.map(({ key }) => key)).size < writes.length) &&
      refusal('READ_WRITE_SET', 'endorsement', 'it writes a key twice, which keeps the value before'),
    remarkOnEndorsements(transaction, context),
  ];
  return found.flatMap((remark) => remark || []);
}

function checkHeader(transaction: DecodedTransaction): void {
  const { channelHeader, type } = transaction;
  if (type !== 'ENDORSER_TRANSACTION') throw malformed('neither a chaincode call nor a configuration');
  if (channelHeader.uint64(6) !== 0n) throw malformed('an epoch other than 0');
  if (transaction.nonce.length === 0) throw malformed('no nonce');
  if (transaction.creatorBytes.length === 0) throw malformed('no creator');
}

/** Signed by a member of one of the channel's organisations, for this channel. */
function checkCreator(transaction: DecodedTransaction, { channel, channelName }: TransactionContext): void {
  // A transaction of another channel of the same organisations is properly signed too.
  if (transaction.channel !== channelName) {
    throw refusal('CHANNEL', 'creator', `signed for channel ${transaction.channel}, not ${channelName}`);
  }
  const creator = channel.identities.find(transaction.creatorBytes);
  if (!creator) throw refusal('CREATOR', 'creator', 'the creator is no member of the channel');
  if (!creator.verify(transaction.payload, transaction.signature)) {
    throw refusal('CREATOR_SIGNATURE', 'creator', "the creator's signature does not verify");
  }
}

/** The id is the hash of nonce and creator, so nobody can take another's id or use one twice. */
function checkTransactionId({ txId, nonce, creatorBytes }: DecodedTransaction): void {
  if (sha256(nonce, creatorBytes).toString('hex') === txId) return;
  throw refusal('TRANSACTION_ID', 'transaction-id', 'the transaction id is not the hash of nonce and creator');
}

/** The endorsers signed the hash of exactly this header and these arguments. */
function checkProposal(transaction: DecodedTransaction): void {
  const { signatureHeader, signatureHeaderBytes, proposalHash, proposalPayloadBytes } = transaction.endorsed;
  if (signatureHeader.bytes(1).length === 0 || signatureHeader.bytes(2).length === 0) {
    throw malformed('an action without a creator or a nonce');
  }
  if (proposalPayloadBytes.length === 0) throw malformed('an action without a proposal');
  // Fabric lets the action carry a signature header of its own: see the remarks.
  const hash = sha256(transaction.channelHeader.buffer, signatureHeaderBytes, proposalPayloadBytes);
  if (!hash.equals(proposalHash)) throw refusal('PROPOSAL', 'proposal', 'the endorsers endorsed another proposal');
}

function checkNotRepeated({ txId }: DecodedTransaction, { isKnown }: TransactionContext): void {
  if (!isKnown(txId)) return;
  throw refusal('DUPLICATE_TRANSACTION', 'transaction-id', `transaction ${txId} is already in an earlier block`);
}

/** The action is of the chaincode that was called, and its parts agree on that. */
function checkChaincode(transaction: DecodedTransaction): void {
  const extension = wellFormed(transaction.channelHeader.bytes(7), schemas.ChaincodeHeaderExtension);
  const called = extension.message(2).string(2);
  const { name, version } = transaction.chaincode;
  if (called === '' || called !== name || version === '') {
    throw refusal('READ_WRITE_SET', 'endorsement', 'the chaincode called is not the one that answered');
  }
  const { event } = transaction;
  if (event && event.chaincode !== name) {
    throw refusal('READ_WRITE_SET', 'endorsement', 'an event in the name of another chaincode');
  }
  const namespaces = transaction.readWriteSets.map(({ namespace }) => namespace);
  if (new Set(namespaces).size !== namespaces.length) {
    throw refusal('READ_WRITE_SET', 'endorsement', 'a namespace occurs twice in the read-write set');
  }
}

function refusal(code: VerificationCode, step: Step, message: string): VerificationError {
  return new VerificationError(code, message, { step });
}
