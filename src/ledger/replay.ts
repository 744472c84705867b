/** A block read back from its entries: what `rebuild` writes again, and what `fsck` holds the tables against. */
import { equal } from '../core/bytes.ts';
import { accept, type Outcome, refuse } from '../core/outcome.ts';
import { type BlockEntry, parseBlockEntry } from '../protocol/block-entry.ts';
import { parseIdentity } from '../protocol/identity.ts';
import { signersHash } from '../protocol/member.ts';
import { decodeEntry, entryKind, KINDS, parseRecordVersion, type RecordVersion } from '../protocol/record.ts';
import { appendLeaves, frontierRoot } from '../tlog/frontier.ts';
import { wordIndex } from '../tlog/status-tree.ts';
import type { BlockAppend } from './apply-block.ts';
import type { NewCertificate, NewEntry } from './draft.ts';
import type { LedgerPorts } from './ports.ts';
import type { LedgerState } from './state.ts';

/** What an entry of the log says; undefined for bytes that are no entry. */
export type ReadEntry =
  | { readonly kind: 'block'; readonly block: BlockEntry }
  | { readonly kind: 'record'; readonly record: RecordVersion };

export function readEntry(bytes: Uint8Array): ReadEntry | undefined {
  const entry = decodeEntry(bytes);
  if (entry === undefined) return undefined;
  if (entryKind(entry) === KINDS.block) {
    const block = parseBlockEntry(entry);
    return block.ok ? { kind: 'block', block: block.value } : undefined;
  }
  const record = parseRecordVersion(entry);
  return record.ok ? { kind: 'record', record: record.value } : undefined;
}

/** The block that appended these entries, recomputed on top of the state before it. The refusal says what does not fit. */
export function replayBlock(
  state: LedgerState,
  entries: readonly NewEntry[],
  blockEntry: { readonly index: number; readonly bytes: Uint8Array; readonly block: BlockEntry },
  { hasher, tree }: LedgerPorts,
): Outcome<BlockAppend, string> {
  const { block, index, bytes } = blockEntry;
  const { height } = block;
  if (height !== state.height + 1) return refuse(`height ${height} follows ${state.height}`);
  if (block.time < state.time) return refuse('block time goes back');
  if (block.firstEntry !== state.frontier.size) return refuse('the block does not begin where the last one ended');
  if (block.previousBlockEntry !== state.lastBlockEntry) return refuse('the block names another block before it');
  const signers = [height + 1, height + 2].map((voteHeight) => signersHash(state.members, voteHeight, hasher));
  if (!equal(block.signersHash, signers[0] as Uint8Array) || !equal(block.nextSignersHash, signers[1] as Uint8Array)) {
    return refuse('the signers are others');
  }
  const superseded = entries.map(({ record }) => record.supersedes).filter((supersedes) => supersedes !== null);
  const isOnce = new Set(superseded).size === superseded.length;
  if (!isOnce || superseded.some((entry) => entry >= index || wasSuperseded(state, entry))) {
    return refuse('an entry is superseded twice, or before it exists');
  }
  const status = state.status.change(index + 1, superseded);
  if (!equal(status.root, block.statusRoot)) return refuse('the status root is another');
  const leaves = [...entries.map((entry) => tree.leaf(entry.bytes)), tree.leaf(bytes)];
  const { frontier, tileHashes } = appendLeaves(state.frontier, leaves, tree);
  return accept({
    height,
    time: block.time,
    entries,
    certificates: entries.flatMap(newCertificates),
    ders: [],
    superseded,
    blockEntry: { index, bytes },
    tileHashes,
    status,
    frontier,
    root: frontierRoot(frontier, tree),
  });
}

const wasSuperseded = ({ status }: LedgerState, entry: number): boolean =>
  wordIndex(entry) < status.wordCount && status.isSuperseded(entry);

/** The certificates that an entry holds for the first time: those that name no earlier entry. */
function newCertificates({ index, record }: NewEntry): NewCertificate[] {
  if (record.kind !== KINDS.identity) return [];
  const rows = parseIdentity(record.payload)?.certificates ?? [];
  return rows
    .filter(({ since }) => since === null)
    .map(({ derHash, tbsHash, spkiHash }) => ({ derHash, tbsHash, spkiHash, recordId: record.recordId, index }));
}
