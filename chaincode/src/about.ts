// SPDX-License-Identifier: Apache-2.0
import { dirname } from 'node:path';
import { Contract, type Context } from 'fabric-contract-api';
import { canonicalize } from 'json-canonicalize';
import { readCode } from './code.js';

/** What a running chaincode says of itself. */
export interface About {
  /** As in its package: {@link readCode} of the folder that it was loaded from. */
  readonly digest: string;
  readonly version: string;
}

/**
 * Tells which code answers, for comparison with the package that the organisations approved: a package's id does not bind
 * the code of the service that it points to. Read once, at the first question. Endorsers with the same code say the same.
 */
export class AboutContract extends Contract {
  constructor() {
    super('code');
  }

  async about(_ctx: Context): Promise<string> {
    said ??= readCode(dirname(__dirname)).then(({ digest, version }) => canonicalize({ digest, version }));
    return said;
  }
}

let said: Promise<string> | undefined;

const title = 'the digest of the code that answers, computed as for its package';
const about = { name: 'about', tag: ['EVALUATE'], description: title, parameters: [], returns: { type: 'string' } };
Reflect.defineMetadata('fabric:transactions', [about], AboutContract.prototype);
