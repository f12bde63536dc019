// SPDX-License-Identifier: Apache-2.0
import { ORGANIZATION_ATTRIBUTE } from 'yuanliu-chaincode/kind/caller';
import type { Pages } from '../storage/level.js';
import { issueLeaf, issueRoot, type NodeOu } from './certificate.js';
import { type Authority, People } from './people.js';
import type { Enrolment } from './person.js';
import type { Seal } from '../storage/seal.js';
import { type Credentials, SigningIdentity } from './signing-identity.js';
import { IdentityStore } from './store.js';

/** A member of the channel: its MSP, its CA's root, and the nodes it runs, if any. */
export interface EmbeddedMember {
  readonly mspId: string;
  /** PEM of the CA's root certificate. */
  readonly root: string;
  readonly peer?: SigningIdentity;
  readonly orderer?: SigningIdentity;
}

/** What every embedded certificate says of itself. */
export const NOTICE = '内嵌账本，仅供体验，不具证据效力';

/**
 * The certificate authorities of all members in one process, made at first start. For trying out: whoever has the
 * directory has every key.
 */
export class EmbeddedPki {
  readonly members: readonly EmbeddedMember[];
  readonly people: People;
  readonly #store: IdentityStore;

  private constructor(members: readonly EmbeddedMember[], people: People, store: IdentityStore) {
    this.members = members;
    this.people = people;
    this.#store = store;
  }

  /** Opens the PKI kept in `directory`; makes and stores it first where there is none. */
  static async open(directory: string, clock: () => Date = () => new Date()): Promise<EmbeddedPki> {
    const store = await IdentityStore.open(directory);
    try {
      if (!(await store.get(rootLabel(MEMBERS[0].mspId)))) await store.put(await newPki(clock()));
      const members = await Promise.all(MEMBERS.map((member) => openMember(store, member)));
      const people = await People.open({ store, authority: embeddedAuthority(store, clock), clock });
      return new EmbeddedPki(members, people, store);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** An identity for one user, durable; a repeat returns the same. Throws IdentityError. */
  enrol(person: Enrolment): Promise<SigningIdentity> {
    return this.people.enrol(person);
  }

  /** What the keys are sealed with. */
  get seal(): Seal {
    return this.#store.seal;
  }

  /** Every key and certificate as it is now, sealed. */
  copy(): Pages {
    return this.#store.copy();
  }

  async close(): Promise<void> {
    await this.#store.close();
  }
}

/** Certifies whom it is asked to; who is known and who is revoked is kept by {@link People}, and the ledger asks it. */
function embeddedAuthority(store: IdentityStore, clock: () => Date): Authority {
  return {
    mspIds: MEMBERS.map(({ mspId }) => mspId),
    register: () => Promise.resolve(),
    certify: async ({ mspId, user, organization }) => {
      const attributes = { [ORGANIZATION_ATTRIBUTE]: organization };
      const root = await demand(store, rootLabel(mspId));
      return issueLeaf(root, { commonName: user, ou: 'client', attributes, from: clock() });
    },
    revoke: () => Promise.resolve(),
  };
}

type Node = Extract<NodeOu, 'peer' | 'orderer'>;

interface MemberPlan {
  readonly mspId: string;
  readonly nodes: readonly Node[];
}

/** As on the network: four organisations run nodes, developers are clients. */
const MEMBERS: readonly [MemberPlan, ...MemberPlan[]] = [
  { mspId: 'AuthorityMSP', nodes: ['peer', 'orderer'] },
  { mspId: 'AgencyMSP', nodes: ['peer', 'orderer'] },
  { mspId: 'OperatorMSP', nodes: ['peer', 'orderer'] },
  { mspId: 'DepartmentMSP', nodes: ['peer', 'orderer'] },
  { mspId: 'DeveloperMSP', nodes: [] },
];

async function newPki(from: Date): Promise<Map<string, Credentials>> {
  const made = new Map<string, Credentials>();
  for (const { mspId, nodes } of MEMBERS) {
    const root = await issueRoot({ mspId, commonName: `${mspId} 内嵌 CA`, organization: NOTICE, from });
    made.set(rootLabel(mspId), root);
    for (const node of nodes) {
      made.set(nodeLabel(mspId, node), await issueLeaf(root, { commonName: `${node}0.${mspId}`, ou: node, from }));
    }
  }
  return made;
}

async function openMember(store: IdentityStore, { mspId, nodes }: MemberPlan): Promise<EmbeddedMember> {
  const root = await demand(store, rootLabel(mspId));
  const identities = await Promise.all(
    nodes.map(async (node) => [node, new SigningIdentity(await demand(store, nodeLabel(mspId, node)))] as const),
  );
  return { mspId, root: root.certificate, ...Object.fromEntries(identities) };
}

async function demand(store: IdentityStore, label: string): Promise<Credentials> {
  const found = await store.get(label);
  if (!found) throw new Error(`the identity store lacks ${label}: restore it from the backup of this ledger`);
  return found;
}

function rootLabel(mspId: string): string {
  return `${mspId}/ca`;
}

function nodeLabel(mspId: string, node: Node): string {
  return `${mspId}/${node}0`;
}
