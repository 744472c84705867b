import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equal } from '../../src/core/bytes.ts';
import { InvariantError } from '../../src/core/outcome.ts';
import { appendLeaves, EMPTY_FRONTIER, frontierRoot } from '../../src/tlog/frontier.ts';
import { multiproofRanges, multiproofRoot } from '../../src/tlog/multiproof.ts';
import {
  consistencyRanges,
  type Hash,
  inclusionRanges,
  type LeafRange,
  rangeHash,
  verifyConsistency,
  verifyInclusion,
} from '../../src/tlog/tree.ts';
import { ports } from '../support/crypto.ts';
import * as naive from '../support/naive-tree.ts';
import { flipped, Random } from '../support/random.ts';

const { tree } = ports;
const SMALL = 70;
const LEAVES = Array.from({ length: 700 }, (_, i) => naive.leafHash(new Random(`leaf ${i}`).bytes(i % 90)));
const leavesOf = (size: number): Hash[] => LEAVES.slice(0, size);
const sizes = Array.from({ length: SMALL }, (_, i) => i + 1);

/** A node of a complete subtree, straight from the leaves. */
const readNode = (level: number, index: number): Hash =>
  naive.root(LEAVES.slice(index * 2 ** level, (index + 1) * 2 ** level));
const hashesOf = (ranges: readonly LeafRange[]): Hash[] => ranges.map((range) => rangeHash(range, readNode, tree));

test('leaves and nodes are hashed under their prefixes', () => {
  const data = new Random('data').bytes(100);
  expect(tree.leaf(data)).toEqual(naive.leafHash(data));
  expect(tree.node(LEAVES[0] as Hash, LEAVES[1] as Hash)).toEqual(naive.nodeHash(LEAVES[0] as Hash, LEAVES[1] as Hash));
  expect(tree.empty()).toEqual(naive.root([]));
});

describe('frontier', () => {
  test('has the root of the naive tree at every size, however the leaves come', () => {
    const random = new Random('frontier');
    let frontier = EMPTY_FRONTIER;
    while (frontier.size < LEAVES.length) {
      const next = Math.min(LEAVES.length, frontier.size + (frontier.size < SMALL ? 1 : 1 + random.below(40)));
      frontier = appendLeaves(frontier, LEAVES.slice(frontier.size, next), tree).frontier;
      expect(frontierRoot(frontier, tree)).toEqual(naive.root(leavesOf(next)));
    }
    expect(frontierRoot(EMPTY_FRONTIER, tree)).toEqual(naive.root([]));
  });

  test('gives every tile hash once, and none before its subtree is complete', () => {
    const { tileHashes } = appendLeaves(EMPTY_FRONTIER, LEAVES, tree);
    expect(tileHashes.filter(({ tileLevel }) => tileLevel === 0).map(({ hash }) => hash)).toEqual(LEAVES);
    const upper = tileHashes.filter(({ tileLevel }) => tileLevel > 0);
    expect(upper).toEqual([0, 1].map((index) => ({ tileLevel: 1, index, hash: readNode(8, index) })));
  });

  test('leaves the frontier before unchanged', () => {
    const { frontier } = appendLeaves(EMPTY_FRONTIER, leavesOf(5), tree);
    appendLeaves(frontier, leavesOf(9), tree);
    expect(frontierRoot(frontier, tree)).toEqual(naive.root(leavesOf(5)));
  });
});

describe('inclusion', () => {
  test.each(sizes)('of every leaf in a tree of %i is proved as by the naive tree', (size) => {
    const leaves = leavesOf(size);
    const root = naive.root(leaves);
    for (let index = 0; index < size; index++) {
      const path = hashesOf(inclusionRanges(index, size));
      expect(path).toEqual(naive.inclusionPath(index, leaves));
      const leafHash = leaves[index] as Hash;
      expect(verifyInclusion({ index, size, leafHash, path, root }, tree)).toEqual({ ok: true, value: true });
    }
  });

  test('refuses another index, size, leaf or root, and a flipped, missing, extra or swapped hash', () => {
    const random = new Random('inclusion');
    for (let run = 0; run < 200; run++) {
      const size = 2 + random.below(LEAVES.length - 2);
      const index = random.below(size);
      const leaves = leavesOf(size);
      const path = naive.inclusionPath(index, leaves);
      const sound = { index, size, leafHash: leaves[index] as Hash, path, root: naive.root(leaves) };
      const at = random.below(path.length);
      const broken = [
        { ...sound, index: index === 0 ? 1 : index - 1 },
        { ...sound, index: size },
        { ...sound, index: -1 },
        { ...sound, index: index + 0.5 },
        { ...sound, size: 0 },
        { ...sound, size: 2 ** 53 },
        { ...sound, leafHash: flipped(sound.leafHash, random.below(32)) },
        { ...sound, leafHash: sound.leafHash.subarray(1) },
        { ...sound, root: flipped(sound.root, random.below(32), 7) },
        { ...sound, root: new Uint8Array(0) },
        { ...sound, path: path.with(at, flipped(path[at] as Hash, random.below(32))) },
        { ...sound, path: path.with(at, (path[at] as Hash).subarray(1)) },
        { ...sound, path: path.toSpliced(at, 1) },
        { ...sound, path: [...path, path[at] as Hash] },
        { ...sound, path: [path[0] as Hash, ...path] },
      ];
      for (const proof of broken) expect(verifyInclusion(proof, tree).ok).toBe(false);
    }
  });

  test('asserts on a leaf beyond the tree', () => {
    expect(() => inclusionRanges(5, 5)).toThrow(InvariantError);
    expect(() => inclusionRanges(-1, 5)).toThrow(InvariantError);
  });
});

describe('consistency', () => {
  test.each(sizes)('of every earlier size with %i is proved as by the naive tree', (size2) => {
    const leaves = leavesOf(size2);
    const root2 = naive.root(leaves);
    for (let size1 = 1; size1 <= size2; size1++) {
      const root1 = naive.root(leavesOf(size1));
      const path = hashesOf(consistencyRanges(size1, size2));
      expect(path).toEqual(naive.consistencyPath(size1, leaves));
      expect(verifyConsistency({ size1, size2, root1, root2, path }, tree)).toEqual({ ok: true, value: true });
    }
  });

  test('refuses another size or root, and a flipped, missing or extra hash', () => {
    const random = new Random('consistency');
    for (let run = 0; run < 200; run++) {
      const size2 = 3 + random.below(LEAVES.length - 3);
      const size1 = 1 + random.below(size2 - 1);
      const path = naive.consistencyPath(size1, leavesOf(size2));
      const sound = { size1, size2, root1: naive.root(leavesOf(size1)), root2: naive.root(leavesOf(size2)), path };
      const at = random.below(path.length);
      const broken = [
        { ...sound, size1: 0 },
        { ...sound, size1: size2 },
        { ...sound, size2: size1 },
        { ...sound, size1: size2 + 1 },
        { ...sound, size2: 2 ** 53 },
        { ...sound, root1: flipped(sound.root1, random.below(32)) },
        { ...sound, root2: flipped(sound.root2, random.below(32)) },
        { ...sound, root1: sound.root2, root2: sound.root1 },
        { ...sound, path: path.with(at, flipped(path[at] as Hash, random.below(32))) },
        { ...sound, path: path.with(at, (path[at] as Hash).subarray(1)) },
        { ...sound, path: path.toSpliced(at, 1) },
        { ...sound, path: [...path, path[at] as Hash] },
        { ...sound, path: [] },
      ];
      for (const proof of broken) expect(verifyConsistency(proof, tree).ok).toBe(false);
    }
  });

  test('of a tree with itself needs equal roots and no hash', () => {
    const root = LEAVES[0] as Hash;
    expect(verifyConsistency({ size1: 4, size2: 4, root1: root, root2: root, path: [] }, tree).ok).toBe(true);
    expect(verifyConsistency({ size1: 4, size2: 4, root1: root, root2: root, path: [root] }, tree).ok).toBe(false);
    expect(verifyConsistency({ size1: 4, size2: 4, root1: root, root2: flipped(root, 0), path: [] }, tree).ok).toBe(
      false,
    );
    expect(() => consistencyRanges(0, 4)).toThrow(InvariantError);
    expect(() => consistencyRanges(5, 4)).toThrow(InvariantError);
  });
});

describe('multiproof', () => {
  const check = (size: number, indexes: readonly number[]): void => {
    const all = leavesOf(size);
    const hashes = hashesOf(multiproofRanges(indexes, size));
    expect(hashes).toEqual(naive.multiproof(indexes, all));
    const leaves = indexes.map((index) => ({ index, hash: all[index] as Hash }));
    expect(multiproofRoot({ size, leaves, hashes }, tree)).toEqual(naive.root(all));
  };

  test.each(sizes)('of one, two, neighbouring and all leaves of %i is that of the naive tree', (size) => {
    for (let index = 0; index < size; index++) {
      check(size, [index]);
      if (index > 0) check(size, [index - 1, index]);
      if (index > 1) check(size, [0, index]);
    }
    check(
      size,
      Array.from({ length: size }, (_, i) => i),
    );
    check(size, []);
  });

  test('refuses a flipped, missing, extra or swapped hash and a moved leaf', () => {
    const subset = fc
      .integer({ min: 2, max: LEAVES.length })
      .chain((size) =>
        fc.tuple(
          fc.constant(size),
          fc.uniqueArray(fc.nat(size - 1), { minLength: 1, maxLength: 8 }),
          fc.nat(),
          fc.nat(31),
        ),
      );
    fc.assert(
      fc.property(subset, ([size, wanted, choice, byte]) => {
        const all = leavesOf(size);
        const root = naive.root(all);
        const indexes = wanted.sort((a, b) => a - b);
        check(size, indexes);
        const leaves = indexes.map((index) => ({ index, hash: all[index] as Hash }));
        const hashes = naive.multiproof(indexes, all);
        const isRoot = (changed: { size?: number; leaves?: typeof leaves; hashes?: readonly Hash[] }): boolean => {
          const computed = multiproofRoot({ size, leaves, hashes, ...changed }, tree);
          return computed !== undefined && equal(computed, root);
        };
        const leafAt = choice % leaves.length;
        const leaf = leaves[leafAt] as (typeof leaves)[number];
        expect(isRoot({ leaves: leaves.with(leafAt, { ...leaf, hash: flipped(leaf.hash, byte) }) })).toBe(false);
        expect(isRoot({ leaves: leaves.toSpliced(leafAt, 1) })).toBe(false);
        expect(isRoot({ hashes: [...hashes, leaf.hash] })).toBe(false);
        expect(isRoot({ hashes: [leaf.hash, ...hashes] })).toBe(false);
        if (hashes.length === 0) return;
        const at = choice % hashes.length;
        const hash = hashes[at] as Hash;
        expect(isRoot({ hashes: hashes.with(at, flipped(hash, byte)) })).toBe(false);
        expect(isRoot({ hashes: hashes.toSpliced(at, 1) })).toBe(false);
        if (hashes.length > 1)
          expect(isRoot({ hashes: hashes.toSpliced(at, 1).toSpliced(at === 0 ? 1 : at - 1, 0, hash) })).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  test('of an empty tree has no root', () => {
    expect(multiproofRoot({ size: 0, leaves: [], hashes: [] }, tree)).toBeUndefined();
    expect(multiproofRanges([], 0)).toEqual([]);
  });
});
