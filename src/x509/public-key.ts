/** AlgorithmIdentifier and SubjectPublicKeyInfo: the two algorithms that the ledger verifies, and the place of the others. */
import type { SignatureAlgorithm } from '../core/signature.ts';
import { type DerReader, SEQUENCE } from './der.ts';
import { CertificateMalformed } from './reasons.ts';

export type VerifiableKey =
  /** `point` is uncompressed: 04, x, y; whether it lies on the curve is for the verifier to say. */
  { readonly kind: 'p256'; readonly point: Uint8Array } | { readonly kind: 'ed25519'; readonly key: Uint8Array };

/** `algorithm` is the content of the OBJECT IDENTIFIER. */
export type PublicKey = VerifiableKey | { readonly kind: 'other'; readonly algorithm: Uint8Array };

/**
 * The key of a SubjectPublicKeyInfo. A known algorithm with unknown parameters, such as another curve, is 'other'.
 * @see RFC 5280 §4.1.2.7, RFC 5480 §2, RFC 8410 §4
 */
export function readPublicKey(reader: DerReader): PublicKey {
  const outerEnd = reader.enter(SEQUENCE);
  const kind = reader.isNext(P256_KEY) ? 'p256' : reader.isNext(ED25519) ? 'ed25519' : 'other';
  const algorithm = readAlgorithmIdentifier(reader);
  const start = reader.at;
  const octets = reader.octetBits();
  reader.leave(outerEnd);
  switch (kind) {
    case 'p256':
      if (octets.length !== 65 || octets[0] !== 4) throw new CertificateMalformed('bad_p256_key', start);
      return { kind, point: octets };
    case 'ed25519':
      if (octets.length !== 32) throw new CertificateMalformed('bad_ed25519_key', start);
      return { kind, key: octets };
    case 'other':
      return { kind, algorithm };
  }
}

/** Goes over an AlgorithmIdentifier of a signature. @see RFC 5280 §4.1.1.2, RFC 5758 §3.2, RFC 8410 §3 */
export function readSignatureAlgorithm(reader: DerReader): SignatureAlgorithm | 'unsupported' {
  const algorithm = reader.isNext(ECDSA_SHA256)
    ? 'ecdsa-p256-sha256'
    : reader.isNext(ED25519)
      ? 'ed25519'
      : 'unsupported';
  if (algorithm === 'unsupported') readAlgorithmIdentifier(reader);
  else reader.skip(SEQUENCE);
  return algorithm;
}

// Whole AlgorithmIdentifiers: the parameters are part of the algorithm.
const ECDSA_SHA256 = Uint8Array.of(0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2);
const ED25519 = Uint8Array.of(0x30, 5, 6, 3, 0x2b, 0x65, 0x70);
const P256_CURVE = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P256_KEY = Uint8Array.of(0x30, 19, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, ...P256_CURVE);

const OIDS_WITHOUT_PARAMETERS = [ECDSA_SHA256.subarray(2), ED25519.subarray(2)];

/** The content of the OBJECT IDENTIFIER. */
function readAlgorithmIdentifier(reader: DerReader): Uint8Array {
  const outerEnd = reader.enter(SEQUENCE);
  const hasNoParameters = OIDS_WITHOUT_PARAMETERS.some((oid) => reader.isNext(oid));
  const algorithm = reader.oid();
  if (hasNoParameters && !reader.isAtEnd()) throw new CertificateMalformed('algorithm_parameters_present', reader.at);
  if (!reader.isAtEnd()) reader.any();
  reader.leave(outerEnd);
  return algorithm;
}
