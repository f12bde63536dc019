// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where catalogues of real portals lie: beside the project, or where YUANLIU_CATALOGUES says. */
const FOLDER = process.env['YUANLIU_CATALOGUES'] ?? join(__dirname, '..', '..', 'shared', 'data', 'catalogues');

/** What a test's title says where the catalogue is not there. */
export const WITHOUT_CATALOGUE = ': SKIPPED, it is not here; YUANLIU_CATALOGUES names its folder';

/** A catalogue as a portal published it; undefined where it is not on this machine. */
export function realCatalogue(name: string): Buffer | undefined {
  const file = join(FOLDER, name);
  return existsSync(file) ? readFileSync(file) : undefined;
}
