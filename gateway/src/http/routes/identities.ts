// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { isCreditCode } from 'yuanliu-chaincode/vocabulary/vocabulary';
import type { People } from '../../identity/people.js';
import { type Enrolment, PERSON_STATES, REVOCATION_REASONS, type Standing, userName } from '../../identity/person.js';
import type { Signers } from '../../acts/signers.js';
import { bodyOf } from '../middleware/body.js';
import { pageOf } from './page.js';
import { Problem } from '../../errors/problem.js';
import { cursor, limit } from './query.js';
import { type Asked, route, type Route } from '../route.js';
import type { ErrorDetails } from 'yuanliu-chaincode/vocabulary/error';
import { say } from '../../messages/index.js';
import { firstOf, issuesOf } from '../../messages/issues.js';

export interface IdentityServices {
  readonly people: People;
  readonly signers: Pick<Signers, 'mspOf'>;
}

const person: z.ZodType<Standing> = z.strictObject({
  mspId: z.string(),
  user: z.string(),
  organization: z.string().meta({ description: 'Credit code.' }),
  registered: z.string().meta({ description: 'When this gateway first knew of the person.' }),
  state: z.enum(PERSON_STATES),
  serial: z.string().optional().meta({ description: 'Of the latest certificate, hexadecimal.' }),
  expires: z.string().optional().meta({ description: 'Until when the latest certificate is good.' }),
  revoked: z.strictObject({ at: z.string(), reason: z.enum(REVOCATION_REASONS) }).optional(),
});

const named = z.strictObject({
  msp: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .meta({ description: 'For an organisation that the ledger does not know yet: the MSP that it is to act under.' }),
});

const revocation = z.strictObject({ ...named.shape, reason: z.enum(REVOCATION_REASONS).default('unspecified') });

export const identityShapes = {
  Person: person,
  People: z.strictObject({
    items: z.array(person),
    cursor: z.string().optional().meta({ description: 'Gives the next page; absent on the last.' }),
  }),
  PersonInput: named,
  RevocationInput: revocation,
};

/** The people of the organisation: who has a certificate, and who gets one or loses it. For the gateway's administrator. */
export function identityRoutes({ people, signers }: IdentityServices): Route[] {
  return [
    route({
      method: 'get',
      path: '/admin/v1/identities',
      operationId: 'listIdentities',
      tag: 'identities',
      summary: 'Whom this gateway signs for, by organisation and user',
      access: 'administrator',
      query: z.strictObject({
        organization: z.string().optional().meta({ description: 'Credit code.' }),
        user: z.string().optional(),
        state: z.enum(PERSON_STATES).optional(),
        limit,
        cursor,
      }),
      answers: { 200: { description: 'A page of them.', schema: 'People' } },
      handle: ({ query: { limit: most, cursor: last, ...wanted } }) => {
        const fitting = people
          .list()
          .filter(
            ({ organization, user, state }) =>
              (wanted.organization ?? organization) === organization &&
              (wanted.user ?? user) === user &&
              (wanted.state ?? state) === state,
          );
        return { body: pageOf(fitting, keyOf, { request: { identities: wanted }, limit: most, cursor: last }) };
      },
    }),
    actRoute('register', 'Make somebody known to the certificate authority', (who) => people.register(who)),
    actRoute(
      'enrol',
      'Give somebody a key and certificate, registered or not; a repeat changes nothing',
      async (who) => {
        await people.enrol(who);
        return people.register(who);
      },
    ),
    actRoute('renew', 'Give somebody a new key and certificate before the present one expires', (who) =>
      people.renew(who),
    ),
    route({
      ...about('revoke', 'Have the authority take back every certificate of somebody, for good'),
      description:
        "The gateway signs for the person no more. The peers of a Fabric network refuse the certificates once the authority's list is in the channel: `network crl MSP`.",
      body: { mediaType: 'application/json', schema: 'RevocationInput', limit: BODY_BYTES },
      handle: async (asked) => {
        const { reason, msp } = bodyOf(asked, revocation);
        return { body: await people.revoke(personOf(asked, msp), reason) };
      },
    }),
  ];

  function actRoute(act: string, summary: string, run: (who: Enrolment) => Promise<Standing>): Route {
    return route({
      ...about(act, summary),
      body: { mediaType: 'application/json', schema: 'PersonInput', limit: BODY_BYTES },
      handle: async (asked) => {
        const person = personOf(asked, bodyOf(asked, named).msp);
        const { error } = userName.safeParse(person.user);
        if (error) throw invalid('user', say('user-unfit', { user: person.user, why: firstOf(issuesOf(error)).why }));
        return { body: await run(person) };
      },
    });
  }

  function personOf({ params: { organization = '', user = '' } }: Asked, msp: string | undefined): Enrolment {
    if (!isCreditCode(organization)) throw invalid('organization', say('not-an-organization', { organization }));
    const [only, ...more] = people.mspIds;
    const mspId = signers.mspOf(organization) ?? msp ?? (more.length === 0 ? only : undefined);
    if (mspId === undefined) throw invalid('msp', say('msp-needed', { organization }));
    return { mspId, user, organization };
  }
}

const BODY_BYTES = 4096;

function about(act: string, summary: string) {
  return {
    method: 'post',
    path: `/admin/v1/identities/{organization}/{user}/${act}`,
    operationId: `${act}Identity`,
    tag: 'identities',
    summary,
    access: 'administrator',
    query: z.strictObject({}),
    answers: { 200: { description: 'How the person stands then.', schema: 'Person' } },
  } as const;
}

function keyOf({ organization, user, mspId }: Standing): string {
  return `${organization}/${user}/${mspId}`;
}

function invalid(path: string, details: ErrorDetails): Problem {
  const { remedy: _remedy, ...issue } = details;
  return new Problem('INPUT_INVALID', { ...details, issues: [{ path, ...issue }] });
}
