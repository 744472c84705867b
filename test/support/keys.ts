/** Keys made from a seed, which sign as accounts and devices do. Signatures are deterministic. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { concat, toHex } from '../../src/core/bytes.ts';
import { COSE_ALGORITHMS, type CoseAlgorithm } from '../../src/protocol/transaction.ts';
import { hashOf } from './crypto.ts';

export interface TestKey {
  readonly kind: 'ed25519' | 'p256';
  readonly algorithm: CoseAlgorithm;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** The key's own bytes: 32, or the uncompressed point. */
  readonly raw: Uint8Array;
  /** 64 bytes; ECDSA as r || s with low S. */
  sign(message: Uint8Array): Uint8Array;
}

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

const ED25519_PKCS8 = bytes('302e020100300506032b657004220420');
const P256_SPKI = bytes('3059301306072a8648ce3d020106082a8648ce3d030107034200');

export function ed25519Key(seed: string): TestKey {
  const key = Buffer.from(concat(ED25519_PKCS8, hashOf(`ed25519 ${seed}`)));
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const spki = new Uint8Array(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }));
  return {
    kind: 'ed25519',
    algorithm: COSE_ALGORITHMS.eddsa,
    spki,
    raw: spki.slice(12),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

export function p256Key(seed: string): TestKey {
  const secret = hashOf(`p256 ${seed}`);
  const raw = p256.getPublicKey(secret, false);
  return {
    kind: 'p256',
    algorithm: COSE_ALGORITHMS.es256,
    spki: concat(P256_SPKI, raw),
    raw,
    sign: (message) => p256.sign(message, secret),
  };
}

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** (r, n - s): the other signature that P-256 accepts for the same message. */
export function withOtherS(signature: Uint8Array): Uint8Array {
  const s = P256_ORDER - BigInt(`0x${toHex(signature.subarray(32))}`);
  return concat(signature.subarray(0, 32), bytes(s.toString(16).padStart(64, '0')));
}
