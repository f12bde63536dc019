// SPDX-License-Identifier: Apache-2.0
import type { DecodedBlock } from './decode.js';
import { VerificationError } from './error.js';
import type { Trust, TrustedChannel } from './trust.js';

/** A later configuration block. */
export function checkConfigUpdate(block: DecodedBlock, _channel: TrustedChannel, _trust: Trust): TrustedChannel {
  throw new VerificationError('UNSUPPORTED', 'it changes the configuration', {
    step: 'configuration',
    block: block.number,
  });
}
