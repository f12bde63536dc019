// SPDX-License-Identifier: Apache-2.0
export * from './decode.js';
export * from './error.js';
export * from './hash.js';
export * from './read-write-set.js';
export * from './transaction.js';
export * from './validation-code.js';
