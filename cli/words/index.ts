// SPDX-License-Identifier: Apache-2.0
import { catalogueOf, type Given, type Text } from 'yuanliu-chaincode/messages';
import { language } from '../lang.js';
import { messages as en } from './en/index.js';
import { messages as zhCN } from './zh-CN/index.js';

/** What the command line says, by code. */
export const cliMessages = catalogueOf({ en, 'zh-CN': zhCN });

type CliEntries = typeof en;
export type CliCode = keyof CliEntries;

/** A text in the language of this command. */
export function said<Code extends CliCode>(code: Code, ...given: Given<CliEntries[Code]>): string {
  return textOf(code, ...given).message;
}

/** The same with what to do. */
export function textOf<Code extends CliCode>(code: Code, ...given: Given<CliEntries[Code]>): Text {
  return cliMessages.textOf(language, cliMessages.message(code, ...given));
}
