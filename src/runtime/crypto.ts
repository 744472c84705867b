/** The crypto that this platform has: node:crypto where it exists, plain JavaScript elsewhere. */
import type { Hasher } from '../core/hash.ts';
import type { SignatureVerifier } from '../core/signature.ts';
import { nobleHasher, nobleVerifier } from './noble-crypto.ts';
import { createNodeCurves, createNodeHasher, type NodeCrypto } from './node-crypto.ts';

export interface Crypto {
  readonly hasher: Hasher;
  readonly verifier: SignatureVerifier;
}

/** Node has `process.getBuiltinModule` from 20.16 on; a bundler for browsers sees no import to resolve. */
interface NodeGlobal {
  readonly process?: { getBuiltinModule?(name: 'node:crypto'): NodeCrypto };
}

export function platformCrypto(): Crypto {
  const crypto = (globalThis as NodeGlobal).process?.getBuiltinModule?.('node:crypto');
  if (crypto === undefined) return portableCrypto;
  return { hasher: createNodeHasher(crypto), verifier: { ...nobleVerifier, ...createNodeCurves(crypto) } };
}

export const portableCrypto: Crypto = { hasher: nobleHasher, verifier: nobleVerifier };
