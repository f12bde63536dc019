// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { says } from './issue.js';
import { names } from './naming.js';
import { comparable, isSeen, UNSEEN } from './words.js';

/** The roles an organisation can hold on the ledger (`domain`: data-authority 市(区)数据主管部门, …). */
export const roleNames = [
  'data-authority',
  'registrar',
  'implementing-agency',
  'operator',
  'developer',
  'department',
  'supplier',
  'supervisor',
  'platform',
] as const;
export type RoleName = (typeof roleNames)[number];

/** Says in a JSON Schema which kinds of record a text names, so that a form can offer them. */
export const NAMES = 'x-ref';

/** A well-formed code for examples, of no organisation known. */
export const EXAMPLE_CODE = '91310000MA1FL8C2XG';

/**
 * Unified social credit code (统一社会信用代码) by GB 32100-2015, check character included. A reference to the
 * organisation, `organization/CODE`, is kept as its code.
 */
export const creditCode = z
  .string()
  .overwrite((value) => withoutKind('organization', value))
  .refine(isCreditCode, says('not-credit-code'))
  .meta({
    description: '统一社会信用代码 — unified social credit code (GB 32100)',
    examples: [EXAMPLE_CODE],
    [NAMES]: ['organization'],
  });

const CODE_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

export function isCreditCode(code: string): boolean {
  return /^[0-9A-HJ-NPQRTUWXY]{18}$/.test(code) && code.endsWith(creditCodeCheck(code.slice(0, 17)));
}

/** Check character of the first 17 characters of a credit code: weights 3^i mod 31, (31 − Σ mod 31) mod 31. */
export function creditCodeCheck(body: string): string {
  let sum = 0;
  let weight = 1;
  for (const character of body) {
    sum += CODE_ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return CODE_ALPHABET.charAt((31 - (sum % 31)) % 31);
}

/** Grammar of a record's id: what may enter a key and a URL. */
export const ID = /^[0-9A-Za-z](?:[0-9A-Za-z._-]{0,62}[0-9A-Za-z])?$/;
export const recordId = z
  .string()
  .regex(ID, says('not-an-id'))
  .meta({ examples: ['ID-1'] });

const ID_SOURCE = ID.source.slice(1, -1);

/**
 * The id of an existing record of one kind, at any version. A reference, `resource/R-1`, is kept as its id; one to an
 * exact version is rejected, since dropping the version would change what it names.
 */
export function idOf(kind: string) {
  const wanted = says('not-id-of', { kind });
  return names(
    z
      .string()
      .overwrite((value) => withoutKind(kind, value))
      .regex(ID, wanted)
      .meta({
        description: `Id of ${withArticle(kind)}; ${kind}/ID is accepted too`,
        examples: [EXAMPLE_IDS[kind] ?? 'ID-1'],
        [NAMES]: [kind],
      }),
    `${kind}/`,
  );
}

/**
 * A reference to a record of one of `kinds`, at no version: `grant/G-1`. Where only one kind is meant, its id alone is
 * kept as the reference.
 */
export function refTo(...kinds: readonly string[]) {
  return reference(kinds, '', says('not-a-ref', { forms: kinds.map((kind) => `${kind}/ID`).join(', ') }));
}

/** A reference to one exact version: `resource/R-1@2`; where only one kind is meant, `R-1@2` is kept as that. */
export function versionTo(...kinds: readonly string[]) {
  const forms = kinds.map((kind) => `${kind}/ID@1`).join(', ');
  return reference(kinds, '@[1-9][0-9]{0,8}', says('not-a-version-ref', { forms }));
}

function reference(kinds: readonly string[], version: string, wanted: string): z.ZodString {
  const [first = '', ...others] = kinds;
  const example = `${first}/${EXAMPLE_IDS[first] ?? 'ID-1'}${version === '' ? '' : '@1'}`;
  const bare = new RegExp(`^${ID_SOURCE}${version}$`);
  return names(
    z
      .string()
      .overwrite((value) => (others.length === 0 && bare.test(value) ? `${first}/${value}` : value))
      .regex(new RegExp(`^(?:${kinds.join('|')})/${ID_SOURCE}${version}$`), wanted)
      .meta({
        description: `Reference to ${version === '' ? '' : 'one version of '}${kinds.map(withArticle).join(' or ')}`,
        examples: [example],
        [NAMES]: [...kinds],
      }),
  );
}

function withoutKind(kind: string, value: string): string {
  return value.startsWith(`${kind}/`) ? value.slice(kind.length + 1) : value;
}

/** Ids as people choose them, for the examples of forms and help. */
const EXAMPLE_IDS: Readonly<Record<string, string>> = {
  resource: 'R-1',
  catalogue: 'CAT-2026',
  plan: 'PLAN-2026',
  agreement: 'AGR-2026',
  scenario: 'S-1',
  grant: 'G-1',
  product: 'P-1',
  delivery: 'D-1',
  usage: 'U-1',
  registration: 'REG-1',
};

/** A content digest, algorithm first: `sha256:` or `sm3:` and 64 hexadecimal digits in lower case. */
export const digest = z
  .string()
  .regex(/^(?:sha256|sm3):[0-9a-f]{64}$/, says('not-a-digest'))
  .meta({ description: '摘要 — content digest', examples: [`sha256:${'0123456789abcdef'.repeat(4)}`] });

/**
 * RFC 3339 with an offset, `t` and `z` in either case, a leap second as the second after it; kept in UTC with milliseconds,
 * so that text order is time order. An offset that leads out of the years 0000 to 9999 would write the year with a sign,
 * which sorts before all others.
 */
export const instant = z
  .string()
  .overwrite(inUtc)
  .refine((time) => SIGNED.test(time) || rfc3339.safeParse(time).success, {
    error: says('not-a-time'),
  })
  .refine((time) => !SIGNED.test(time), says('time-out-of-years'))
  .meta({
    format: 'date-time',
    description: '时间 — RFC 3339 with an offset',
    examples: ['2026-01-31T08:00:00+08:00'],
  });

const rfc3339 = z.iso.datetime({ offset: true });
const SIGNED = /^[+-]\d{6}-/;

/** As it is if it is no time. */
function inUtc(text: string): string {
  const time = text.toUpperCase();
  const second = time.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d):60(?=[.Z+-])/, '$1:59');
  if (!rfc3339.safeParse(second).success) return text;
  return new Date(Date.parse(second) + (second === time ? 0 : 1000)).toISOString();
}

/** Administrative division code (区划代码, GB/T 2260): `310000` is the city, `310101` a district. */
export const region = z
  .string()
  .regex(/^[1-9][0-9]{5}$/, says('not-a-region'))
  .meta({ description: '区划代码 — division code (GB/T 2260)', examples: ['310000'] });

/** Whether division `outer` is or contains `inner`. */
export function regionCovers(outer: string, inner: string): boolean {
  return inner.startsWith(outer.replace(/(?:00){1,2}$/, ''));
}

/** The smallest division that contains all of these; undefined of different provinces, or of none. */
export function commonRegion(regions: readonly string[]): string | undefined {
  const [first] = regions;
  if (first === undefined) return undefined;
  const outer = [first, `${first.slice(0, 4)}00`, `${first.slice(0, 2)}0000`];
  return outer.find((region) => regions.every((one) => regionCovers(region, one)));
}

/** A short name; a text. Control characters have no place in either, and in a name no character that is not seen. */
export const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine(isSeen, {
    error: says('unseen-character'),
    params: { [UNSEEN]: true },
  });
export const text = z.string().trim().min(1).max(4000);

/** A term of a closed list kept by people: a purpose, an action, a domain. */
export const term = z.string().overwrite(comparable).trim().min(1).max(64);

/** A number or code that is compared with others: a registration's national code. */
export const codeName = z.string().overwrite(comparable).trim().min(1).max(200);

/** A document: on the ledger by number and digest, never by content. */
export const document = z.strictObject({ title: name.optional(), number: name.optional(), digest });

/** Free-form duties by id; which are required is rulebook data. */
export const parts = z
  .record(
    z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
    z.union([z.strictObject({ text }), z.strictObject({ digest })], {
      error: says('not-a-part'),
    }),
  )
  .meta({
    description: '事项 — each by its id in the rulebook, as text or by the digest of its document',
    examples: [{ security: { text: '说明' } }],
  });

/** GB/T 43697-2024: core 核心, important 重要, general 一般 (levels 1 to 4). */
export const grade = z
  .discriminatedUnion('class', [
    z.strictObject({ class: z.literal('core') }),
    z.strictObject({ class: z.literal('important') }),
    z.strictObject({ class: z.literal('general'), level: z.int().min(1).max(4) }),
  ])
  .meta({
    description: '分级 — core 核心, important 重要, or general 一般 with its level 1 to 4 (GB/T 43697-2024)',
    examples: [{ class: 'general', level: 2 }],
  });
export type Grade = z.infer<typeof grade>;

/** Orders grades: 1 to 4 general, 5 important, 6 core; 0 for the want of one. */
export function gradeRank(value: Grade | undefined): number {
  if (!value) return 0;
  return value.class === 'core' ? 6 : value.class === 'important' ? 5 : value.level;
}

/** The highest of some grades (就高从严); undefined of none. */
export function highestGrade(grades: readonly Grade[]): Grade | undefined {
  return grades.reduce<Grade | undefined>(
    (top, next) => (top && gradeRank(top) >= gradeRank(next) ? top : next),
    undefined,
  );
}

/** Input of an act that needs none. */
export const nothing = z.strictObject({});

/** Sorted, without duplicates, by code units: the same on every endorser. */
export function sortedSet(values: Iterable<string>): string[] {
  return [...new Set(values)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** `ID` or `ID@version`. */
export const RECORD_REF = new RegExp(`^${ID_SOURCE}(?:@[1-9][0-9]{0,8})?$`);

/** The name of a kind or role in an English sentence: `a resource`, `an agreement`, `a usage`. */
export function withArticle(noun: string): string {
  return `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
