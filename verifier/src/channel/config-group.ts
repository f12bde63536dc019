// SPDX-License-Identifier: Apache-2.0
import { malformed } from '../wire/error.js';
import { Message } from '../wire/message.js';

/** One node of a channel's configuration tree (`common.ConfigGroup`). */
export interface ConfigGroup {
  readonly version: number;
  readonly groups: ReadonlyMap<string, ConfigGroup>;
  readonly values: ReadonlyMap<string, ConfigEntry>;
  readonly policies: ReadonlyMap<string, ConfigEntry>;
  /** Which policy decides on changes of this node's members. */
  readonly modPolicy: string;
}

/** A value or a policy in the tree. */
export interface ConfigEntry {
  readonly version: number;
  readonly content: Buffer;
  readonly modPolicy: string;
}

/** Channel → Application → organisation is three deep; the nesting is a stranger's, the stack ours. */
const maximumDepth = 8;

/** Decodes a configuration tree. Throws `MALFORMED`, also for one nested too deeply. */
export function decodeConfigGroup(message: Message, depth = 0): ConfigGroup {
  if (depth > maximumDepth) throw malformed('a configuration nested too deeply');
  return {
    version: message.uint(1),
    groups: decodeMap(message.messages(2), (group) => decodeConfigGroup(new Message(group), depth + 1)),
    values: decodeMap(message.messages(3), decodeEntry),
    policies: decodeMap(message.messages(4), decodeEntry),
    modPolicy: message.string(5),
  };
}

function decodeEntry(bytes: Buffer): ConfigEntry {
  const entry = new Message(bytes);
  return { version: entry.uint(1), content: entry.bytes(2), modPolicy: entry.string(3) };
}

function decodeMap<T>(entries: readonly Message[], decode: (bytes: Buffer) => T): Map<string, T> {
  const map = new Map<string, T>();
  // As in Go, the last entry of a name counts.
  for (const entry of entries) map.set(entry.string(1), decode(entry.message(2).buffer));
  return map;
}
