// SPDX-License-Identifier: Apache-2.0
import { catalogueOf } from './catalogue.js';
import { messages as en } from './en/index.js';
import { messages as zhCN } from './zh-CN/index.js';

/** What the contract says. */
export const contractMessages = catalogueOf({ en, 'zh-CN': zhCN });

export type ContractEntries = typeof en;
export type ContractCode = keyof ContractEntries;
