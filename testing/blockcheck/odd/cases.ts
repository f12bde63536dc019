// SPDX-License-Identifier: Apache-2.0
import { bytesField } from 'yuanliu-verifier/wire/encode';
import type { Random } from '../../random.js';
import { bentCertificate, certificates, pems, signatures } from './encodings.js';
import { delimited, fieldsOf } from './fields.js';
import { buildEnvelope, CHAINCODE, identity, LAYERS, type Layer, type Parts, text, type Twist } from './layers.js';
import { keySetCases } from './key-sets.js';
import { messageMutators, type Mutate } from './mutators.js';
import type { World } from './world.js';

/** One odd transaction: what is odd about it, and how it is made, with a key of its own to write. */
export interface Case {
  readonly name: string;
  build(world: World, key: string, random: Random): Buffer;
}

/** Every kind of oddness once, by name. */
export function namedCases(): Case[] {
  return [
    ...ofLayers(),
    ...ofSignatures(),
    ...ofCertificates(),
    ...ofEndorsements(),
    ...ofContent(),
    ...keySetCases(parts),
  ];
}

/** An odd transaction of one or two mutations at random places. */
export function randomCase(random: Random): Case {
  const twists = Array.from({ length: 1 + random.below(2) }, () => {
    const [name, mutate] = random.pick(Object.entries(messageMutators));
    return { name, mutate, layer: random.pick(messageLayers) };
  });
  return {
    name: twists.map(({ name, layer }) => `${layer}: ${name}`).join(' and '),
    build: (world, key, source) =>
      buildEnvelope(parts(world, key), (at, bytes, place) =>
        twists.reduce(
          (changed, { layer, mutate }) => (at === layer && place === 0 ? mutate(changed, source) : changed),
          bytes,
        ),
      ),
  };
}

const messageLayers = LAYERS.filter((layer) => !layer.endsWith('Pem') && !layer.endsWith('Signature'));

function parts({ client, members }: World, key: string): Parts {
  return { client, endorsers: members.flatMap(({ peer }) => peer ?? []).slice(0, 3), channel: 'odd', key };
}

function at(layer: Layer, change: (bytes: Buffer) => Buffer): Twist {
  return (here, bytes, place) => (here === layer && place === 0 ? change(bytes) : bytes);
}

function ofLayers(): Case[] {
  return messageLayers.flatMap((layer) =>
    Object.entries(messageMutators).map(([name, mutate]: [string, Mutate]) => ({
      name: `${layer}: ${name}`,
      build: (world, key, random) =>
        buildEnvelope(
          parts(world, key),
          at(layer, (bytes) => mutate(bytes, random)),
        ),
    })),
  );
}

function ofSignatures(): Case[] {
  return (['creatorSignature', 'endorserSignature'] as const).flatMap((layer) =>
    Object.entries(signatures).map(([name, bend]) => ({
      name: `${layer}: ${name}`,
      build: (world, key) => buildEnvelope(parts(world, key), at(layer, bend)),
    })),
  );
}

function ofCertificates(): Case[] {
  return (['creatorPem', 'endorserPem'] as const).flatMap((layer) => [
    ...Object.entries(pems).map(([name, bend]) => ({
      name: `${layer}: ${name}`,
      build: (world: World, key: string) => {
        const change = (pem: Buffer): Buffer =>
          Buffer.from(bend(pem.toString('latin1'), world.admin.certificate), 'latin1');
        return buildEnvelope(parts(world, key), at(layer, change));
      },
    })),
    ...Object.entries(certificates).map(([name, bend]) => ({
      name: `${layer}: DER with ${name}`,
      build: (world: World, key: string) =>
        buildEnvelope(
          parts(world, key),
          at(layer, (pem) => Buffer.from(bentCertificate(pem.toString(), bend))),
        ),
    })),
  ]);
}

function ofEndorsements(): Case[] {
  const garbage = Buffer.from('ff8001', 'hex');
  const more = (change: (endorsement: Buffer) => Buffer[]): ((world: World, key: string) => Buffer) => {
    const add = (action: Buffer): Buffer =>
      Buffer.concat(
        fieldsOf(action).flatMap(({ field, content, bytes }) =>
          field === 2 ? change(content).map((one) => delimited(2, one)) : [bytes],
        ),
      );
    return (world, key) => buildEnvelope(parts(world, key), at('endorsedAction', add));
  };
  const by = (choose: (world: World) => Parts['endorsers']): ((world: World, key: string) => Buffer) => {
    return (world, key) => buildEnvelope({ ...parts(world, key), endorsers: choose(world) }, same);
  };
  const peers = (world: World): NonNullable<Parts['endorsers']> => world.members.flatMap(({ peer }) => peer ?? []);
  const cases: Record<string, (world: World, key: string) => Buffer> = {
    'one more with a garbage identity': more((one) => [
      one,
      Buffer.concat([bytesField(1, garbage), bytesField(2, one)]),
    ]),
    'one more that is empty': more((one) => [one, Buffer.alloc(0)]),
    'one more of an unknown organisation': more((one) => [one, bytesField(1, identity('NobodyMSP', garbage))]),
    'each of them twice': more((one) => [one, one]),
    'none of them': more(() => []),
    'by four peers': by(peers),
    'by two peers': by((world) => peers(world).slice(0, 2)),
    'by two peers and one of them again': by((world) => [...peers(world).slice(0, 2), ...peers(world).slice(0, 1)]),
    'by two peers and an orderer': by((world) => [
      ...peers(world).slice(0, 2),
      world.members[2]?.orderer ?? world.client,
    ]),
    'by two peers and a client': by((world) => [...peers(world).slice(0, 2), world.client]),
    'by three peers and a client': by((world) => [world.client, ...peers(world).slice(0, 3)]),
    'by three peers and a stranger': by((world) => [world.stranger, ...peers(world).slice(0, 3)]),
  };
  return Object.entries(cases).map(([name, build]) => ({ name: `endorsed: ${name}`, build }));
}

const same: Twist = (_, bytes) => bytes;

function ofContent(): Case[] {
  const as = (choose: (world: World) => Parts['client']): Case['build'] => {
    return (world, key) => buildEnvelope({ ...parts(world, key), client: choose(world) }, same);
  };
  const withParts = (change: (plain: Parts) => Partial<Parts>): Case['build'] => {
    return (world, key) => buildEnvelope({ ...parts(world, key), ...change(parts(world, key)) }, same);
  };
  const header = (hex: string): Case['build'] => withParts(() => ({ channelHeader: Buffer.from(hex, 'hex') }));
  const cases: Record<string, Case['build']> = {
    'nothing odd': as(({ client }) => client),
    'created by an administrator': as(({ admin }) => admin),
    'created by a peer': as(({ members, client }) => members[0]?.peer ?? client),
    'created by an orderer': as(({ members, client }) => members[0]?.orderer ?? client),
    'created by a stranger': as(({ stranger }) => stranger),
    'created with a key on P-224': as(({ curves, client }) => curves['P-224'] ?? client),
    'created with a key on P-384': as(({ curves, client }) => curves['P-384'] ?? client),
    'created with a key on P-521': as(({ curves, client }) => curves['P-521'] ?? client),
    'a nonce of one byte': withParts(() => ({ nonce: Buffer.from([7]) })),
    'no nonce': withParts(() => ({ nonce: Buffer.alloc(0) })),
    'another channel': withParts(() => ({ channel: 'other' })),
    'an epoch': header('3001'),
    'an epoch of 64 bits': header('30808080808080808001'),
    'another version': header('10ffffffffffffffffff01'),
    'the type of a configuration update': header('0802'),
    'the type of a configuration': header('0801'),
    'the type of a message': header('0800'),
    'an unknown type': header('0863'),
    'a type with high bits': header('0883808080f0ffffffff01'),
    'a type whose high bits do not count': header('088380808010'),
    'a type twice': header('08000803'),
    'a timestamp twice': header('1a0208051a021007'),
    'a timestamp before all time': header('1a0b08ffffffffffffffffff01'),
    'a timestamp after all time': header('1a0908ffffffffffffff7f'),
    'nanoseconds below zero': header('1a0b10ffffffffffffffffff01'),
    'a TLS hash': header('4202abcd'),
    'an event of another chaincode': withParts(() => ({ event: text(1, 'other') })),
    'an event of no chaincode': withParts(() => ({ event: text(3, 'e') })),
    'no event': withParts(() => ({ event: Buffer.alloc(0) })),
    'an event that is garbage': withParts(() => ({ event: Buffer.from('ff8001', 'hex') })),
  };
  const responseOf = (id: Buffer): Case['build'] => {
    return (world, key) =>
      buildEnvelope(
        parts(world, key),
        at('chaincodeId', () => id),
      );
  };
  const calls: Record<string, Case['build']> = {
    'another chaincode answers': responseOf(Buffer.concat([text(2, 'other'), text(3, '1')])),
    'no version answers': responseOf(text(2, CHAINCODE)),
    'a path answers too': responseOf(Buffer.concat([text(1, 'a/b'), text(2, CHAINCODE), text(3, '1')])),
    'no chaincode is called': (world, key) =>
      buildEnvelope(
        parts(world, key),
        at('extension', () => Buffer.alloc(0)),
      ),
    'another caller is endorsed': (world, key) =>
      buildEnvelope(
        parts(world, key),
        at('actionHeader', (bytes) =>
          Buffer.concat([bytes, bytesField(1, identity('DeveloperMSP', Buffer.from(world.admin.certificate)))]),
        ),
      ),
    'another nonce is endorsed': (world, key) =>
      buildEnvelope(
        parts(world, key),
        at('actionHeader', (bytes) => Buffer.concat([bytes, bytesField(2, Buffer.from('other'))])),
      ),
  };
  return Object.entries({ ...cases, ...calls }).map(([name, build]) => ({ name: `content: ${name}`, build }));
}
