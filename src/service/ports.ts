/** What the use cases need from the outside: storage, ordering and signing. Adapters implement these and never see each other. */
import type { BlockAppend, TransactionResult } from '../ledger/apply-block.ts';
import type { PreparedTransaction } from '../ledger/prepared.ts';
import type { LedgerState } from '../ledger/state.ts';
import type { LedgerView, Touched } from '../ledger/view.ts';
import type { Located } from '../protocol/standing.ts';
import type { SignedCheckpoint } from '../tlog/checkpoint.ts';
import type { StatusTree } from '../tlog/status-tree.ts';
import type { TileCoordinate } from '../tlog/tile.ts';

/** A transaction of a block that appended. */
export interface StoredTransaction {
  readonly height: number;
  readonly result: TransactionResult;
}

/** What the sequencer of blocks writes and reads back. */
export interface BlockStore {
  /** The state after the last block. */
  loadState(): Promise<LedgerState>;
  /** The records and certificates that a block touches, with the authorities above them. */
  loadView(touched: Touched): Promise<LedgerView>;
  findTransactions(ids: readonly Uint8Array[]): Promise<ReadonlyMap<string, StoredTransaction>>;
  /** The root of the log when it had this size, which is at most the present one. */
  rootAt(size: number): Promise<Uint8Array>;
  /** Writes a block whole or not at all. */
  commit(block: CommittedBlock): Promise<void>;
}

export interface CommittedBlock {
  readonly append: BlockAppend;
  readonly transactions: readonly PreparedTransaction[];
  readonly results: readonly TransactionResult[];
}

/** A certificate as its identity holds it now. */
export interface LocatedCertificate {
  readonly derHash: Uint8Array;
  readonly identity: Located;
}

/** What the log, its records and its tiles answer. */
export interface LedgerReader {
  findCertificate(derHash: Uint8Array): Promise<LocatedCertificate | undefined>;
  findRecord(recordId: Uint8Array): Promise<Located | undefined>;
  /** The exact bytes of entries, in the order asked. @throws InvariantError for one that does not exist */
  entries(indexes: readonly number[]): Promise<readonly Uint8Array[]>;
  /** Entries `from` to `to`, exclusive. */
  entryRange(from: number, to: number): Promise<readonly Uint8Array[]>;
  /** The stored hashes of tiles, as wide as they are; undefined for one that does not exist. In the order asked. */
  tiles(coordinates: readonly TileCoordinate[]): Promise<readonly (Uint8Array | undefined)[]>;
}

/** What became of a submitted transaction. */
export interface TransactionReceipt {
  readonly id: Uint8Array;
  /** Null when its block changed nothing. */
  readonly height: number | null;
  readonly result: TransactionResult;
}

/** Orders transactions into blocks. */
export interface TransactionSequencer {
  /** Resolves when the transaction's block is durable. @throws ServiceError `overloaded`, `shutting_down` */
  submit(bytes: Uint8Array): Promise<TransactionReceipt>;
}

/** The ledger as its newest cosigned checkpoint states it. All parts belong to one block. */
export interface PublishedLedger {
  readonly checkpoint: SignedCheckpoint;
  readonly height: number;
  readonly blockTime: number;
  /** Of this block until a later one is published: read it without awaiting in between. */
  readonly status: StatusTree;
}

export interface CheckpointSource {
  published(): PublishedLedger;
  /** Resolves when a block after this size is published. */
  publishedAfter(size: number): Promise<void>;
}
