// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from 'yuanliu-gateway';
import { endOfDay } from 'yuanliu-chaincode/rulebook/period';
import { CALENDAR_NOTICE_DAYS } from 'yuanliu-chaincode/rulebook/rulebook';
import { freeBytes } from 'yuanliu-gateway/storage/data-folder';
import type { Standing } from 'yuanliu-gateway/identity/person';
import { type Finding, privacyFinding } from 'yuanliu-network/finding';
import type { Text } from 'yuanliu-chaincode/messages';
import type { Verdict } from 'yuanliu-verifier';
import type { Examination } from './examine.js';
import { said, textOf } from './words/index.js';

/** What `/api/v1/status` says, as far as it is looked at here. */
export interface Status {
  readonly genesis: string;
  readonly pinned: boolean;
  readonly ledgerHeight: number;
  readonly indexHeight: number;
  readonly missingRules: readonly string[];
  /** Absent from a gateway of an earlier version. */
  readonly unknownRules?: readonly string[];
  /** The last day until which working days can be counted; absent where none are, or from an earlier version. */
  readonly calendarUntil?: string;
  /** Absent from a gateway of an earlier version. */
  readonly setAside?: number;
}

/** The program, and the folder and disk of a gateway: what can be looked at whether it runs or not. */
export async function groundFindings({ directory, ledger, limits: { minFreeBytes } }: Config): Promise<Finding[]> {
  const secrets = SECRET.map((name) => join(directory, name));
  const ground = [
    await nodeFinding(),
    await privacyFinding(directory, secrets),
    await diskFinding(directory, minFreeBytes),
  ];
  return ledger.kind === 'embedded' ? [...ground, WITHOUT_EVIDENTIAL_VALUE] : ground;
}

const WITHOUT_EVIDENTIAL_VALUE: Finding = finding('notice', textOf('embedded-notice'));

/** Whether contract and rulebook know the same rules: a rule that only one of them knows is not applied. */
export function rulesFindings({
  missingRules,
  unknownRules = [],
}: Pick<Status, 'missingRules' | 'unknownRules'>): Finding[] {
  const findings: Finding[] = [];
  if (missingRules.length > 0) {
    findings.push(finding('notice', textOf('rules-missing', { rules: missingRules.join(', ') })));
  }
  if (unknownRules.length > 0) {
    findings.push(finding('notice', textOf('rules-unknown', { rules: unknownRules.join(', ') })));
  }
  if (findings.length > 0) return findings;
  return [{ verdict: 'right', what: said('rules-all') }];
}

/** Whether the rulebook's calendar reaches far enough; nothing where no period is in working days. */
export function calendarFindings(until: string | undefined, now = new Date()): Finding[] {
  if (until === undefined) return [];
  const days = Math.floor((Date.parse(endOfDay(until)) - now.getTime()) / DAY);
  const next = Number(until.slice(0, 4)) + 1;
  if (days > CALENDAR_NOTICE_DAYS) return [{ verdict: 'right', what: said('calendar-fine', { until }) }];
  return [finding(days < 0 ? 'wrong' : 'notice', textOf('calendar-ending', { until, next }))];
}

/** How far the index of a running gateway is, and what it could not take in. */
export function heightFinding({ ledgerHeight, indexHeight, setAside = 0 }: Status): Finding {
  const what = said('heights', { ledger: ledgerHeight, index: indexHeight });
  if (ledgerHeight - indexHeight > ABREAST) {
    return { verdict: 'wrong', what, remedy: said('index-behind-remedy') };
  }
  if (setAside === 0) return { verdict: 'right', what };
  return finding('notice', textOf('set-aside', { heights: what, count: setAside }));
}

/** What is kept, and the clock against what is on the ledger. */
export function keptFindings(
  { remarks, values, digest, latest, missingRules, unknownRules, calendarUntil, ...verdict }: Examination,
  { ledger }: { readonly ledger: Pick<Config['ledger'], 'kind'> },
): Finding[] {
  const what = said('ledger-checked', {
    blocks: verdict.blocks,
    transactions: verdict.transactions,
    basis: basisText(verdict),
  });
  return [
    verdict.restsOn === 'genesis' ? { verdict: 'right', what } : { verdict: 'wrong', what, remedy: said('pin') },
    ...remarks.slice(0, SHOWN).map(remarkFinding),
    stateFinding(values, ledger.kind),
    { verdict: 'right', what: said('index-same', { digest }) },
    ...rulesFindings({ missingRules, unknownRules }),
    ...calendarFindings(calendarUntil),
    clockFinding(latest, new Date()),
  ];
}

/** How many remarks are shown. */
const SHOWN = 10;

/** What Fabric's peers took, and an honest ledger does not have. */
function remarkFinding(remark: string): Finding {
  return finding('notice', textOf('odd-remark', { remark }));
}

/** Whether the state is what the blocks say, as far as that was looked at. */
function stateFinding(values: number | undefined, kind: Config['ledger']['kind']): Finding {
  if (values !== undefined) {
    return { verdict: 'right', what: said('state-fine', { values }) };
  }
  if (kind !== 'embedded') return { verdict: 'notice', what: said('state-peers') };
  return finding('notice', textOf('state-unchecked'));
}

/** What cannot be looked at while a gateway runs. */
export function uncheckedFinding(directory: string): Finding {
  return finding('notice', textOf('unchecked', { directory }));
}

/** What a running gateway says of the beginning of its ledger. */
export function beginningFinding({ genesis, pinned }: Status): Finding {
  if (pinned) return { verdict: 'right', what: said('genesis-pinned', { genesis }) };
  return { verdict: 'wrong', what: said('genesis-not-pinned', { genesis }), remedy: said('pin') };
}

/** What a verdict on a ledger rests on. */
export function basisText({ restsOn, genesis }: Pick<Verdict, 'restsOn' | 'genesis'>): string {
  if (restsOn === 'genesis') return said('basis-genesis', { genesis });
  return said(restsOn === 'roots' ? 'basis-roots' : 'basis-nothing', { genesis });
}

function finding(verdict: Finding['verdict'], { message, remedy }: Text): Finding {
  return { verdict, what: message, ...(remedy === undefined ? {} : { remedy }) };
}

/** The clock must not be behind the ledger: a transaction dated before others is judged as of then, or refused. */
export function clockFinding(latest: string, now: Date): Finding {
  const ahead = Math.ceil((Date.parse(latest) - now.getTime()) / 1000);
  if (!(ahead > SKEW_S)) return { verdict: 'right', what: said('clock-fine') };
  return finding('wrong', textOf('clock-behind', { seconds: ahead, now: now.toISOString() }));
}

/** Certificates that expired or soon will. */
export function peopleFinding(people: readonly Standing[], now = new Date()): Finding {
  const [first, ...more] = people
    .filter(({ state }) => state === 'enrolled' || state === 'expired')
    .sort((a, b) => (a.expires ?? '').localeCompare(b.expires ?? ''));
  if (first?.expires === undefined) return { verdict: 'right', what: said('no-certificates') };
  const days = Math.floor((Date.parse(first.expires) - now.getTime()) / DAY);
  const { user, organization } = first;
  const what = said('certificates-end', { count: more.length + 1, user, organization, days });
  if (days > SOON) return { verdict: 'right', what };
  return { verdict: 'notice', what, remedy: `yuanliu identity renew ${user} --organization ${organization}` };
}

async function nodeFinding(): Promise<Finding> {
  const manifest = JSON.parse(await readFile(join(__dirname, '..', 'package.json'), 'utf8')) as Manifest;
  const wanted = manifest.engines.node.replace('>=', '');
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [least = 0, leastMinor = 0] = wanted.split('.').map(Number);
  const what = `Node ${process.versions.node}`;
  if (major > least || (major === least && minor >= leastMinor)) return { verdict: 'right', what };
  return { verdict: 'wrong', what, remedy: said('install-node', { wanted }) };
}

interface Manifest {
  readonly engines: { readonly node: string };
}

async function diskFinding(directory: string, least: number): Promise<Finding> {
  const free = await freeBytes(directory);
  const what = said('disk-free', { free: Math.floor(free / MEBIBYTE), directory });
  if (free >= ROOMY * least) return { verdict: 'right', what };
  const remedy = said('make-room');
  return { verdict: free < least ? 'wrong' : 'notice', what, remedy };
}

const ABREAST = 10;
const DAY = 86_400_000;
/** Days: with a third of its life left the gateway renews a certificate itself, so that one this near did not succeed. */
const SOON = 30;
/** Peers take what is dated at most five minutes off. */
const SKEW_S = 60;
const MEBIBYTE = 1024 * 1024;
/** Times what must be free. */
const ROOMY = 4;
const SECRET = ['identities', join('identities', 'store.key'), 'ledger', 'issuer.pem', 'admin.token', 'run.json'];
