// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from 'yuanliu-gateway';
import { endOfDay } from 'yuanliu-chaincode/rulebook/period';
import { CALENDAR_NOTICE_DAYS } from 'yuanliu-chaincode/rulebook/rulebook';
import { freeBytes } from 'yuanliu-gateway/storage/data-folder';
import { NOTICE } from 'yuanliu-gateway/identity/embedded-pki';
import type { Standing } from 'yuanliu-gateway/identity/person';
import { type Finding, privacyFinding } from 'yuanliu-network/finding';
import { describeBasis } from 'yuanliu-verifier';
import type { Examination } from './examine.js';

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

const WITHOUT_EVIDENTIAL_VALUE: Finding = {
  verdict: 'notice',
  what: `${NOTICE}: the embedded ledger is for trying out`,
  remedy: 'what must count as evidence belongs on a Fabric network: docs/operations.md',
};

/** Whether contract and rulebook know the same rules: a rule that only one of them knows is not applied. */
export function rulesFindings({
  missingRules,
  unknownRules = [],
}: Pick<Status, 'missingRules' | 'unknownRules'>): Finding[] {
  const findings: Finding[] = [];
  if (missingRules.length > 0) {
    findings.push({
      verdict: 'notice',
      what: `the rulebook lacks ${missingRules.join(', ')}: these rules are not applied`,
      remedy: 'the data-authority amends it: yuanliu act rulebook:amend',
    });
  }
  if (unknownRules.length > 0) {
    findings.push({
      verdict: 'notice',
      what: `the contract does not know ${unknownRules.join(', ')} of the rulebook: nothing is judged by these rules`,
      remedy: 'upgrade the contract, or amend the rulebook without them: yuanliu act rulebook:amend',
    });
  }
  if (findings.length > 0) return findings;
  return [{ verdict: 'right', what: 'the rulebook in force has every rule of the contract, and no other' }];
}

/** Whether the rulebook's calendar reaches far enough; nothing where no period is in working days. */
export function calendarFindings(until: string | undefined, now = new Date()): Finding[] {
  if (until === undefined) return [];
  const days = Math.floor((Date.parse(endOfDay(until)) - now.getTime()) / DAY);
  const next = Number(until.slice(0, 4)) + 1;
  if (days > CALENDAR_NOTICE_DAYS)
    return [{ verdict: 'right', what: `the rulebook's calendar has holidays until ${until}` }];
  return [
    {
      verdict: days < 0 ? 'wrong' : 'notice',
      what: `the rulebook's calendar ends on ${until}: working days that run into ${next} cannot be counted`,
      remedy: `the data-authority amends it with the holidays of ${next}, once they are published: yuanliu act rulebook:amend`,
    },
  ];
}

/** How far the index of a running gateway is, and what it could not take in. */
export function heightFinding({ ledgerHeight, indexHeight, setAside = 0 }: Status): Finding {
  const what = `ledger at ${ledgerHeight} blocks, index at ${indexHeight}`;
  if (ledgerHeight - indexHeight > ABREAST) {
    return { verdict: 'wrong', what, remedy: 'look into the log: it says why the index does not follow' };
  }
  if (setAside === 0) return { verdict: 'right', what };
  return {
    verdict: 'notice',
    what: `${what}; ${setAside} valid transactions set aside, because what they wrote cannot be read`,
    remedy:
      'look into the log for "set aside": it names each and why; if this program was at fault, update it and run `yuanliu reindex`',
  };
}

/** What is kept, and the clock against what is on the ledger. */
export function keptFindings(
  { remarks, values, digest, latest, missingRules, unknownRules, calendarUntil, ...verdict }: Examination,
  { ledger }: { readonly ledger: Pick<Config['ledger'], 'kind'> },
): Finding[] {
  const what = `ledger: ${verdict.blocks} blocks, ${verdict.transactions} transactions, ${describeBasis(verdict)}`;
  return [
    verdict.restsOn === 'genesis' ? { verdict: 'right', what } : { verdict: 'wrong', what, remedy: PIN },
    ...remarks.slice(0, SHOWN).map(remarkFinding),
    stateFinding(values, ledger.kind),
    { verdict: 'right', what: `index: digest ${digest}, the same as a rebuild` },
    ...rulesFindings({ missingRules, unknownRules }),
    ...calendarFindings(calendarUntil),
    clockFinding(latest, new Date()),
  ];
}

/** How many remarks are shown. */
const SHOWN = 10;

/** What Fabric's peers took, and an honest ledger does not have. */
function remarkFinding(remark: string): Finding {
  return {
    verdict: 'notice',
    what: `odd, and valid by the peers: ${remark}`,
    remedy: 'ask the organisation that created it: verifier/README.md says what each remark means',
  };
}

/** Whether the state is what the blocks say, as far as that was looked at. */
function stateFinding(values: number | undefined, kind: Config['ledger']['kind']): Finding {
  if (values !== undefined) {
    return { verdict: 'right', what: `state: ${values} values, each as its last valid write in the blocks; no others` };
  }
  if (kind !== 'embedded')
    return { verdict: 'notice', what: "state: not checked; it is the peers', not this gateway's" };
  return {
    verdict: 'notice',
    what: 'state: not compared with the blocks',
    remedy: 'yuanliu doctor --deep compares every value',
  };
}

/** What cannot be looked at while a gateway runs. */
export function uncheckedFinding(directory: string): Finding {
  return {
    verdict: 'notice',
    what: 'not checked while it runs: blocks, state, and the index against a rebuild',
    remedy: `stop it, then: yuanliu doctor --deep --data ${directory}`,
  };
}

/** What a running gateway says of the beginning of its ledger. */
export function beginningFinding({ genesis, pinned }: Status): Finding {
  if (pinned) return { verdict: 'right', what: `the ledger begins with the pinned genesis block ${genesis}` };
  return { verdict: 'wrong', what: `not proven: the genesis block ${genesis} is not pinned`, remedy: PIN };
}

/** What to do about a genesis block that is not pinned. */
export const PIN =
  'compare the genesis block with the one that the founders of the ledger wrote down, and set YUANLIU_GENESIS to that; ' +
  'on a network, `npm run network -- up` writes it into network.json';

/** The clock must not be behind the ledger: a transaction dated before others is judged as of then, or refused. */
export function clockFinding(latest: string, now: Date): Finding {
  const ahead = Math.ceil((Date.parse(latest) - now.getTime()) / 1000);
  if (!(ahead > SKEW_S)) return { verdict: 'right', what: 'the clock is past the last transaction' };
  const what = `the last transaction is ${ahead} s ahead of the clock, ${now.toISOString()}`;
  return {
    verdict: 'wrong',
    what,
    remedy: 'set the clock, and have it kept right (NTP), before the gateway is started',
  };
}

/** Certificates that expired or soon will. */
export function peopleFinding(people: readonly Standing[], now = new Date()): Finding {
  const [first, ...more] = people
    .filter(({ state }) => state === 'enrolled' || state === 'expired')
    .sort((a, b) => (a.expires ?? '').localeCompare(b.expires ?? ''));
  if (first?.expires === undefined) return { verdict: 'right', what: 'nobody has a certificate yet' };
  const days = Math.floor((Date.parse(first.expires) - now.getTime()) / DAY);
  const { user, organization } = first;
  const what = `the first of ${more.length + 1} certificates to expire, of ${user} of ${organization}, does so in ${days} days`;
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
  return { verdict: 'wrong', what, remedy: `install Node ${wanted} or later` };
}

interface Manifest {
  readonly engines: { readonly node: string };
}

async function diskFinding(directory: string, least: number): Promise<Finding> {
  const free = await freeBytes(directory);
  const what = `${Math.floor(free / MEBIBYTE)} MiB free where ${directory} is`;
  if (free >= ROOMY * least) return { verdict: 'right', what };
  const remedy = 'make room: the ledger grows with every transaction, and a full disk stops it';
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
