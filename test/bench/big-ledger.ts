/** A ledger of a million entries in memory: every hash of its tree, its status, and the bytes of the few entries that are asked for. */
import { encodeBlockEntry } from '../../src/protocol/block-entry.ts';
import { encodeRecordVersion, type RecordVersion } from '../../src/protocol/record.ts';
import type { SignedCheckpoint } from '../../src/tlog/checkpoint.ts';
import { multiproofRanges } from '../../src/tlog/multiproof.ts';
import { CURRENT, type Proof } from '../../src/tlog/proof.ts';
import { StatusTree, wordIndex } from '../../src/tlog/status-tree.ts';
import { type Hash, inclusionRanges, type LeafRange, rangeHash } from '../../src/tlog/tree.ts';
import { hashOf, ports } from '../support/crypto.ts';

const HASH_LENGTH = 32;
const SIGNERS = hashOf('signers');

export class BigLedger {
  readonly status = new StatusTree(ports.hasher, ports.tree);
  /** By level, the hashes of the complete subtrees, one behind the other. */
  readonly #levels: Buffer[] = [];
  readonly #capacity: number;
  readonly #kept = new Map<number, Uint8Array>();
  #superseded: number[] = [];
  #size = 0;
  #height = 0;
  #firstOfBlock = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#size;
  }

  /** Appends a version; its bytes are forgotten unless they are to be kept. Returns its index. */
  add(record: RecordVersion, isKept = false): number {
    if (record.supersedes !== null) this.#superseded.push(record.supersedes);
    return this.#append(encodeRecordVersion(record), isKept);
  }

  /** Ends a block; only the newest block's entry is kept. */
  close(time: number): void {
    const previous = this.#height === 0 ? null : this.#firstOfBlock - 1;
    const change = this.status.change(this.#size + 1, this.#superseded);
    this.status.apply(change);
    const bytes = encodeBlockEntry({
      height: this.#height,
      time,
      firstEntry: this.#firstOfBlock,
      previousBlockEntry: previous,
      statusRoot: change.root,
      signersHash: SIGNERS,
      nextSignersHash: SIGNERS,
    });
    if (previous !== null) this.#kept.delete(previous);
    this.#append(bytes, true);
    this.#firstOfBlock = this.#size;
    this.#height += 1;
    this.#superseded = [];
  }

  root(): Hash {
    return this.#rangeHash({ from: 0, to: this.#size });
  }

  entry(index: number): Uint8Array {
    return this.#kept.get(index) as Uint8Array;
  }

  /** The siblings of an entry, from the leaf up. */
  path(index: number): Hash[] {
    return inclusionRanges(index, this.#size).map((range) => this.#rangeHash(range));
  }

  /** All status words, one behind the other. */
  words(): Uint8Array {
    return Buffer.concat(Array.from({ length: this.status.wordCount }, (_, index) => this.status.word(index)));
  }

  /** A proof of the newest block that shows these records. */
  proof(wanted: readonly number[], checkpoint: SignedCheckpoint): Proof {
    const indexes = ascending([...wanted, this.#size - 1]);
    const words = ascending(wanted.map(wordIndex));
    return {
      form: CURRENT,
      checkpoint,
      entries: indexes.map((index) => ({ index, bytes: this.entry(index) })),
      logHashes: multiproofRanges(indexes, this.#size).map((range) => this.#rangeHash(range)),
      words: words.map((index) => ({ index, word: this.status.word(index) })),
      statusHashes: multiproofRanges(words, this.status.wordCount).map((range) => this.status.rangeHash(range)),
    };
  }

  #append(bytes: Uint8Array, isKept: boolean): number {
    let index = this.#size++;
    if (isKept) this.#kept.set(index, bytes);
    const appended = index;
    let hash = ports.tree.leaf(bytes);
    this.#set(0, index, hash);
    for (let level = 0; index % 2 === 1; level++) {
      hash = ports.tree.node(this.#get(level, index - 1), hash);
      index = (index - 1) / 2;
      this.#set(level + 1, index, hash);
    }
    return appended;
  }

  #rangeHash(range: LeafRange): Hash {
    return rangeHash(range, (level, index) => this.#get(level, index), ports.tree);
  }

  #get(level: number, index: number): Hash {
    return (this.#levels[level] as Buffer).subarray(index * HASH_LENGTH, (index + 1) * HASH_LENGTH);
  }

  #set(level: number, index: number, hash: Hash): void {
    this.#levels[level] ??= Buffer.alloc(Math.ceil(this.#capacity / 2 ** level) * HASH_LENGTH);
    this.#levels[level].set(hash, index * HASH_LENGTH);
  }
}

const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
