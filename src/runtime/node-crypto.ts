/**
 * Core's ports on node:crypto. The module is a parameter, so that this file loads where it does not exist.
 *
 * A hash through the latin1 string costs a quarter of one through a Buffer; keys are imported once per byte array.
 */

import type { Hasher } from '../core/hash.ts';
import { assert } from '../core/outcome.ts';

/** What of node:crypto is used. */
export interface NodeCrypto {
  hash(algorithm: string, data: Uint8Array, outputEncoding: 'latin1'): string;
  createPublicKey(key: { key: Uint8Array; format: 'der'; type: 'spki' }): object;
  verify(algorithm: string | null, data: Uint8Array, key: object, signature: Uint8Array): boolean;
}

export function createNodeHasher(crypto: Pick<NodeCrypto, 'hash'>): Hasher {
  return {
    sha256(data) {
      const text = crypto.hash('sha256', data, 'latin1');
      const hash = new Uint8Array(32);
      for (let i = 0; i < 32; i++) hash[i] = text.charCodeAt(i);
      return hash;
    },
  };
}

// DER of the SubjectPublicKeyInfo in front of the key's own bytes. @see RFC 5480 §2, RFC 8410 §4
const P256_PREFIX = Uint8Array.from([
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
  0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
]);
const ED25519_PREFIX = Uint8Array.from([0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]);

const P256_POINT_LENGTH = 65;
const ED25519_KEY_LENGTH = 32;

/** The two signature checks that node:crypto does natively. */
export function createNodeCurves(crypto: NodeCrypto): {
  verifyP256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
} {
  const imported = new WeakMap<Uint8Array, object | null>();
  const importKey = (prefix: Uint8Array, publicKey: Uint8Array): object | null => {
    const known = imported.get(publicKey);
    if (known !== undefined) return known;
    const spki = new Uint8Array(prefix.length + publicKey.length);
    spki.set(prefix);
    spki.set(publicKey, prefix.length);
    let key: object | null = null;
    try {
      key = crypto.createPublicKey({ key: spki, format: 'der', type: 'spki' });
    } catch {
      // OpenSSL refuses bytes that are no point of the curve: such a key verifies nothing.
    }
    imported.set(publicKey, key);
    return key;
  };
  return {
    verifyP256(publicKey, message, signature) {
      assert(publicKey.length === P256_POINT_LENGTH, 'a P-256 key is an uncompressed point');
      const key = importKey(P256_PREFIX, publicKey);
      return key !== null && crypto.verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
    },
    verifyEd25519(publicKey, message, signature) {
      assert(publicKey.length === ED25519_KEY_LENGTH, 'an Ed25519 key has 32 bytes');
      const key = importKey(ED25519_PREFIX, publicKey);
      return key !== null && crypto.verify(null, message, key, signature);
    },
  };
}
