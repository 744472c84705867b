/** The identity record: what certificates hang on. */
import { compare } from '../core/bytes.ts';
import { type Cbor, type CborMap, isArray, isBytes, isUnsigned } from '../core/cbor.ts';
import { HASH_LENGTH } from '../core/hash.ts';
import { BINDINGS, type Binding } from './binding.ts';
import { isId } from './record.ts';

/** Appended, never reused. */
export const SUBJECT_KINDS = {
  device: 1,
  gateway: 2,
  'network-function': 3,
  application: 4,
  'person-alias': 5,
  organization: 6,
  network: 7,
} as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[keyof typeof SUBJECT_KINDS];

/** How possession of the private key was proved. 2 is reserved. */
export const POSSESSION = { none: 0, selfSigned: 1, claim: 3 } as const;
export type Possession = (typeof POSSESSION)[keyof typeof POSSESSION];

/** RFC 5280 §5.3.1: reason 7 is unused; 6 (certificateHold) and 8 (removeFromCRL) are no reasons to end. */
export const REASONS = {
  unspecified: 0,
  keyCompromise: 1,
  caCompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  privilegeWithdrawn: 9,
  aaCompromise: 10,
} as const;
export type Reason = (typeof REASONS)[keyof typeof REASONS];

/** A certificate as its identity's entry names it: by hashes, never by content. */
export interface CertificateRow {
  readonly derHash: Uint8Array;
  /** Of the whole TBSCertificate TLV. */
  readonly tbsHash: Uint8Array;
  readonly spkiHash: Uint8Array;
  /** SHA-256(issuer's SPKI hash || serial content octets); null for self-made certificates. */
  readonly issuerSerialHash: Uint8Array | null;
  readonly notBefore: number;
  readonly notAfter: number;
  /** The anchor that issued it; null for self-made certificates. */
  readonly issuerId: Uint8Array | null;
  /** The index of the entry that first held it; null when that is the entry itself. */
  readonly since: number | null;
  readonly possession: Possession;
  readonly binding: Binding;
}

export interface Identity {
  readonly subjectKind: number;
  readonly certificates: readonly CertificateRow[];
  /** The identity counts from here on, in seconds. */
  readonly startsAt: number | undefined;
  /** The first second at which it no longer counts. */
  readonly endsAt: number | undefined;
}

/** Payload keys. 1 (keys), 3 to 6, 10 and 16 onwards have their places and are written by later operations. */
const KEY = { subjectKind: 0, certificates: 2, startsAt: 7, endsAt: 8, reason: 9 } as const;

/** The payload of version 1 of an identity born from certificates. */
export function newIdentityPayload(subjectKind: number, certificates: readonly CertificateRow[]): CborMap {
  const rows = [...certificates].sort((a, b) => compare(a.derHash, b.derHash)).map(certificateRowToCbor);
  return new Map<number, Cbor>([
    [KEY.subjectKind, subjectKind],
    [KEY.certificates, rows],
  ]);
}

/** The payload of the version that ends an identity: as it was, with the reason. */
export function endedIdentityPayload(payload: CborMap, index: number, reason: Reason): CborMap {
  const ended = new Map(payload);
  ended.set(KEY.certificates, rowsSince(payload, index));
  return ended.set(KEY.reason, reason);
}

/** The rows of the version at `index` as the next version carries them: `since` now names the entry that first held them. */
function rowsSince(payload: CborMap, index: number): Cbor {
  const rows = payload.get(KEY.certificates);
  return isArray(rows) ? rows.map((row) => (isArray(row) ? row.with(7, row[7] ?? index) : row)) : [];
}

/** Undefined when a place that the verifier reads has another form; places it does not read are left alone. */
export function parseIdentity(payload: CborMap): Identity | undefined {
  const subjectKind = payload.get(KEY.subjectKind);
  const rows = payload.get(KEY.certificates) ?? [];
  const startsAt = payload.get(KEY.startsAt);
  const endsAt = payload.get(KEY.endsAt);
  if (!isUnsigned(subjectKind) || !isArray(rows)) return undefined;
  if (!isOptionalTime(startsAt) || !isOptionalTime(endsAt)) return undefined;
  const certificates: CertificateRow[] = [];
  for (const row of rows) {
    const parsed = parseCertificateRow(row);
    const previous = certificates.at(-1);
    if (parsed === undefined || (previous && compare(previous.derHash, parsed.derHash) >= 0)) return undefined;
    certificates.push(parsed);
  }
  return { subjectKind, certificates, startsAt, endsAt };
}

const isOptionalTime = (value: Cbor | undefined): value is number | undefined => value === undefined || isTime(value);

const certificateRowToCbor = (row: CertificateRow): Cbor => [
  row.derHash,
  row.tbsHash,
  row.spkiHash,
  row.issuerSerialHash,
  row.notBefore,
  row.notAfter,
  row.issuerId,
  row.since,
  row.possession,
  row.binding,
];

function parseCertificateRow(value: Cbor): CertificateRow | undefined {
  if (!isArray(value) || value.length !== 10) return undefined;
  const [derHash, tbsHash, spkiHash, issuerSerialHash, notBefore, notAfter, issuerId, since, possession, binding] =
    value;
  if (!isHash(derHash) || !isHash(tbsHash) || !isHash(spkiHash)) return undefined;
  if (issuerSerialHash !== null && !isHash(issuerSerialHash)) return undefined;
  if (!isTime(notBefore) || !isTime(notAfter)) return undefined;
  if (issuerId !== null && !isId(issuerId)) return undefined;
  if (since !== null && !isUnsigned(since)) return undefined;
  if (!isPossession(possession) || !isBinding(binding)) return undefined;
  return { derHash, tbsHash, spkiHash, issuerSerialHash, notBefore, notAfter, issuerId, since, possession, binding };
}

const isHash = (value: Cbor | undefined): value is Uint8Array => isBytes(value) && value.length === HASH_LENGTH;
/** Certificates may have begun before 1970. */
const isTime = (value: Cbor | undefined): value is number => typeof value === 'number';
const isPossession = (value: Cbor | undefined): value is Possession => value === 0 || value === 1 || value === 3;
const isBinding = (value: Cbor | undefined): value is Binding =>
  value === BINDINGS.none || value === BINDINGS.extension || value === BINDINGS.claim;
