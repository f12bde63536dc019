// SPDX-License-Identifier: Apache-2.0

export const failures = {
  unreachable: [
    'no gateway answers at {address}',
    'start one with `yuanliu serve` or `yuanliu demo`, or name another with --gateway',
  ],
  'host-unknown': ['the host of {address} is not known', 'check the name in --gateway, and the DNS of this machine'],
  'not-reached': ['{address} cannot be reached', 'check the network, a firewall or VPN, and the address in --gateway'],
  'connection-lost': [
    'the connection to {address} was lost before its answer was complete',
    'repeat the command; an act is safe to repeat under the same --key',
  ],
  'no-answer-in-time': [
    '{address} did not answer in time',
    'repeat the command; an act is safe to repeat under the same --key',
  ],
  'no-tls': ['{address} does not speak TLS', 'write http:// in --gateway'],
  'certificate-expired': ['the certificate of {address} has expired', 'have the operator of the gateway renew it'],
  'certificate-other-host': [
    'the certificate of {address} is for another host',
    'use the host name of the certificate',
  ],
  'certificate-untrusted': [
    'the certificate of {address} is not trusted ({code})',
    'set NODE_EXTRA_CA_CERTS to the file with the certificate of its authority',
  ],
  'not-http': ['what answers at {address} does not speak HTTP ({code})', 'check the port; TLS needs https://'],
  'not-reached-why': ['{address} cannot be reached: {why}', 'check the address in --gateway'],
  redirects: [
    '{address} answers {status} with {type}{server}, not as a gateway',
    'it redirects to {location}: name the gateway itself with --gateway',
  ],
  'proxy-limit': [
    '{address} answers {status} with {type}{server}, not as a gateway',
    'a proxy limits the size of requests: have it raised, or split the file',
  ],
  'proxy-down': [
    '{address} answers {status} with {type}{server}, not as a gateway',
    'a proxy does not reach its gateway: see whether that runs, then repeat the command',
  ],
  foreign: [
    '{address} answers {status} with {type}{server}, not as a gateway',
    'check the address in --gateway: host, port and path',
  ],
  'no-media-type': ['no media type'],
  'from-server': [' from {server}'],
  'another-address': ['another address'],
  'token-unfit': ['the token is not one: it has spaces or other characters that no token has'],
  'key-unfit': ['--key is not one: 1 to 128 visible ASCII characters, such as a UUID'],
  'address-unfit': ['{gateway} is no address of a gateway: write http://HOST:PORT or https://HOST'],
  'address-too-much': ['{gateway} is no address of a gateway: leave out what follows the path, and user names'],
  'no-kind': ['there is no kind {name}; there are {kinds}'],
} as const;
