// SPDX-License-Identifier: Apache-2.0
export * from './block/decode.js';
export * from './wire/error.js';
export * from './wire/hash.js';
export * from './block/read-write-set.js';
export * from './block/transaction.js';
export * from './block/validation-code.js';
export { ChainVerifier, type ChainOptions } from './chain/chain-verifier.js';
export { basisOf, openChannel, type Basis, type Trust, type TrustedChannel } from './chain/trust.js';
export { describeBasis, type Position, type StepCount, type Verdict } from './chain/verdict.js';
export * from './chain/verify.js';
