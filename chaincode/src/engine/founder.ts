// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The file, beside `package.json`, in which a deployment says who founds its ledger. The package's id covers it. */
export const FOUNDER_FILE = 'founder.json';

/** Who founds the embedded ledger, which has no deployment. */
const EMBEDDED = 'AuthorityMSP';

/** The MSP whose first organisation is admitted by itself, once, as the data-authority. Of one package always the same. */
export const founder: string = read(join(__dirname, '..', '..', FOUNDER_FILE));

function read(file: string): string {
  if (!existsSync(file)) return EMBEDDED;
  return z.object({ founder: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).founder;
}
