/** Core's ports in plain JavaScript: for browsers, and on Node for what node:crypto lacks. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js';
import { concat, equal } from '../core/bytes.ts';
import type { Hasher } from '../core/hash.ts';
import type { SignatureVerifier } from '../core/signature.ts';

export const nobleHasher: Hasher = { sha256: (data) => sha256(data) };

export const nobleVerifier: SignatureVerifier = {
  verifyP256(publicKey, message, signature) {
    return whenWellFormed(() => p256.verify(signature, message, publicKey, { lowS: false }));
  },
  verifyEd25519(publicKey, message, signature) {
    return whenWellFormed(() => verifyCofactorless(publicKey, message, signature));
  },
  isTorsionFree(publicKey) {
    return whenWellFormed(() => {
      const point = ed25519.Point.fromBytes(publicKey);
      return !point.is0() && point.isTorsionFree();
    });
  },
  verifyMlDsa44(publicKey, message, signature) {
    return whenWellFormed(() => ml_dsa44.verify(signature, message, publicKey));
  },
};

/**
 * RFC 8032 §5.1.7 without multiplying by the cofactor, comparing encodings as OpenSSL does. The library's own check accepts
 * signatures of mixed order, on which implementations disagree.
 */
function verifyCofactorless(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  const { Point } = ed25519;
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  if (s >= Point.Fn.ORDER) return false;
  const a = Point.fromBytes(publicKey);
  const k = littleEndian(sha512(concat(r, publicKey, message))) % Point.Fn.ORDER;
  const expected = Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k));
  return equal(expected.toBytes(), r);
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return value;
}

/** The library throws on bytes that are no key or signature; such bytes verify nothing. */
function whenWellFormed(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
