/**
 * The status tree: one bit per entry that says whether a later version superseded it.
 *
 * 256 bits make a 32-byte word, least significant bit first; words are the leaves of a Merkle tree whose root every block entry
 * holds. A log of size N has W = ceil((N - 1) / 256) words: the block entry at N - 1 has no bit of its own yet.
 */

import { concat } from '../core/bytes.ts';
import { HASH_LENGTH, type Hasher } from '../core/hash.ts';
import { assert } from '../core/outcome.ts';
import { type Hash, type LeafRange, rangeHash, type TreeHasher } from './tree.ts';

export const ENTRIES_PER_WORD = 256;
export const WORD_LENGTH = 32;

/** The second prefix byte keeps a status leaf from ever being a log leaf of the same bytes. */
const STATUS_LEAF_PREFIX = Uint8Array.of(0x00, 0x53);

/** W for a log of `size` entries. */
export const wordCount = (size: number): number => Math.ceil((size - 1) / ENTRIES_PER_WORD);

export const wordIndex = (entryIndex: number): number => Math.floor(entryIndex / ENTRIES_PER_WORD);

/** The bit of an entry in its word. */
export const isSuperseded = (word: Uint8Array, entryIndex: number): boolean =>
  (((word[(entryIndex % ENTRIES_PER_WORD) >> 3] as number) >> (entryIndex & 7)) & 1) === 1;

export const statusLeaf = (word: Uint8Array, hasher: Hasher): Hash => hasher.sha256(concat(STATUS_LEAF_PREFIX, word));

/** True when no bit at `size - 1` or above is set in the tree's last word. */
export function isPaddingZero(word: Uint8Array, index: number, size: number): boolean {
  for (let entry = Math.max(size - 1, index * ENTRIES_PER_WORD); entry < (index + 1) * ENTRIES_PER_WORD; entry++) {
    if (isSuperseded(word, entry)) return false;
  }
  return true;
}

/** What a block does to the status tree, computed beside it: nothing changes until it is applied. */
export interface StatusChange {
  readonly wordCount: number;
  readonly words: ReadonlyMap<number, Uint8Array>;
  /** By level, then index: the complete subtrees that the words changed. */
  readonly nodes: readonly ReadonlyMap<number, Hash>[];
  readonly root: Hash;
}

/** All words and all complete subtrees in memory: 64 bytes for 256 entries. */
export class StatusTree {
  readonly #hasher: Hasher;
  readonly #tree: TreeHasher;
  readonly #levels: GrowingList[] = [];
  readonly #words = new GrowingList();

  constructor(hasher: Hasher, tree: TreeHasher) {
    this.#hasher = hasher;
    this.#tree = tree;
  }

  /** Rebuilds the tree from its words. */
  static fromWords(words: readonly Uint8Array[], hasher: Hasher, tree: TreeHasher): StatusTree {
    const status = new StatusTree(hasher, tree);
    status.apply(status.#change(words.length, new Map(words.map((word, index) => [index, word]))));
    return status;
  }

  get wordCount(): number {
    return this.#words.length;
  }

  word(index: number): Uint8Array {
    return this.#words.get(index);
  }

  /** @throws InvariantError for an entry that has no bit yet. */
  isSuperseded(entryIndex: number): boolean {
    return isSuperseded(this.word(wordIndex(entryIndex)), entryIndex);
  }

  rangeHash(range: LeafRange): Hash {
    return rangeHash(range, (level, index) => this.#node(level, index), this.#tree);
  }

  root(): Hash {
    return this.rangeHash({ from: 0, to: this.wordCount });
  }

  /** The tree for a log of `size` entries in which `superseded` entries lose their currency. A bit never goes back. */
  change(size: number, superseded: Iterable<number>): StatusChange {
    const count = wordCount(size);
    assert(count >= this.wordCount, 'the status tree never shrinks');
    const words = new Map<number, Uint8Array>();
    for (let index = this.wordCount; index < count; index++) words.set(index, new Uint8Array(WORD_LENGTH));
    for (const entry of superseded) {
      assert(entry < size - 1, 'superseded entry lies beyond the status tree');
      const index = wordIndex(entry);
      const word = words.get(index) ?? this.word(index).slice();
      assert(!isSuperseded(word, entry), 'an entry is superseded once');
      word[(entry % ENTRIES_PER_WORD) >> 3] = (word[(entry % ENTRIES_PER_WORD) >> 3] as number) | (1 << (entry & 7));
      words.set(index, word);
    }
    return this.#change(count, words);
  }

  apply({ words, nodes }: StatusChange): void {
    for (const [index, word] of ascending(words)) this.#words.set(index, word);
    for (const [level, changed] of nodes.entries()) {
      const list = this.#level(level);
      for (const [index, hash] of ascending(changed)) list.set(index, hash);
    }
  }

  #change(count: number, words: ReadonlyMap<number, Uint8Array>): StatusChange {
    const nodes: Map<number, Hash>[] = [];
    const read = (level: number, index: number): Hash => nodes[level]?.get(index) ?? this.#node(level, index);
    let changed = new Map<number, Hash>();
    for (const [index, word] of words) changed.set(index, statusLeaf(word, this.#hasher));
    for (let level = 0; changed.size > 0; level++) {
      nodes.push(changed);
      const parents = new Map<number, Hash>();
      for (const index of changed.keys()) {
        const parent = Math.floor(index / 2);
        const isComplete = (parent + 1) * 2 ** (level + 1) <= count;
        if (!isComplete || parents.has(parent)) continue;
        parents.set(parent, this.#tree.node(read(level, 2 * parent), read(level, 2 * parent + 1)));
      }
      changed = parents;
    }
    return { wordCount: count, words, nodes, root: rangeHash({ from: 0, to: count }, read, this.#tree) };
  }

  #node(level: number, index: number): Hash {
    return this.#level(level).get(index);
  }

  #level(level: number): GrowingList {
    const list = this.#levels[level] ?? new GrowingList();
    this.#levels[level] = list;
    return list;
  }
}

const ascending = <T>(map: ReadonlyMap<number, T>): [number, T][] => [...map].sort(([a], [b]) => a - b);

/** A list of 32-byte items in one buffer. */
class GrowingList {
  #buffer = new Uint8Array(64 * HASH_LENGTH);
  length = 0;

  get(index: number): Uint8Array {
    assert(index >= 0 && index < this.length, 'status tree has no such node');
    return this.#buffer.subarray(index * HASH_LENGTH, (index + 1) * HASH_LENGTH);
  }

  set(index: number, item: Uint8Array): void {
    assert(index <= this.length, 'status tree grows one node at a time');
    if ((index + 1) * HASH_LENGTH > this.#buffer.length) {
      const larger = new Uint8Array(2 * this.#buffer.length);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    this.#buffer.set(item, index * HASH_LENGTH);
    this.length = Math.max(this.length, index + 1);
  }
}
