// SPDX-License-Identifier: Apache-2.0
import { Socket } from 'node:net';
import { addressKey, addressKeys, type ForwardingHeader } from 'yuanliu-gateway/config/client-address';
import { openDoor } from '../http/door';

const V4 = '203.0.113.7';
const V6 = '2001:db8:0:1::/64';

test.each([
  [V4, V4],
  [` ${V4} `, V4],
  [`${V4}:5000`, V4],
  [`"${V4}:5000"`, V4],
  ['203.000.113.007', V4],
  ['::ffff:203.0.113.7', V4],
  ['::FFFF:cb00:7107', V4],
  ['[::ffff:203.0.113.7]:443', V4],
  ['0:0:0:0:0:ffff:203.0.113.7', V4],
  ['64:ff9b::203.0.113.7', V4],
  ['2001:db8:0:1::9', V6],
  ['2001:DB8:0:1::9', V6],
  ['2001:0db8:0000:0001:0000:0000:0000:0009', V6],
  ['[2001:db8:0:1::9]', V6],
  ['[2001:db8:0:1::9]:443', V6],
  ['"[2001:db8:0:1:ffff::1]:443"', V6],
  ['2001:db8:0:1:2:3:4:5:443', V6],
  ['2001:db8:0:1::9%eth0', V6],
  ['[fe80::1%25eth0]:80', 'fe80:0:0:0::/64'],
])('%s is one client, whichever way it is written (fault C3)', (text, key) => {
  expect(addressKey(text)).toBe(key);
});

test.each([
  '',
  'unknown',
  '_hidden',
  '256.1.1.1',
  '1.2.3',
  '1.2.3.4.5',
  ':',
  ':::',
  '1::2::3',
  '2001:db8',
  'g::1',
  '1:2:3:4:5:6:7:8:9:a',
])('%s is no address', (text) => {
  expect(addressKey(text)).toBeUndefined();
});

/** The key of who comes over a connection from `remote`, with what the proxies say. */
function keyOf(
  remote: string,
  said: Partial<Record<ForwardingHeader, string>>,
  forwardedHeader: ForwardingHeader,
): string {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remote });
  return addressKeys({ trustedProxies: ['10.0.0.0/8', 'fd00::/8'], forwardedHeader })({ socket, headers: said });
}

test('hops are believed from the connection inward, as long as a trusted proxy wrote them (fault C3)', () => {
  const key = (remote: string, list: string): string => keyOf(remote, { 'x-forwarded-for': list }, 'x-forwarded-for');
  expect(key('10.0.0.1', `198.51.100.9, ${V4}:5000`)).toBe(V4);
  expect(key('::ffff:10.0.0.1', `${V4}:1, 10.0.0.2:4433`)).toBe(V4);
  expect(key('fd00::1', `[2001:db8:0:1::9]:5000`)).toBe(V6);
  expect(key('192.0.2.1', V4)).toBe('192.0.2.1');
  expect([key('10.0.0.1', `${V4}, unknown`), key('10.0.0.1', '_secret'), key('10.0.0.1', '')]).toEqual(
    Array(3).fill('10.0.0.1'),
  );
});

test('Forwarded is read as RFC 7239 writes it, where the proxies write that one, and only there (fault C3)', () => {
  const key = (list: string): string =>
    keyOf('10.0.0.1', { forwarded: list, 'x-forwarded-for': '192.0.2.99' }, 'forwarded');
  expect(key(`for=${V4}`)).toBe(V4);
  expect(key(`For="${V4}:47011";proto=http;by=10.0.0.1`)).toBe(V4);
  expect(key(`proto=https; for="[2001:DB8:0:1::9]:4711"`)).toBe(V6);
  expect(key(`for=192.0.2.43, for="${V4}:9"`)).toBe(V4);
  expect(key(`for=${V4}, for=10.0.0.7;by="a,b"`)).toBe(V4);
  expect([key('for=unknown'), key('proto=http'), key('for="')]).toEqual(Array(3).fill('10.0.0.1'));
  expect(keyOf('10.0.0.1', { forwarded: `for=192.0.2.99` }, 'x-forwarded-for')).toBe('10.0.0.1');
});

test('a port, brackets or another address of the same /64 make no new client for the rate limit (fault C3)', async () => {
  const door = await openDoor('empty', { YUANLIU_REQUESTS_PER_MINUTE: '3', YUANLIU_TRUSTED_PROXIES: '127.0.0.1' });
  const ask = async (forwarded: string): Promise<number> =>
    (await door.anyone.get('/api/v1/status', { 'x-forwarded-for': forwarded })).status;
  for (const form of [(n: number) => `${V4}:500${n}`, (n: number) => `[2001:db8::${n}]:5000`]) {
    const statuses: number[] = [];
    for (const n of [1, 2, 3, 4, 5, 6]) statuses.push(await ask(form(n)));
    expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);
  }
  await door.close();
});
