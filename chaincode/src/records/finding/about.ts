// SPDX-License-Identifier: Apache-2.0
import type { ActContext, Reader } from '../../kind/act.js';
import { placeOfRoles, reaches, type Place, type Reachable } from '../organization/reach.js';
import { kindNamed, type Kind } from '../../kind/kind.js';
import { parseRef, type LedgerRecord } from '../../kind/record.js';
import { commonRegion } from '../../vocabulary/vocabulary.js';
import { organization, type OrganizationBody } from '../organization/organization.js';

type Reporter = Pick<ActContext<unknown, unknown>, 'caller' | 'find'>;

/**
 * The place of a finding, derived: that of the record it is about, if its reporter may know that one, else that of the whole
 * organisation that reports. Which of its roles it reports in decides nothing.
 */
export async function placeOfFinding(about: string, reporter: Reporter): Promise<Place> {
  const own = await reporter.find(organization, reporter.caller.organization);
  return (await placeOfSubject(about, reporter)) ?? placeOfRoles(own?.body.roles ?? []);
}

/** As {@link placeOfFinding}, of a finding that an office raises: without a record that it may know, in that office. */
export async function placeInOffice(about: string, reporter: Reporter): Promise<Place> {
  const own = await reporter.find(organization, reporter.caller.organization);
  const held = own?.body.roles.filter(({ role }) => role === reporter.caller.role) ?? [];
  return (await placeOfSubject(about, reporter)) ?? placeOfRoles(held.slice(0, 1));
}

/** The place of the record that a finding is about; undefined if its reporter may not know that, or there is none. */
export async function placeOfSubject(about: string, reporter: Reporter): Promise<Place | undefined> {
  const own = await reporter.find(organization, reporter.caller.organization);
  const subject = await subjectOf(about, reporter);
  if (!own || !subject || !mayKnow(subject, own)) return undefined;
  const { region, domains, domain, roles } = subject.record.body as Reachable;
  const place = region ?? commonRegion((roles ?? []).map((held) => held.region));
  const concerned = domains ?? (domain === undefined ? undefined : [domain]);
  return { ...(place === undefined ? {} : { region: place }), ...(concerned ? { domains: [...concerned] } : {}) };
}

/** Credit code of the one whose record a finding is about; undefined where that is nobody's, or not there. */
export async function concernedIn(about: string, reader: Pick<Reader, 'find'>): Promise<string | undefined> {
  const subject = await subjectOf(about, reader);
  if (!subject) return undefined;
  const { kind, record } = subject;
  if (kind.name === organization.name) return record.id;
  return kind.holder?.(record.body) ?? kind.parties(record.body)[0];
}

interface Subject {
  readonly kind: Kind;
  readonly record: LedgerRecord;
}

async function subjectOf(about: string, { find }: Pick<Reader, 'find'>): Promise<Subject | undefined> {
  const kind = kindNamed(parseRef(about).kind);
  const record = kind && (await find(kind, about));
  return record && { kind, record };
}

/** Whether an organisation may know a record: what a report derives from others' hidden records would tell of them. */
function mayKnow({ kind, record }: Subject, { id, body }: LedgerRecord<OrganizationBody>): boolean {
  if (kind.public?.includes(record.state)) return true;
  if (kind.sealed?.includes(record.state)) return false;
  if (record.act.organization === id || kind.parties(record.body).includes(id)) return true;
  const offices = [...OVERSEERS, ...(kind.offices ?? [])];
  return body.roles.some((held) => offices.includes(held.role) && reaches(held, record.body as Reachable));
}

const OVERSEERS = ['supervisor', 'data-authority'] as const;
