// SPDX-License-Identifier: Apache-2.0
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import type { RequestHandler, Response } from 'express';
import { readOrMakePrivate } from '../../storage/private-files.js';
import { Problem } from '../../errors/problem.js';
import { say } from '../../messages/index.js';

/** Where the token of the gateway's administrator is: whoever reads the data folder's files is the administrator. */
export function administratorTokenFile(directory: string): string {
  return join(directory, 'admin.token');
}

/** The administrator's token, made with mode 0600 at the first start. */
export async function openAdministratorToken(directory: string): Promise<string> {
  const make = (): Promise<string> => Promise.resolve(`${randomBytes(32).toString('hex')}\n`);
  return (await readOrMakePrivate(administratorTokenFile(directory), make)).trim();
}

/** Lets nobody past who does not send the administrator's token. */
export function administratorOnly(token: string): RequestHandler {
  return (request, response, next) => {
    const sent = /^Bearer +(\S+) *$/i.exec(request.get('Authorization') ?? '')?.[1] ?? '';
    if (!same(sent, token)) throw refusal();
    (response.locals as Locals).administrator = true;
    next();
  };
}

/** Whether {@link administratorOnly} let the request past. */
export function isAdministrator(response: Response): boolean {
  return (response.locals as Locals).administrator === true;
}

interface Locals {
  administrator?: boolean;
}

/** Takes as long for a token that is nearly right. */
function same(sent: string, token: string): boolean {
  const [one, other] = [Buffer.from(sent), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function refusal(): Problem {
  return new Problem('UNAUTHENTICATED', say('administrator-only'), {
    'WWW-Authenticate': 'Bearer realm="yuanliu-admin"',
  });
}
