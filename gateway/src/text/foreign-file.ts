// SPDX-License-Identifier: Apache-2.0
import type { Message } from 'yuanliu-chaincode/messages';
import { gatewayMessages } from '../messages/index.js';

interface Foreign {
  readonly begins: readonly number[];
  readonly what: Message;
}

const { message } = gatewayMessages;

/** Files that people take for CSV or text, by their first bytes. */
const FOREIGN: readonly Foreign[] = [
  { begins: [0x50, 0x4b, 0x03, 0x04], what: message('is-xlsx') },
  { begins: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], what: message('is-xls') },
  { begins: Array.from(Buffer.from('%PDF-')), what: message('is-pdf') },
  { begins: [0x1f, 0x8b], what: message('is-compressed', { format: 'gzip' }) },
  { begins: Array.from(Buffer.from('Rar!')), what: message('is-compressed', { format: 'RAR' }) },
  { begins: [0x37, 0x7a, 0xbc, 0xaf], what: message('is-compressed', { format: '7z' }) },
];

/** What a file is that is no text, and what to do with it; undefined for any other. */
export function foreignFile(bytes: Uint8Array): Message | undefined {
  return FOREIGN.find(({ begins }) => begins.every((byte, place) => bytes[place] === byte))?.what;
}
