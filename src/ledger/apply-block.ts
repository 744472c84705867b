/** The state machine: blocks of transactions in, entries and results out. Pure and synchronous. */
import { EMPTY, toHex } from '../core/bytes.ts';
import { encode } from '../core/cbor.ts';
import { assert } from '../core/outcome.ts';
import { encodeBlockEntry } from '../protocol/block-entry.ts';
import type { Code } from '../protocol/codes.ts';
import { type Genesis, genesisVersion, type Network, parseNetwork } from '../protocol/genesis.ts';
import { parseMemberKeys, signersHash } from '../protocol/member.ts';
import { itemResultsToCbor } from '../protocol/operation.ts';
import { KINDS } from '../protocol/record.ts';
import { appendLeaves, EMPTY_FRONTIER, type Frontier, frontierRoot, type TileHash } from '../tlog/frontier.ts';
import { type StatusChange, StatusTree } from '../tlog/status-tree.ts';
import { authorize } from './authorize.ts';
import type { ContractResult } from './contract.ts';
import { BlockDraft, type CertificateDer, type NewCertificate, type NewEntry } from './draft.ts';
import type { LedgerPorts } from './ports.ts';
import type { PreparedTransaction } from './prepared.ts';
import type { LedgerMember, LedgerState } from './state.ts';
import { type LedgerView, LoadedView } from './view.ts';

export interface Block {
  readonly height: number;
  /** Seconds since 1970, never before the last block's. */
  readonly time: number;
  readonly transactions: readonly PreparedTransaction[];
}

export interface TransactionResult {
  readonly code: Code;
  /** dCBOR of the item results; empty for a transaction that was refused without naming a record. */
  readonly data: Uint8Array;
}

/** What a block appends to the ledger. */
export interface BlockAppend {
  readonly height: number;
  readonly time: number;
  readonly entries: readonly NewEntry[];
  readonly certificates: readonly NewCertificate[];
  readonly ders: readonly CertificateDer[];
  readonly superseded: readonly number[];
  readonly blockEntry: { readonly index: number; readonly bytes: Uint8Array };
  readonly tileHashes: readonly TileHash[];
  readonly status: StatusChange;
  readonly frontier: Frontier;
  /** The root of the log after the block: the app hash. */
  readonly root: Uint8Array;
}

export interface BlockOutcome {
  /** One for each transaction, in order. */
  readonly results: readonly TransactionResult[];
  /** Null for a block that changed nothing. */
  readonly append: BlockAppend | null;
}

/** Applies a block. Nothing in `state` or `view` changes; `takeOver` moves on to the state after the block. */
export function applyBlock(state: LedgerState, view: LedgerView, block: Block, ports: LedgerPorts): BlockOutcome {
  assert(block.height === state.height + 1, 'blocks are numbered without gaps');
  assert(block.time >= state.time, 'block time does not go back');
  const draft = new BlockDraft(view, state.frontier.size);
  const results = block.transactions.map((transaction) =>
    toResult(applyTransaction(transaction, { network: state.network, blockTime: block.time, draft, ports })),
  );
  return { results, append: draft.entries.length === 0 ? null : closeBlock(state, draft, block, ports) };
}

function applyTransaction(
  { content }: PreparedTransaction,
  context: { network: Network; blockTime: number; draft: BlockDraft; ports: LedgerPorts },
): ContractResult {
  if (!content.ok) return { code: content.code, items: [] };
  const { transaction, operation } = content.value;
  const authorized = authorize(transaction, context);
  if (!authorized.ok) return { code: authorized.code, items: [] };
  return operation.apply({ ...context, ...authorized.value });
}

function toResult({ code, items }: ContractResult): TransactionResult {
  return { code, data: items.length === 0 ? EMPTY : encode(itemResultsToCbor(items)) };
}

function closeBlock(
  state: LedgerState,
  draft: BlockDraft,
  { height, time }: Pick<Block, 'height' | 'time'>,
  ports: LedgerPorts,
): BlockAppend {
  const { hasher, tree } = ports;
  const index = draft.nextIndex;
  const status = state.status.change(index + 1, draft.superseded);
  const bytes = encodeBlockEntry({
    height,
    time,
    firstEntry: state.frontier.size,
    previousBlockEntry: state.lastBlockEntry,
    statusRoot: status.root,
    signersHash: signersHash(state.members, height + 1, hasher),
    nextSignersHash: signersHash(state.members, height + 2, hasher),
  });
  const leaves = [...draft.entries.map((entry) => tree.leaf(entry.bytes)), tree.leaf(bytes)];
  const { frontier, tileHashes } = appendLeaves(state.frontier, leaves, tree);
  return {
    height,
    time,
    entries: draft.entries,
    certificates: draft.certificates,
    ders: draft.ders,
    superseded: draft.superseded,
    blockEntry: { index, bytes },
    tileHashes,
    status,
    frontier,
    root: frontierRoot(frontier, tree),
  };
}

/** The state after an append. The status tree moves on in place: the state before is not used any more. */
export function takeOver(state: LedgerState, append: BlockAppend): LedgerState {
  state.status.apply(append.status);
  return {
    ...state,
    height: append.height,
    time: append.time,
    frontier: append.frontier,
    root: append.root,
    lastBlockEntry: append.blockEntry.index,
  };
}

/** Block 0: the records of the genesis document. */
export function applyGenesis(genesis: Genesis, ports: LedgerPorts): { state: LedgerState; append: BlockAppend } {
  const draft = new BlockDraft(new LoadedView(noRecords(genesis), new Map()), 0);
  for (const record of genesis.records) {
    assert(draft.append(genesisVersion(record)) !== undefined, 'a genesis record is too large for an entry');
  }
  const before: LedgerState = {
    network: networkOf(genesis),
    height: -1,
    time: genesis.time,
    frontier: EMPTY_FRONTIER,
    root: ports.tree.empty(),
    lastBlockEntry: null,
    members: membersOf(genesis),
    status: new StatusTree(ports.hasher, ports.tree),
  };
  const append = closeBlock(before, draft, { height: 0, time: genesis.time }, ports);
  return { state: takeOver(before, append), append };
}

const noRecords = ({ records }: Genesis): Map<string, undefined> =>
  new Map(records.map(({ recordId }) => [toHex(recordId), undefined]));

function networkOf({ records }: Genesis): Network {
  const network = records.find(({ kind }) => kind === KINDS.network);
  const parsed = network && parseNetwork(network.payload);
  assert(parsed !== undefined, 'a genesis document has a network record');
  return parsed;
}

function membersOf({ records }: Genesis): LedgerMember[] {
  return records
    .filter(({ kind }) => kind === KINDS.member)
    .map(({ recordId, payload }) => {
      const keys = parseMemberKeys(payload);
      assert(keys !== undefined, 'a genesis member has keys');
      return { memberId: recordId, keys };
    });
}
