/** Operations and their bodies. Numbers are appended, never reused. */

import { equal, fromUtf8 } from '../core/bytes.ts';
import { type Cbor, encode, isArray, isBytes, isMap, isUnsigned } from '../core/cbor.ts';
import { accept, type Outcome, refuse } from '../core/outcome.ts';
import { AUTHORITY_KEY, accountPayload, NAME_BYTES_MAX, parseAccountKeys } from './authority.ts';
import { type Claim, claimToCbor, parseClaim } from './binding.ts';
import { CODES, type Code } from './codes.ts';
import { isId } from './record.ts';
import { parseScope, type Scope, scopeToCbor } from './scope.ts';
import { BATCH_ITEMS_MAX } from './transaction.ts';

/** 1 to 7, 9 to 12, 18 to 22 and 24, 25 are reserved for the operations that the protocol names beside these. */
export const OPERATIONS = { addSubmitter: 8, register: 17, endIdentity: 23 } as const;

/** A new submitter under the signing member. */
export interface AddSubmitter {
  readonly name: string;
  readonly scope: Scope | undefined;
  /** DER SubjectPublicKeyInfos; the first gives the record its id. */
  readonly accountKeys: readonly Uint8Array[];
}

/** The body is the payload of the record; its scope is refused in any other order than the encoder's. */
export const addSubmitterToCbor = ({ name, scope, accountKeys }: AddSubmitter): Cbor =>
  accountPayload(name, scope, accountKeys);

export function parseAddSubmitter(body: Cbor): Outcome<AddSubmitter, Code> {
  if (!isMap(body)) return refuse(CODES.body_malformed);
  const known: readonly number[] = [AUTHORITY_KEY.name, AUTHORITY_KEY.scope, AUTHORITY_KEY.accountKeys];
  for (const key of body.keys()) if (!known.includes(key)) return refuse(CODES.body_malformed);
  const name = body.get(AUTHORITY_KEY.name);
  const scopeValue = body.get(AUTHORITY_KEY.scope);
  const accountKeys = parseAccountKeys(body);
  if (typeof name !== 'string' || accountKeys === undefined) return refuse(CODES.body_malformed);
  const nameLength = fromUtf8(name).length;
  if (nameLength === 0 || nameLength > NAME_BYTES_MAX) return refuse(CODES.name_invalid);
  const scope = scopeValue === undefined ? undefined : parseScope(scopeValue);
  const isScope =
    scopeValue === undefined || (scope !== undefined && equal(encode(scopeToCbor(scope)), encode(scopeValue)));
  if (!isScope) return refuse(CODES.scope_invalid);
  return accept({ name, scope, accountKeys });
}

export interface RegistrationItem {
  readonly der: Uint8Array;
  readonly claim: Claim | null;
}

/** A batch of new devices of one kind. */
export interface Registration {
  readonly subjectKind: number;
  /** The trust anchor, for CA-issued certificates; null for self-made ones. */
  readonly issuerId: Uint8Array | null;
  readonly intermediateIds: readonly Uint8Array[];
  readonly items: readonly RegistrationItem[];
}

export const registrationToCbor = ({ subjectKind, issuerId, intermediateIds, items }: Registration): Cbor => [
  subjectKind,
  issuerId,
  intermediateIds,
  items.map(({ der, claim }) => [der, claimToCbor(claim)]),
];

export function parseRegistration(body: Cbor): Outcome<Registration, Code> {
  if (!isArray(body) || body.length !== 4) return refuse(CODES.body_malformed);
  const [subjectKind, issuerId, intermediateIds, items] = body;
  if (!isUnsigned(subjectKind) || (issuerId !== null && !isId(issuerId))) return refuse(CODES.body_malformed);
  if (!isArray(intermediateIds) || !intermediateIds.every(isId)) return refuse(CODES.body_malformed);
  if (!isArray(items) || items.length === 0) return refuse(CODES.body_malformed);
  if (items.length > BATCH_ITEMS_MAX) return refuse(CODES.too_many_items);
  const parsed: RegistrationItem[] = [];
  for (const item of items) {
    const registration = parseItem(item);
    if (registration === undefined) return refuse(CODES.body_malformed);
    parsed.push(registration);
  }
  return accept({ subjectKind, issuerId, intermediateIds, items: parsed });
}

function parseItem(value: Cbor): RegistrationItem | undefined {
  if (!isArray(value) || value.length !== 2) return undefined;
  const [der, claimValue] = value;
  const claim = parseClaim(claimValue);
  return isBytes(der) && claim !== undefined ? { der, claim } : undefined;
}

/** Ends an identity for good; its certificates are revoked with it. */
export interface EndIdentity {
  readonly recordId: Uint8Array;
  /** A CRLReason number of RFC 5280 §5.3.1. */
  readonly reason: number;
  /** SHA-256 of evidence that is kept elsewhere. */
  readonly evidenceDigest: Uint8Array | null;
}

export const endIdentityToCbor = ({ recordId, reason, evidenceDigest }: EndIdentity): Cbor => [
  recordId,
  reason,
  evidenceDigest,
];

export function parseEndIdentity(body: Cbor): Outcome<EndIdentity, Code> {
  if (!isArray(body) || body.length !== 3) return refuse(CODES.body_malformed);
  const [recordId, reason, evidenceDigest] = body;
  if (!isId(recordId) || !isUnsigned(reason)) return refuse(CODES.body_malformed);
  if (evidenceDigest !== null && !isId(evidenceDigest)) return refuse(CODES.body_malformed);
  return accept({ recordId, reason, evidenceDigest });
}

/** What happened to one item: its code and, where there is one, the record and the index of the entry that holds it. */
export interface ItemResult {
  readonly code: number;
  readonly recordId: Uint8Array | null;
  readonly index: number | null;
}

/** The `data` of an accepted transaction's result. */
export const itemResultsToCbor = (items: readonly ItemResult[]): Cbor =>
  items.map(({ code, recordId, index }) => [code, recordId, index]);

export function parseItemResults(value: Cbor | undefined): readonly ItemResult[] | undefined {
  if (!isArray(value)) return undefined;
  const results: ItemResult[] = [];
  for (const item of value) {
    if (!isArray(item) || item.length !== 3) return undefined;
    const [code, recordId, index] = item;
    if (!isUnsigned(code) || (recordId !== null && !isId(recordId)) || (index !== null && !isUnsigned(index)))
      return undefined;
    results.push({ code, recordId, index });
  }
  return results;
}
