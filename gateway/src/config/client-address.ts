// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http';
import { BlockList } from 'node:net';

/** The headers in which a proxy may say for whom it asks. Only the one that the proxy itself writes may be read. */
export const forwardingHeaders = ['x-forwarded-for', 'forwarded'] as const;
export type ForwardingHeader = (typeof forwardingHeaders)[number];

export interface Forwarding {
  /** Addresses and CIDR ranges of the proxies that are believed. */
  readonly trustedProxies: readonly string[];
  readonly forwardedHeader: ForwardingHeader;
}

/** Tells clients without a token apart: gives the same text for the same client, whatever form its address is written in. */
export type AddressOf = (request: Pick<IncomingMessage, 'socket' | 'headers'>) => string;

/**
 * Finds the client behind trusted proxies: from the connection inward, each hop is believed only if the one that wrote it is
 * trusted. A hop that is no address (`unknown`, `_hidden`) counts as the proxy that wrote it.
 */
export function addressKeys({ trustedProxies, forwardedHeader }: Forwarding): AddressOf {
  const trusted = new BlockList();
  for (const range of trustedProxies) {
    const [address = '', prefix] = range.split('/');
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    trusted.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  }
  return ({ socket, headers }) => {
    let client = parseAddress(socket.remoteAddress ?? '');
    for (const hop of hopsIn(String(headers[forwardedHeader] ?? ''), forwardedHeader)) {
      if (!client || !trusted.check(client.address, client.family)) break;
      const next = parseAddress(hop);
      if (!next) break;
      client = next;
    }
    return client?.key ?? '';
  };
}

/** Every way in which an address is written gives one key: an IPv4 address whole, of an IPv6 address its /64. */
export function addressKey(text: string): string | undefined {
  return parseAddress(text)?.key;
}

interface Address {
  readonly family: 'ipv4' | 'ipv6';
  /** In full, without port and zone. */
  readonly address: string;
  readonly key: string;
}

/** Reads an address as proxies write them: quoted, in brackets, with a port or a zone, with leading zeros. */
function parseAddress(text: string): Address | undefined {
  const bare = text.trim().replace(/^"(.*)"$/, '$1');
  const v4 = /^([\d.]+)(?::\d{1,5})?$/.exec(bare);
  if (v4) return fromIpv4(octetsOf(v4[1] ?? ''));
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(bare)?.[1] ?? bare;
  const groups = groupsOf(bracketed.replace(/%.*$/, ''));
  return groups && fromIpv6(groups);
}

function octetsOf(text: string): number[] | undefined {
  const parts = text.split('.');
  const octets = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : NaN));
  return parts.length === 4 && octets.every((octet) => octet <= 255) ? octets : undefined;
}

function fromIpv4(octets: readonly number[] | undefined): Address | undefined {
  const address = octets?.join('.');
  return address === undefined ? undefined : { family: 'ipv4', address, key: address };
}

/** The eight groups of an IPv6 address; a ninth is a port that was written without brackets. */
function groupsOf(text: string): number[] | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0 || !text.includes(':')) return undefined;
  const [left, right] = [partsOf(head), partsOf(tail ?? '')];
  if (!left || !right) return undefined;
  if (tail === undefined) return left.length === 8 || left.length === 9 ? left.slice(0, 8) : undefined;
  const gap = 8 - left.length - right.length;
  return gap < 1 ? undefined : [...left, ...Array<number>(gap).fill(0), ...right];
}

function partsOf(text: string): number[] | undefined {
  const groups = (text === '' ? [] : text.split(':')).flatMap((part) => {
    if (/^[0-9a-f]{1,4}$/i.test(part)) return [parseInt(part, 16)];
    const [a, b, c, d] = octetsOf(part) ?? [NaN, NaN, NaN, NaN];
    return [(a ?? NaN) * 256 + (b ?? NaN), (c ?? NaN) * 256 + (d ?? NaN)];
  });
  return groups.every((group) => group >= 0 && group <= 0xffff) ? groups : undefined;
}

function fromIpv6(groups: readonly number[]): Address | undefined {
  const prefix = groups.slice(0, 6).join(':');
  const [high = 0, low = 0] = groups.slice(6);
  if (CARRYING_IPV4.includes(prefix) && high > 0) return fromIpv4([high >> 8, high & 255, low >> 8, low & 255]);
  const hex = groups.map((group) => group.toString(16));
  return { family: 'ipv6', address: hex.join(':'), key: `${hex.slice(0, 4).join(':')}::/64` };
}

/** The /96 that hold an IPv4 address: mapped (RFC 4291), compatible (likewise), and of a translator (RFC 6052). */
const CARRYING_IPV4 = [
  [0, 0, 0, 0, 0, 0xffff],
  [0, 0, 0, 0, 0, 0],
  [0x64, 0xff9b, 0, 0, 0, 0],
].map((groups) => groups.join(':'));

/** What a header lists, the nearest hop first. */
function hopsIn(text: string, header: ForwardingHeader): string[] {
  if (text === '') return [];
  if (header === 'x-forwarded-for') return text.split(',').reverse();
  const elements = text.match(/(?:"[^"]*"|[^,"])+/g) ?? [];
  return elements.map((element) => /(?:^|;)\s*for\s*=\s*("[^"]*"|[^;\s]+)/i.exec(element)?.[1] ?? '').reverse();
}
