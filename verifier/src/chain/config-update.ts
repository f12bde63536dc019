// SPDX-License-Identifier: Apache-2.0
import { decodeChannel, type Channel } from '../channel/channel.js';
import { decodeConfigGroup, type ConfigEntry, type ConfigGroup } from '../channel/config-group.js';
import type { DecodedBlock } from '../block/decode.js';
import { VerificationError } from '../wire/error.js';
import type { Identity } from '../identity/membership.js';
import { Message } from '../wire/message.js';
import { satisfies } from '../identity/policy.js';
import { checkChannel, type Trust, type TrustedChannel } from './trust.js';

/**
 * Checks a block that changes the channel's configuration: alone in its block, one sequence on, its organisations still those
 * the caller trusts, and every change in it signed by those whom the configuration before it lets decide on that
 * element (Fabric `common/configtx`). Returns the channel as it is from the next block on.
 *
 * @throws VerificationError `CONFIG_UPDATE`, `UNTRUSTED_ROOTS`, `UNTRUSTED_GENESIS` for policies weakened below what the
 *   caller asks, `MALFORMED`.
 */
export function checkConfigUpdate(block: DecodedBlock, channel: TrustedChannel, trust: Trust): TrustedChannel {
  const [transaction] = block.transactions;
  if (!transaction || block.transactions.length > 1) throw refusal('it is not alone in its block');
  if (transaction.channel !== channel.name) throw refusal(`it is of channel ${transaction.channel}`);
  const next = decodeChannel(transaction.data);
  if (next.sequence !== channel.sequence + 1) throw refusal(`sequence ${next.sequence} after ${channel.sequence}`);
  const update = decodeUpdate(transaction.data, channel.name);
  const signers = validSigners(update, channel);
  const before = elementsOf(channel.root);
  const changes = changesOf(before, elementsOf(update.readSet), elementsOf(update.writeSet));
  for (const [name, change] of changes) checkChange(name, before.get(name), change, channel, signers);
  if (!sameElements(reachable(new Map([...before, ...changes])), elementsOf(next.root))) {
    throw refusal('the new configuration is not the old one with the signed changes');
  }
  checkChannel(next, trust);
  return { ...next, name: channel.name };
}

/** A group, value or policy of the tree; all of a tree are kept by kind and path, `group /Channel/Application`. */
interface Element {
  readonly version: number;
  readonly modPolicy: string;
  /** The path of the group whose policies a relative `modPolicy` means. */
  readonly group: string;
  /** Of a group the names of its members, of anything else its bytes as hex. */
  readonly content: readonly string[];
}

type Elements = ReadonlyMap<string, Element>;

interface Update {
  readonly readSet: ConfigGroup;
  readonly writeSet: ConfigGroup;
  /** What was signed, and by whom. */
  readonly bytes: Buffer;
  readonly signatures: readonly Message[];
}

function decodeUpdate(configEnvelope: Buffer, channelName: string): Update {
  const payload = new Message(configEnvelope).message(2).embedded(1);
  const envelope = payload.embedded(2);
  const update = envelope.embedded(1);
  if (update.string(1) !== channelName) throw refusal(`the update is for channel ${update.string(1)}`);
  return {
    readSet: decodeConfigGroup(update.message(2)),
    writeSet: decodeConfigGroup(update.message(3)),
    bytes: update.buffer,
    signatures: envelope.messages(2),
  };
}

/** Who signed the update, each once: signature header ‖ update. */
function validSigners({ bytes, signatures }: Update, channel: Channel): Identity[] {
  const signers = new Map<string, Identity>();
  for (const signature of signatures) {
    const header = signature.bytes(1);
    const identity = channel.identities.find(new Message(header).bytes(1));
    if (!identity || signers.has(identity.keyId)) continue;
    if (identity.verify(Buffer.concat([header, bytes]), signature.bytes(2))) signers.set(identity.keyId, identity);
  }
  return [...signers.values()];
}

/** What the update changes: the elements whose version in the write set is not the one it read. */
function changesOf(before: Elements, read: Elements, written: Elements): Elements {
  for (const [name, { version }] of read) {
    if (before.get(name)?.version !== version) throw refusal(`the update was made on another version of ${name}`);
  }
  return new Map([...written].filter(([name, { version }]) => read.get(name)?.version !== version));
}

/** A change is of the version that is due, and signed as the element's policy before the change asks. */
function checkChange(
  name: string,
  before: Element | undefined,
  change: Element,
  channel: Channel,
  signers: readonly Identity[],
): void {
  const due = before ? before.version + 1 : 0;
  if (change.version !== due) throw refusal(`${name} is set to version ${change.version}, ${due} is due`);
  // A new element needs no signature of its own: it changes the membership of its group, which is a change of the group.
  if (!before) return;
  const { modPolicy, group } = before;
  const policy = channel.policy(modPolicy.startsWith('/') ? modPolicy : `${group}/${modPolicy}`);
  if (!satisfies(signers, policy)) throw refusal(`${name} is changed without the signatures of its ${modPolicy}`);
}

function elementsOf(root: ConfigGroup): Map<string, Element> {
  const all = new Map<string, Element>();
  const add = (node: ConfigGroup, path: string): void => {
    const entries = [...named('value', path, node.values), ...named('policy', path, node.policies)];
    const groups = named('group', path, node.groups);
    const content = [...entries, ...groups].map(([name]) => name).sort();
    all.set(`group ${path}`, { version: node.version, modPolicy: node.modPolicy, group: path, content });
    for (const [name, { version, modPolicy, content: bytes }] of entries) {
      all.set(name, { version, modPolicy, group: path, content: [bytes.toString('hex')] });
    }
    for (const [name, group] of groups) add(group, name.slice('group '.length));
  };
  add(root, rootPath);
  return all;
}

const rootPath = '/Channel';

function named<T extends ConfigGroup | ConfigEntry>(
  kind: string,
  path: string,
  map: ReadonlyMap<string, T>,
): [string, T][] {
  // A name with a slash could stand for another element of the tree.
  return [...map].map(([name, node]) => {
    if (name.includes('/')) throw refusal(`${name} is no name`);
    return [`${kind} ${path}/${name}`, node];
  });
}

/** What is left when groups that no longer name a member have lost it. */
function reachable(all: Elements): Elements {
  const kept = new Map<string, Element>();
  const keep = (name: string): void => {
    const element = all.get(name);
    if (!element) throw refusal(`${name} is named but nowhere given`);
    kept.set(name, element);
    if (name.startsWith('group ')) element.content.forEach(keep);
  };
  keep(`group ${rootPath}`);
  return kept;
}

function sameElements(a: Elements, b: Elements): boolean {
  return a.size === b.size && [...a].every(([name, element]) => same(element, b.get(name)));
}

function same(a: Element, b: Element | undefined): boolean {
  const text = ({ version, modPolicy, content }: Element): string => JSON.stringify([version, modPolicy, content]);
  return b !== undefined && text(a) === text(b);
}

function refusal(message: string): VerificationError {
  return new VerificationError('CONFIG_UPDATE', message, { step: 'configuration' });
}
