/**
 * The Merkle tree as RFC 6962 §2.1 writes it: plain recursion over all leaves, hashed by node:crypto. Slow and obvious; the code
 * under test is judged by it and shares nothing with it.
 */
import { createHash } from 'node:crypto';

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

export const leafHash = (data: Uint8Array): Uint8Array => sha256(Uint8Array.of(0), data);
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(Uint8Array.of(1), left, right);
export const statusLeafHash = (word: Uint8Array): Uint8Array => sha256(Uint8Array.of(0, 0x53), word);

type Hashes = readonly Uint8Array[];

function split(count: number): number {
  let power = 1;
  while (2 * power < count) power *= 2;
  return power;
}

/** MTH. @see RFC 6962 §2.1 */
export function root(leaves: Hashes): Uint8Array {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  const k = split(leaves.length);
  return nodeHash(root(leaves.slice(0, k)), root(leaves.slice(k)));
}

/** PATH(m, D[n]). @see RFC 6962 §2.1.1 */
export function inclusionPath(index: number, leaves: Hashes): Uint8Array[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [...inclusionPath(index, leaves.slice(0, k)), root(leaves.slice(k))]
    : [...inclusionPath(index - k, leaves.slice(k)), root(leaves.slice(0, k))];
}

/** PROOF(m, D[n]). @see RFC 6962 §2.1.2 */
export const consistencyPath = (size: number, leaves: Hashes): Uint8Array[] => subProof(size, leaves, true);

function subProof(m: number, leaves: Hashes, isComplete: boolean): Uint8Array[] {
  if (m === leaves.length) return isComplete ? [] : [root(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...subProof(m, leaves.slice(0, k), isComplete), root(leaves.slice(k))]
    : [...subProof(m - k, leaves.slice(k), false), root(leaves.slice(0, k))];
}

/** The hashes of f(lo, hi), which the walk takes where no wanted leaf lies inside. */
export function multiproof(wanted: readonly number[], leaves: Hashes): Uint8Array[] {
  const walk = (lo: number, hi: number): Uint8Array[] => {
    if (!wanted.some((index) => lo <= index && index < hi)) return [root(leaves.slice(lo, hi))];
    if (hi - lo === 1) return [];
    const k = split(hi - lo);
    return [...walk(lo, lo + k), ...walk(lo + k, hi)];
  };
  return leaves.length === 0 ? [] : walk(0, leaves.length);
}

/** All status words for a log of `size` entries. */
export function statusWords(size: number, superseded: Iterable<number>): Uint8Array[] {
  const words = Array.from({ length: Math.ceil((size - 1) / 256) }, () => new Uint8Array(32));
  for (const entry of superseded) {
    const word = words[entry >> 8] as Uint8Array;
    word[(entry >> 3) & 31] = (word[(entry >> 3) & 31] as number) | (1 << (entry & 7));
  }
  return words;
}

export const statusRoot = (size: number, superseded: Iterable<number>): Uint8Array =>
  root(statusWords(size, superseded).map(statusLeafHash));
