/** Record ids: SHA-256 of dCBOR over a domain string, the network and what makes the record unique. Never reused. */
import { type Cbor, encode } from '../core/cbor.ts';
import type { Hasher } from '../core/hash.ts';

const hashOf = (value: Cbor, hasher: Hasher): Uint8Array => hasher.sha256(encode(value));

/** `spki`: the member's first account key, as a DER SubjectPublicKeyInfo. */
export const memberId = (networkId: Uint8Array, spki: Uint8Array, hasher: Hasher): Uint8Array =>
  hashOf(['entente/member/v1', networkId, spki], hasher);

/** `spki`: the submitter's first account key. */
export const submitterId = (networkId: Uint8Array, spki: Uint8Array, hasher: Hasher): Uint8Array =>
  hashOf(['entente/submitter/v1', networkId, spki], hasher);

/** An identity born from a certificate whose holder proved possession of the key: the device can compute it. */
export const identityId = (networkId: Uint8Array, spki: Uint8Array, hasher: Hasher): Uint8Array =>
  hashOf(['entente/identity/v1', networkId, spki], hasher);

/** The id of a key in a transaction's header and in approvals. */
export const accountKeyId = (spki: Uint8Array, hasher: Hasher): Uint8Array => hasher.sha256(spki);
