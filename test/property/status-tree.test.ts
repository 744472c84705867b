import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/core/outcome.ts';
import {
  isPaddingZero,
  isSuperseded,
  StatusTree,
  statusLeaf,
  wordCount,
  wordIndex,
} from '../../src/tlog/status-tree.ts';
import { ports } from '../support/crypto.ts';
import * as naive from '../support/naive-tree.ts';
import { Random } from '../support/random.ts';

const { hasher, tree } = ports;
const newTree = (): StatusTree => new StatusTree(hasher, tree);

/** A tree that one change made. */
function treeOf(size: number, superseded: readonly number[]): StatusTree {
  const status = newTree();
  status.apply(status.change(size, superseded));
  return status;
}

describe('status tree', () => {
  test.each([
    [1, 0],
    [2, 1],
    [256, 1],
    [257, 1],
    [258, 2],
    [512, 2],
    [513, 2],
    [514, 3],
  ])('of a log of %i entries has %i words', (size, count) => {
    expect(wordCount(size)).toBe(count);
  });

  test.each([255, 256, 257, 258, 511, 512, 513, 514, 769, 1025])('of a log of %i entries is the naive one', (size) => {
    for (const superseded of [
      [],
      [0],
      [size - 2],
      [0, Math.min(255, size - 2), size - 2].filter((x, i, all) => all.indexOf(x) === i),
    ]) {
      const status = treeOf(size, superseded);
      expect(status.wordCount).toBe(wordCount(size));
      expect(status.root()).toEqual(naive.statusRoot(size, superseded));
      for (let entry = 0; entry < size - 1; entry++)
        expect(status.isSuperseded(entry)).toBe(superseded.includes(entry));
    }
  });

  test('equals the naive one after every block of random histories', () => {
    for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const random = new Random(`status ${seed}`);
      const status = newTree();
      const superseded = new Set<number>();
      let size = 1 + random.below(600);
      for (let block = 0; block < 40; block++) {
        const open = Array.from({ length: size - 1 }, (_, i) => i).filter((entry) => !superseded.has(entry));
        const gone = random.some(open, 1 + random.below(200));
        const before = status.wordCount > 0 ? status.root() : undefined;
        const change = status.change(size, gone);
        if (before !== undefined) expect(status.root()).toEqual(before);
        status.apply(change);
        for (const entry of gone) superseded.add(entry);
        const expected = naive.statusRoot(size, superseded);
        expect(change.root).toEqual(expected);
        expect(status.root()).toEqual(expected);
        const words = naive.statusWords(size, superseded);
        expect(words.map((_, index) => status.word(index).slice())).toEqual(words);
        expect(StatusTree.fromWords(words, hasher, tree).root()).toEqual(expected);
        size += 1 + random.below(random.oneIn(5) ? 700 : 5);
      }
    }
  });

  test('gives every range of words that a multiproof names', () => {
    const status = treeOf(256 * 11 + 2, [5, 300, 2000]);
    const leaves = naive.statusWords(256 * 11 + 2, [5, 300, 2000]).map(naive.statusLeafHash);
    expect(status.rangeHash({ from: 0, to: 8 })).toEqual(naive.root(leaves.slice(0, 8)));
    expect(status.rangeHash({ from: 8, to: 12 })).toEqual(naive.root(leaves.slice(8)));
    expect(status.rangeHash({ from: 10, to: 11 })).toEqual(leaves[10]);
  });

  test('has leaves that are none of the log', () => {
    const word = new Random('word').bytes(32);
    expect(statusLeaf(word, hasher)).toEqual(naive.statusLeafHash(word));
    expect(statusLeaf(word, hasher)).not.toEqual(naive.leafHash(word));
  });

  test('of the empty log has no word', () => {
    expect(treeOf(1, []).root()).toEqual(naive.root([]));
  });

  test('asserts on an entry that has no bit yet, one superseded twice, and a tree that would shrink', () => {
    const status = treeOf(300, [7]);
    expect(() => status.change(300, [299])).toThrow(InvariantError);
    expect(() => status.change(300, [7])).toThrow(InvariantError);
    expect(() => status.change(300, [8, 8])).toThrow(InvariantError);
    expect(() => status.change(257, [])).toThrow(InvariantError);
    expect(() => status.isSuperseded(600)).toThrow(InvariantError);
  });
});

describe('padding', () => {
  test.each([255, 256, 257, 511, 512])('of a log whose last index is %i begins at that bit', (last) => {
    const size = last + 1;
    const index = wordCount(size) - 1;
    for (let bit = 0; bit < 256; bit++) {
      const word = new Uint8Array(32);
      word[bit >> 3] = 1 << (bit & 7);
      const entry = index * 256 + bit;
      expect(isSuperseded(word, entry)).toBe(true);
      expect(wordIndex(entry)).toBe(index);
      expect(isPaddingZero(word, index, size)).toBe(entry < last);
    }
  });
});
