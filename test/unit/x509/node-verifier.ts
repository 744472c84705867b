/** The signature port over node:crypto, for tests of rules that need a verdict. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import type { SignatureVerifier } from '../../../src/core/signature.ts';

export const nodeVerifier: SignatureVerifier = {
  verifyP256(publicKey, message, signature) {
    const key = importKey({ kty: 'EC', crv: 'P-256', x: coordinate(publicKey, 1), y: coordinate(publicKey, 33) });
    return key !== undefined && verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
  },
  verifyEd25519(publicKey, message, signature) {
    const key = importKey({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') });
    return key !== undefined && verify(null, message, key, signature);
  },
  isTorsionFree(publicKey) {
    try {
      const point = ed25519.Point.fromBytes(publicKey, false);
      // The neutral element is in the subgroup, and anybody can sign for it.
      return point.isTorsionFree() && !point.is0();
    } catch {
      return false;
    }
  },
  verifyMlDsa44: () => false,
};

const coordinate = (point: Uint8Array, at: number): string =>
  Buffer.from(point.subarray(at, at + 32)).toString('base64url');

/** Undefined for a point that is not on the curve. */
function importKey(key: { kty: string; crv: string; x: string; y?: string }): KeyObject | undefined {
  try {
    return createPublicKey({ format: 'jwk', key });
  } catch {
    return undefined;
  }
}
