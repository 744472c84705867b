/** Step 5: the status words are those of the block, and nothing in them says that an entry was superseded. */
import { equal } from '../../../src/core/bytes.ts';
import type { Hasher } from '../../../src/core/hash.ts';
import type { Located } from '../../../src/protocol/standing.ts';
import { multiproofRoot } from '../../../src/tlog/multiproof.ts';
import type { Proof, ProofWord } from '../../../src/tlog/proof.ts';
import { isPaddingZero, isSuperseded, statusLeaf, wordCount, wordIndex } from '../../../src/tlog/status-tree.ts';
import type { TreeHasher } from '../../../src/tlog/tree.ts';
import { fail } from '../errors.ts';
import type { LocatedBlock } from './log.ts';

/** Answers whether an entry was superseded, at one size of the log. */
export type StatusReader = (entryIndex: number) => boolean;

/** Verifies the words of a proof for exactly the records that it shows, at one block of its log. */
export const verifyProofStatus = (
  { words, statusHashes }: Proof,
  records: readonly Located[],
  { index, block }: LocatedBlock,
  ports: { hasher: Hasher; tree: TreeHasher },
): StatusReader =>
  verifyStatus(
    { words, hashes: statusHashes, size: index + 1, statusRoot: block.statusRoot },
    records.map((record) => record.index),
    ports,
  );

/** Verifies the words for exactly these entries of a log of `size` entries. */
export function verifyStatus(
  {
    words,
    hashes,
    size,
    statusRoot,
  }: {
    words: readonly ProofWord[];
    hashes: readonly Uint8Array[];
    size: number;
    statusRoot: Uint8Array;
  },
  entryIndexes: readonly number[],
  { hasher, tree }: { hasher: Hasher; tree: TreeHasher },
): StatusReader {
  const needed = new Set(entryIndexes.map(wordIndex));
  const isExact = words.length === needed.size && words.every(({ index }) => needed.has(index));
  const count = wordCount(size);
  if (!isExact || words.some(({ index }) => index >= count))
    fail('status_words', 'not exactly the status words needed');
  const leaves = words.map(({ index, word }) => ({ index, hash: statusLeaf(word, hasher) }));
  const root = multiproofRoot({ size: count, leaves, hashes }, tree);
  if (root === undefined || !equal(root, statusRoot))
    fail('status_inclusion', 'the status words are not those of the block');
  const byIndex = new Map(words.map(({ index, word }) => [index, word]));
  for (const { index, word } of words) {
    if (!isPaddingZero(word, index, size)) fail('status_padding', 'a status bit is set beyond the log');
  }
  return (entryIndex) => isSuperseded(byIndex.get(wordIndex(entryIndex)) as Uint8Array, entryIndex);
}
