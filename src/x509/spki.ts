/** A SubjectPublicKeyInfo that stands alone: account keys of members and submitters. */
import { DerMalformed, DerReader } from './der.ts';
import { readPublicKey, type VerifiableKey } from './public-key.ts';
import { CertificateMalformed } from './reasons.ts';

/** The key of a strict DER SubjectPublicKeyInfo; undefined unless it is one of P-256 or Ed25519. @see RFC 5280 §4.1.2.7 */
export function parseSpki(spki: Uint8Array): VerifiableKey | undefined {
  try {
    const reader = new DerReader(spki);
    const key = readPublicKey(reader);
    return reader.isAtEnd() && key.kind !== 'other' ? key : undefined;
  } catch (error) {
    if (error instanceof DerMalformed || error instanceof CertificateMalformed) return undefined;
    throw error;
  }
}
