// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { type BackedUp, takeBackup } from '../../backup/take.js';
import { Pouring } from '../streaming/pour.js';
import { Problem } from '../../errors/problem.js';
import { route, type Route } from '../route.js';
import { say } from '../../messages/index.js';

/** What a backup is of; without it, of a gateway on a network, there is none to take. */
export interface BackupServices {
  readonly backedUp: BackedUp | undefined;
}

/** For the gateway's administrator: a backup of an embedded ledger, while others go on writing. */
export function backupRoutes({ backedUp }: BackupServices): Route[] {
  return [
    route({
      method: 'get',
      path: '/admin/v1/backup',
      operationId: 'takeBackup',
      tag: 'backup',
      summary: 'A backup of the embedded ledger with all its keys, as it is now',
      description: 'For `yuanliu restore`. It is as secret as the keys in it.',
      access: 'administrator',
      query: z.strictObject({}),
      answers: { 200: { description: 'The backup, sent as it is read.', bytes: MEDIA_TYPE } },
      handle: () => {
        if (!backedUp) throw onNetwork();
        const pieces = takeBackup(backedUp);
        const headers = { 'Content-Type': MEDIA_TYPE, 'Cache-Control': 'no-store' };
        return { headers, body: new Pouring({ pieces, patienceMs: PATIENCE_MS, tooSlow: '' }) };
      },
    }),
  ];
}

const MEDIA_TYPE = 'application/octet-stream';
const PATIENCE_MS = 60_000;

function onNetwork(): Problem {
  return new Problem('NOT_FOUND', say('backup-of-fabric'));
}
