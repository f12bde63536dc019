// SPDX-License-Identifier: Apache-2.0
import {
  catalogueOf,
  contractMessages,
  type Entries,
  type Given,
  type Language,
  type Message,
} from 'yuanliu-chaincode/messages';
import type { ErrorDetails, Issue } from 'yuanliu-chaincode/vocabulary/error';
import { messages as en, titles as enTitles } from './en/index.js';
import { messages as zhCN, titles as zhTitles } from './zh-CN/index.js';

/** What the gateway itself says, by code; what the contract says is in its own catalogue. */
export const gatewayMessages = catalogueOf({ en, 'zh-CN': zhCN });

/** Titles of the problem types. */
export const titles: Readonly<Record<Language, Readonly<Record<keyof typeof enTitles, string>>>> = {
  'zh-CN': zhTitles,
  en: enTitles,
};

export type GatewayEntries = typeof en;
export type GatewayCode = keyof GatewayEntries;

const entriesIn = (language: Language): Entries => ({
  ...contractMessages.entries[language],
  ...gatewayMessages.entries[language],
});

/** Puts any message into words, the contract's or the gateway's: one may be inside the other. */
export const { textOf } = catalogueOf<Entries>({ en: entriesIn('en'), 'zh-CN': entriesIn('zh-CN') });

/** A message as an error carries it: with its English text, for logs. */
export function say<Code extends GatewayCode>(code: Code, ...given: Given<GatewayEntries[Code]>): ErrorDetails {
  const message = gatewayMessages.message(code, ...given);
  return { ...message, ...textOf('en', message) };
}

/** What is wrong with one field or parameter. */
export function sayOf<Code extends GatewayCode>(
  path: string,
  code: Code,
  ...given: Given<GatewayEntries[Code]>
): Issue & Message {
  const message = gatewayMessages.message(code, ...given);
  return { path, ...message, message: textOf('en', message).message };
}
