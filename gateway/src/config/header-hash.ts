// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** A block by its header hash, in hexadecimal, as configurations and files name it. */
export const headerHash = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, 'write the 64 hexadecimal digits of the block’s header hash')
  .toLowerCase();
