// SPDX-License-Identifier: Apache-2.0
/**
 * Everything that is said to people, by code and in every language. Nothing here needs the contract, so that gateway,
 * command line and browser can put what is on the ledger into words.
 */
export { beijingTime } from './beijing-time.js';
export { catalogueOf, type Catalogue, type Text, type Translation } from './catalogue.js';
export { contractMessages, type ContractCode, type ContractEntries } from './contract.js';
export { labelsIn, words, type Labels } from './labels.js';
export { languages, slotsOf, type Entries, type Entry, type Given, type Language, type Message } from './template.js';
export type { Param, Params, ParamsOf } from './template.js';
export { worded, type Worded } from './worded.js';
export type { KindWords, LanguageWords } from './words.js';
