// SPDX-License-Identifier: Apache-2.0
export * from './decode.js';
export * from './error.js';
export * from './hash.js';
export * from './read-write-set.js';
export * from './transaction.js';
export * from './validation-code.js';
export { ChainVerifier, type ChainOptions } from './chain-verifier.js';
export { basisOf, openChannel, type Basis, type Trust, type TrustedChannel } from './trust.js';
export { describeBasis, type Position, type StepCount, type Verdict } from './verdict.js';
export * from './verify.js';
