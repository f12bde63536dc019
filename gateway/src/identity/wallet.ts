// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import type * as fabricNetwork from 'fabric-network';
import type { Identity, Wallet, X509Identity } from 'fabric-network';
import { ORGANIZATION_ATTRIBUTE, userOf } from 'yuanliu-chaincode/kind/caller';
import { isCreditCode } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { makePrivateFolder } from '../storage/private-files.js';
import { subjectOf } from './certificate.js';
import { type Enrolment, entryLabel, keyLabel, type PersonEntry, personEntry, PEOPLE, userName } from './person.js';
import { type Credentials, SigningIdentity } from './signing-identity.js';
import type { IdentityStore } from './store.js';
import { issuesOf } from '../messages/issues.js';

/** What became of one identity of a wallet. */
export interface WalletItem {
  /** Its label in the wallet. */
  readonly label: string;
  /** Whom it speaks for, where its certificate says so. */
  readonly person?: Enrolment;
  /** `unchanged`: it was there before. */
  readonly outcome: 'imported' | 'exported' | 'unchanged' | 'rejected';
  /** Why it was rejected, and what to do. */
  readonly reason?: string;
}

/**
 * Takes the people of a fabric-network file-system wallet into a gateway's identity store: key and certificate are used as
 * if the gateway had enrolled them. Nothing of the wallet is changed. An identity that the gateway could not sign with is
 * rejected with the reason; the others are imported.
 */
export async function importWallet(
  store: IdentityStore,
  directory: string,
  clock: () => Date = () => new Date(),
): Promise<WalletItem[]> {
  const wallet = await openWallet(directory);
  const items: WalletItem[] = [];
  for (const label of (await wallet.list()).sort()) items.push(await importOne(store, wallet, label, clock()));
  return items;
}

/**
 * Writes people of a gateway's identity store into a fabric-network file-system wallet, a file `NAME@CODE.id` each, with
 * keys in the clear. An identity that the wallet has under the same label is not replaced.
 */
export async function exportWallet(
  store: IdentityStore,
  directory: string,
  { organization, user }: Partial<Enrolment> = {},
): Promise<WalletItem[]> {
  await makePrivateFolder(directory);
  const wallet = await openWallet(directory);
  const items: WalletItem[] = [];
  for (const label of await store.labels()) {
    const person = await personAt(store, label);
    if (!person || (organization ?? person.organization) !== person.organization) continue;
    if ((user ?? person.user) !== person.user) continue;
    const credentials = await store.get(keyLabel(person));
    if (credentials) items.push(await exportOne(wallet, person, credentials));
  }
  return items;
}

async function importOne(store: IdentityStore, wallet: Wallet, label: string, now: Date): Promise<WalletItem> {
  let person: Enrolment | undefined;
  try {
    const credentials = credentialsOf(await wallet.get(label));
    new SigningIdentity(credentials); // the key fits the certificate
    person = personOf(credentials);
    const { serialNumber: serial, validTo } = new X509Certificate(credentials.certificate);
    const expires = new Date(validTo);
    if (expires <= now) throw new Error(`its certificate expired at ${expires.toISOString()}: enrol again`);
    const known = await entryAt(store, person);
    if (known?.revoked) throw new Error(`the person was revoked at ${known.revoked.at}, which is final`);
    const latest = known?.certificates.at(-1);
    if (latest?.serial === serial && (await store.get(keyLabel(person))))
      return { label, person, outcome: 'unchanged' };
    if (latest && new Date(latest.expires) > expires) {
      throw new Error(`the gateway has a certificate that is good for longer, until ${latest.expires}`);
    }
    const { mspId, organization, user } = person;
    const entry: PersonEntry = {
      ...(known ?? { mspId, user, organization, registered: now.toISOString() }),
      certificates: [...(known?.certificates ?? []), { serial, expires: expires.toISOString() }],
    };
    await store.change({
      credentials: [[keyLabel(person), credentials]],
      texts: [[entryLabel(person), JSON.stringify(entry)]],
    });
    return { label, person, outcome: 'imported' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { label, ...(person ? { person } : {}), outcome: 'rejected', reason };
  }
}

async function exportOne(wallet: Wallet, person: Enrolment, credentials: Credentials): Promise<WalletItem> {
  const label = `${person.user}@${person.organization}`;
  const { mspId, certificate, privateKey } = credentials;
  const there = await wallet.get(label);
  if (there) {
    const same = there.mspId === mspId && (there as X509Identity).credentials.certificate === certificate;
    if (same) return { label, person, outcome: 'unchanged' };
    return {
      label,
      person,
      outcome: 'rejected',
      reason: 'the wallet has another identity of that label: move it away',
    };
  }
  const identity: X509Identity = { type: 'X.509', mspId, credentials: { certificate, privateKey } };
  await wallet.put(label, identity);
  return { label, person, outcome: 'exported' };
}

function credentialsOf(identity: Identity | undefined): Credentials {
  if (identity?.type !== 'X.509') {
    throw new Error(`it is of type ${identity?.type ?? 'none'}: only X.509 identities with their key can be imported`);
  }
  const { mspId, credentials } = identity as X509Identity;
  return { mspId, certificate: credentials.certificate, privateKey: credentials.privateKey };
}

/** Whom a certificate speaks for, as the contract reads it. */
function personOf({ mspId, certificate }: Credentials): Enrolment {
  const { commonName, attributes } = subjectOf(certificate);
  const organization = attributes[ORGANIZATION_ATTRIBUTE];
  if (organization === undefined || !isCreditCode(organization)) {
    throw new Error(
      `its certificate names no organisation in the attribute ${ORGANIZATION_ATTRIBUTE}: have its CA enrol it again, ` +
        'registered with this attribute',
    );
  }
  const user = userOf(commonName, organization);
  const checked = userName.safeParse(user);
  if (!checked.success)
    throw new Error(
      `its common name ${issuesOf(checked.error)
        .map(({ message }) => message)
        .join('; ')}`,
    );
  return { mspId, organization, user };
}

async function personAt(store: IdentityStore, label: string): Promise<PersonEntry | undefined> {
  const text = label.split('/')[1] === PEOPLE ? await store.getText(label) : undefined;
  return text === undefined ? undefined : personEntry.parse(JSON.parse(text));
}

function entryAt(store: IdentityStore, person: Enrolment): Promise<PersonEntry | undefined> {
  return personAt(store, entryLabel(person));
}

/** Loads that archived package (0.6 s), so only where it is asked for. */
async function openWallet(directory: string): Promise<Wallet> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded late
  const { Wallets } = require('fabric-network') as typeof fabricNetwork;
  return Wallets.newFileSystemWallet(directory);
}
