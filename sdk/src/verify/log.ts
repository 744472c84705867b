/** Step 3: the entries of a proof are in the log, and the last one is the block entry that the checkpoint ends with. */
import { equal } from '../../../src/core/bytes.ts';
import type { Cbor } from '../../../src/core/cbor.ts';
import { type BlockEntry, parseBlockEntry } from '../../../src/protocol/block-entry.ts';
import { decodeEntry, entryKind, KINDS, parseRecordVersion } from '../../../src/protocol/record.ts';
import type { Located } from '../../../src/protocol/standing.ts';
import { multiproofRoot } from '../../../src/tlog/multiproof.ts';
import type { Proof } from '../../../src/tlog/proof.ts';
import type { TreeHasher } from '../../../src/tlog/tree.ts';
import { fail } from '../errors.ts';

export interface LocatedBlock {
  readonly index: number;
  readonly block: BlockEntry;
}

export interface ProvenEntries {
  /** The block entry at size - 1. */
  readonly last: LocatedBlock;
  /** Block entries before it, ascending. */
  readonly earlierBlocks: readonly LocatedBlock[];
  readonly records: readonly Located[];
}

/** The block entry's place is computed, never read: an old block entry in a fresh log would show an old status. */
export function verifyEntries(proof: Proof, tree: TreeHasher): ProvenEntries {
  const { size, root } = proof.checkpoint;
  if (proof.entries.at(-1)?.index !== size - 1)
    fail('block_entry_index', 'the last entry is not the one that ends the log');
  const leaves = proof.entries.map(({ index, bytes }) => ({ index, hash: tree.leaf(bytes) }));
  const computed = multiproofRoot({ size, leaves, hashes: proof.logHashes }, tree);
  if (computed === undefined || !equal(computed, root)) fail('inclusion', 'the entries are not in the log');

  const blocks: LocatedBlock[] = [];
  const records: Located[] = [];
  for (const { index, bytes } of proof.entries) {
    const entry = readPlaces(bytes, index);
    const isLast = index === size - 1;
    if (isLast && entryKind(entry) !== KINDS.block) fail('block_entry_kind', 'the checkpoint is no block boundary');
    if (entryKind(entry) === KINDS.block) blocks.push({ index, block: readBlock(entry, index) });
    else records.push({ index, record: readRecord(entry, index) });
  }
  return { last: blocks.at(-1) as LocatedBlock, earlierBlocks: blocks.slice(0, -1), records };
}

/** The places of an entry, which its first one says how to read. */
export function readPlaces(bytes: Uint8Array, index: number): readonly Cbor[] {
  const entry = decodeEntry(bytes);
  if (entry === undefined) fail('malformed', `entry ${index} is no entry`);
  return entry;
}

export function readBlock(entry: readonly Cbor[], index: number): BlockEntry {
  const block = parseBlockEntry(entry);
  if (!block.ok) fail(block.code, `block entry ${index}`);
  const { firstEntry, previousBlockEntry } = block.value;
  const isInOrder = firstEntry < index && (previousBlockEntry === null || previousBlockEntry < firstEntry);
  if (!isInOrder) fail('malformed', `block entry ${index} names later entries`);
  return block.value;
}

export function readRecord(entry: readonly Cbor[], index: number): Located['record'] {
  const record = parseRecordVersion(entry);
  if (!record.ok) fail(record.code, `entry ${index}`);
  const { supersedes } = record.value;
  if (supersedes !== null && supersedes >= index) fail('malformed', `entry ${index} supersedes a later one`);
  return record.value;
}

/** A height, or a time in seconds, at which the status is asked. */
export type HistoricTarget = { readonly height: number } | { readonly time: number };

/**
 * The block whose status held at the target: the last one at or before it, shown to be the last by its successor. The newest block has
 * no successor yet: it answers for its own height, and for times before the quorum vouched for it.
 */
export function selectBlock(
  { last, earlierBlocks }: ProvenEntries,
  target: HistoricTarget,
  checkpointTime: number,
): LocatedBlock {
  const wanted = 'height' in target ? target.height : target.time;
  const position = ({ block }: LocatedBlock): number => ('height' in target ? block.height : block.time);
  if (position(last) <= wanted) {
    const isCovered = 'height' in target ? position(last) === wanted : wanted < checkpointTime;
    if (!isCovered) fail('historic_target', 'the proof does not reach that far');
    if (earlierBlocks.length > 0) fail('unused_entry', 'the proof shows blocks that the answer does not need');
    return last;
  }
  const [selected, successor = last, ...unused] = earlierBlocks;
  const isSelected = selected !== undefined && position(selected) <= wanted && position(successor) > wanted;
  if (!isSelected || successor.block.previousBlockEntry !== selected.index) {
    fail('historic_target', 'the proof does not show the block of that height or time');
  }
  if (unused.length > 0) fail('unused_entry', 'the proof shows blocks that the answer does not need');
  return selected;
}
