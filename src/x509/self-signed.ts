/** Self-signed certificates: the proof that a device holds the key that its own certificate names. */
import { equal } from '../core/bytes.ts';
import { accept, type Outcome, refuse } from '../core/outcome.ts';
import type { SignatureVerifier } from '../core/signature.ts';
import type { Certificate } from './certificate.ts';
import { parseEcdsaSignature } from './ecdsa.ts';
import type { VerifiableKey } from './public-key.ts';

export type SelfSignedReason =
  /** Issuer and subject are not the same octets: somebody else issued it. */
  | 'issuer_not_subject'
  /** The key is neither P-256 nor Ed25519. */
  | 'unsupported_key'
  /** The signature algorithm is not the one of the certificate's own key. */
  | 'algorithm_not_of_key'
  /** An Ed25519 key that is not canonical or has a small-order part: verifiers disagree about its signatures. */
  | 'key_with_torsion'
  /** The signature is not two scalars in strict DER (ECDSA), or not 64 octets (Ed25519). */
  | 'bad_signature_encoding'
  /** The signature is not the key's signature of this certificate. */
  | 'signature_invalid';

/**
 * Checks that a certificate is signed by its own key; the value is that key. A certificate that carries cA TRUE is as good as
 * another one: openssl sets it, and nothing is issued below a self-signed certificate.
 * @see RFC 5280 §3.2 (self-signed), §6.1.3 (a) (1)
 */
export function checkSelfSigned(
  certificate: Certificate,
  verifier: SignatureVerifier,
): Outcome<VerifiableKey, SelfSignedReason> {
  const { publicKey, issuer, subject, signatureAlgorithm } = certificate;
  if (!equal(issuer, subject)) return refuse('issuer_not_subject');
  if (publicKey.kind === 'other') return refuse('unsupported_key');
  if (signatureAlgorithm !== ALGORITHM_OF[publicKey.kind]) return refuse('algorithm_not_of_key');
  const reason =
    publicKey.kind === 'p256'
      ? checkP256(publicKey.point, certificate, verifier)
      : checkEd25519(publicKey.key, certificate, verifier);
  return reason === undefined ? accept(publicKey) : refuse(reason);
}

const ALGORITHM_OF = { p256: 'ecdsa-p256-sha256', ed25519: 'ed25519' } as const;

function checkP256(
  point: Uint8Array,
  { tbs, signature }: Certificate,
  verifier: SignatureVerifier,
): SelfSignedReason | undefined {
  const scalars = parseEcdsaSignature(signature);
  if (!scalars.ok) return 'bad_signature_encoding';
  return verifier.verifyP256(point, tbs, scalars.value) ? undefined : 'signature_invalid';
}

function checkEd25519(
  key: Uint8Array,
  { tbs, signature }: Certificate,
  verifier: SignatureVerifier,
): SelfSignedReason | undefined {
  if (signature.length !== 64) return 'bad_signature_encoding';
  if (!verifier.isTorsionFree(key)) return 'key_with_torsion';
  return verifier.verifyEd25519(key, tbs, signature) ? undefined : 'signature_invalid';
}
