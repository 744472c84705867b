/**
 * One proof for several leaves of one tree.
 *
 * The hashes stand in the order of a walk f(from, to): no wanted leaf inside, the next hash; one leaf, the leaf's own hash; else
 * f of the left part, then f of the right part, split as RFC 6962 §2.1 splits.
 */
import type { Hash, LeafRange, TreeHasher } from './tree.ts';
import { splitPoint } from './tree.ts';

export interface ProvenLeaf {
  readonly index: number;
  readonly hash: Hash;
}

/** The ranges whose hashes the proof consists of, in its order. `indexes` ascend, without duplicates, below `size`. */
export function multiproofRanges(indexes: readonly number[], size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  const walk = (from: number, to: number, first: number, end: number): void => {
    if (first === end) {
      ranges.push({ from, to });
      return;
    }
    if (to - from === 1) return;
    const middle = from + splitPoint(to - from);
    const cut = firstAtOrAbove(indexes, middle, first, end);
    walk(from, middle, first, cut);
    walk(middle, to, cut, end);
  };
  if (size > 0) walk(0, size, 0, indexes.length);
  return ranges;
}

/**
 * The root that the leaves and hashes lead to, undefined unless every hash is used and none is missing.
 * `leaves` ascend by index, without duplicates, below `size`.
 */
export function multiproofRoot(
  { size, leaves, hashes }: { size: number; leaves: readonly ProvenLeaf[]; hashes: readonly Hash[] },
  tree: TreeHasher,
): Hash | undefined {
  if (size === 0) return undefined;
  const indexes = leaves.map(({ index }) => index);
  let used = 0;
  const walk = (from: number, to: number, first: number, end: number): Hash | undefined => {
    if (first === end) return hashes[used++];
    if (to - from === 1) return leaves[first]?.hash;
    const middle = from + splitPoint(to - from);
    const cut = firstAtOrAbove(indexes, middle, first, end);
    const left = walk(from, middle, first, cut);
    if (left === undefined) return undefined;
    const right = walk(middle, to, cut, end);
    return right && tree.node(left, right);
  };
  const root = walk(0, size, 0, leaves.length);
  return used === hashes.length ? root : undefined;
}

function firstAtOrAbove(indexes: readonly number[], bound: number, first: number, end: number): number {
  let at = first;
  while (at < end && (indexes[at] as number) < bound) at += 1;
  return at;
}
