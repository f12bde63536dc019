// SPDX-License-Identifier: Apache-2.0
import type { KeyObject, X509Certificate } from 'node:crypto';
import { parseCertificate, readCertificate, type ReadCertificate } from './certificate.js';
import { sha256 } from '../wire/hash.js';
import { malformed } from '../wire/error.js';
import { Message } from '../wire/message.js';
import { Revocations } from './revocation.js';
import { isSupportedKey, lowSignature, verifySignature } from './signature.js';
import { decodeIdentity } from '../block/transaction.js';

export type Role = 'client' | 'peer' | 'admin' | 'orderer';

/** An identity whose certificate leads to a root of its organisation. */
export interface Identity {
  readonly mspId: string;
  /** Undefined where the organisation does not use NodeOUs: then nobody can be told from anybody. */
  readonly role: Role | undefined;
  /** Whether the organisation names this very certificate as an administrator's. */
  readonly isNamedAdmin: boolean;
  /** SHA-256 of the certificate as DER: what Fabric tells identities apart by. */
  readonly certificate: Buffer;
  /** Whether a certificate that a policy names is this one. */
  isCertified(by: ReadCertificate): boolean;
  /** Same for two certificates of one key: who malleates a certificate's own signature is still one endorser. */
  readonly keyId: string;
  /** Whether this identity signed `message` (low-S ECDSA over SHA-256). */
  verify(message: Uint8Array, signature: Buffer): boolean;
}

/** One organisation of a channel, as the channel's configuration defines it (`msp.FabricMSPConfig`). */
export class Membership {
  readonly mspId: string;
  readonly roots: readonly X509Certificate[];
  private readonly intermediates: readonly X509Certificate[];
  private readonly admins: readonly Buffer[];
  private readonly revocations: Revocations;
  private readonly nodeOus: readonly NodeOu[] | undefined;

  /**
   * @param ed25519 Whether the channel lets members sign by Ed25519.
   * @throws VerificationError `MALFORMED` for a configuration without readable certificates.
   */
  constructor(
    readonly config: Buffer,
    private readonly ed25519 = false,
  ) {
    const msp = new Message(config);
    this.mspId = msp.string(1);
    this.roots = msp.repeated(2).map(readCertificate);
    this.intermediates = msp.repeated(3).map(readCertificate);
    this.admins = msp.repeated(4).map((pem) => readCertificate(pem).raw);
    this.revocations = new Revocations(msp.repeated(5));
    this.nodeOus = decodeNodeOus(msp.message(11));
  }

  /** SHA-256 of each root certificate, sorted: two organisations with equal lists trust the same roots. */
  get rootFingerprints(): string[] {
    return this.roots.map((root) => sha256(root.raw).toString('hex')).sort();
  }

  /**
   * The identity a certificate of this organisation gives. As Fabric does, validity dates are not looked at: a record
   * stays provable after its signer's certificate has expired (the peers refused expired signers when they endorsed). One that the
   * configuration in force lists as revoked gives none.
   *
   * @throws VerificationError `MALFORMED`, saying why the certificate is none of this organisation's.
   */
  identity(pem: string): Identity {
    const read = parseCertificate(Buffer.from(pem, 'latin1'));
    const { certificate } = read;
    const key = certificate.publicKey;
    if (certificate.ca) throw malformed('a CA certificate cannot sign as a member');
    if (!isSupportedKey(key, this.ed25519)) throw malformed('not a key that Fabric verifies signatures of');
    const issuer = this.issuerOf(certificate);
    const fingerprint = sha256(sanitized(read, issuer));
    if (this.revocations.has(certificate.raw)) throw malformed('the certificate is revoked');
    return {
      mspId: this.mspId,
      role: this.roleOf(certificate, issuer),
      isNamedAdmin: this.admins.some((admin) => admin.equals(certificate.raw)),
      certificate: fingerprint,
      isCertified: (by) => sha256(sanitized(by, issuer)).equals(fingerprint),
      keyId: `${this.mspId}/${keyFingerprint(key)}`,
      verify: (message, signature) => verifySignature(key, message, signature),
    };
  }

  /** The CA that issued a certificate, itself leading to a root. */
  private issuerOf(certificate: X509Certificate): X509Certificate {
    const issuer = this.findIssuer(certificate, 0);
    if (!issuer) throw malformed(`the certificate does not lead to a root of ${this.mspId}`);
    return issuer;
  }

  private findIssuer(certificate: X509Certificate, depth: number): X509Certificate | undefined {
    // Intermediates could certify each other in a circle.
    if (depth > 4) return undefined;
    const root = this.roots.find((candidate) => issued(candidate, certificate));
    if (root) return root;
    return this.intermediates.find(
      (candidate) => issued(candidate, certificate) && this.findIssuer(candidate, depth + 1) !== undefined,
    );
  }

  /** Exactly one NodeOU names the role; a CA given with that NodeOU must be the issuer. */
  private roleOf(certificate: X509Certificate, issuer: X509Certificate): Role | undefined {
    if (!this.nodeOus) return undefined;
    const units = organizationalUnits(certificate);
    const nodeOus = this.nodeOus;
    const [found, ...more] = units.flatMap((unit) => nodeOus.filter((nodeOu) => nodeOu.unit === unit));
    if (!found || more.length > 0) throw malformed('the certificate has not exactly one NodeOU');
    if (found.issuer && !found.issuer.equals(issuer.raw)) throw malformed('the NodeOU is certified by another CA');
    return found.role;
  }
}

/**
 * Identities by their serialized form, found once: a chain repeats the same few certificates in every transaction.
 * The cache is bounded, because whoever sends transactions chooses what is in it.
 */
export class Identities {
  private readonly known = new Map<string, Identity | undefined>();

  constructor(private readonly memberships: ReadonlyMap<string, Membership>) {}

  /** The identity, or undefined if it is not of a member of the channel. */
  find(serialized: Buffer): Identity | undefined {
    if (serialized.length > LONGEST_KEPT) return this.read(serialized);
    const name = serialized.toString('latin1');
    if (this.known.has(name)) return this.known.get(name);
    if (this.known.size >= 10_000) this.known.clear();
    const identity = this.read(serialized);
    this.known.set(name, identity);
    return identity;
  }

  private read(serialized: Buffer): Identity | undefined {
    try {
      const { mspId, certificate } = decodeIdentity(serialized);
      return this.memberships.get(mspId)?.identity(certificate);
    } catch {
      // Whatever a stranger's certificate makes OpenSSL say, it is not a member's.
      return undefined;
    }
  }
}

/** Honest identities have one to two thousand bytes. */
const LONGEST_KEPT = 16_384;

interface NodeOu {
  readonly role: Role;
  readonly unit: string;
  readonly issuer: Buffer | undefined;
}

function decodeNodeOus(message: Message): NodeOu[] | undefined {
  if (!message.bool(1)) return undefined;
  const roles: readonly [number, Role][] = [
    [2, 'client'],
    [3, 'peer'],
    [4, 'admin'],
    [5, 'orderer'],
  ];
  return roles.flatMap(([field, role]) => {
    const ou = message.optionalMessage(field);
    if (ou === undefined) return [];
    const issuer = ou.bytes(1);
    return [{ role, unit: ou.string(2), issuer: issuer.length === 0 ? undefined : readCertificate(issuer).raw }];
  });
}

/** The certificate as Fabric keeps it: with a low S in its CA's signature, else as given. */
function sanitized({ raw, signature, withSignature }: ReadCertificate, issuer: X509Certificate): Buffer {
  const low = lowSignature(issuer.publicKey, signature);
  return low === undefined || low.equals(signature) ? raw : withSignature(low);
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** Taken from the parsed subject, not from its printed form, in which a name could imitate a unit. */
function organizationalUnits(certificate: X509Certificate): string[] {
  const subject: unknown = certificate.toLegacyObject().subject;
  const units: unknown = typeof subject === 'object' && subject !== null && 'OU' in subject ? subject.OU : [];
  return (Array.isArray(units) ? units : [units]).filter((unit): unit is string => typeof unit === 'string');
}

function keyFingerprint(key: KeyObject): string {
  return sha256(key.export({ type: 'spki', format: 'der' })).toString('hex');
}
