/** Signatures by account keys and device keys over the ledger's own messages. */
import type { SignatureVerifier } from '../core/signature.ts';
import { COSE_ALGORITHMS, type CoseAlgorithm } from '../protocol/transaction.ts';
import { isLowS } from '../x509/ecdsa.ts';
import type { VerifiableKey } from '../x509/public-key.ts';

/** The COSE algorithm that a key signs with. */
export const algorithmOf = (key: VerifiableKey): CoseAlgorithm =>
  key.kind === 'p256' ? COSE_ALGORITHMS.es256 : COSE_ALGORITHMS.eddsa;

/** ES256 as r || s with low S, so that nobody but the signer can make a second form; or EdDSA. 64 bytes. @see RFC 9053 §2 */
export function verifyMessage(
  key: VerifiableKey,
  message: Uint8Array,
  signature: Uint8Array,
  verifier: SignatureVerifier,
): boolean {
  if (signature.length !== 64) return false;
  if (key.kind === 'ed25519') return verifier.verifyEd25519(key.key, message, signature);
  return isLowS(signature) && verifier.verifyP256(key.point, message, signature);
}
