// SPDX-License-Identifier: Apache-2.0
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import type { catalogue } from 'yuanliu-chaincode/records/catalogue/catalogue';
import type { confirmation } from 'yuanliu-chaincode/records/catalogue/confirmation';
import type { registration } from 'yuanliu-chaincode/records/registration/registration';
import type { z } from 'zod';

/** Whether records of a kind speak for others. */
export function speaks(kind: string): boolean {
  return kind === 'registration' || kind === 'catalogue';
}

/**
 * The exact versions that a record speaks for without being made from them: what a registration registers, a catalogue
 * lists, a confirmation confirms. They are the lawful basis of a resource, which rests on no authority chain.
 */
export function evidenceFor({ kind, body }: LedgerRecord): readonly string[] {
  if (kind === 'registration') return [(body as z.infer<typeof registration.body>).subject];
  if (kind === 'confirmation') return [`${(body as z.infer<typeof confirmation.body>).catalogue}@1`];
  if (kind !== 'catalogue') return [];
  return (body as z.infer<typeof catalogue.body>).entries.map(
    ({ resource, version }) => `resource/${resource}@${version}`,
  );
}
