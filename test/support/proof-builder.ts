/** Builds proofs the slow way: from all entries, by the naive tree. */
import { decode, isArray } from '../../src/core/cbor.ts';
import type { SignedCheckpoint } from '../../src/tlog/checkpoint.ts';
import { CURRENT, encodeProof, type Proof, type ProofForm } from '../../src/tlog/proof.ts';
import { formatTlogProof } from '../../src/tlog/tlog-proof.ts';
import * as naive from './naive-tree.ts';

export interface ProofRequest {
  /** Every entry of the log, the block entry at size - 1 included. */
  readonly entries: readonly Uint8Array[];
  readonly checkpoint: SignedCheckpoint;
  /** Indexes of the subject and its authorities. */
  readonly wanted: readonly number[];
  readonly form?: ProofForm;
  /** Block entries to show, the last excepted; the first of them is the one whose status is shown. */
  readonly earlierBlocks?: readonly number[];
  /** The block entry to show as the last, if not the one at size - 1. */
  readonly lastBlock?: number;
  /** Superseded entries at the block whose status is shown; by default what the entries say. */
  readonly superseded?: Iterable<number>;
}

export function buildProof(request: ProofRequest): Proof {
  const { entries, checkpoint, wanted, form = CURRENT, earlierBlocks = [] } = request;
  const last = request.lastBlock ?? entries.length - 1;
  const shown = ascending([...wanted, ...earlierBlocks, last]);
  const statusSize = (earlierBlocks[0] ?? last) + 1;
  const words = naive.statusWords(statusSize, request.superseded ?? supersededBy(entries, statusSize));
  const neededWords = ascending(wanted.map((index) => index >> 8));
  return {
    form,
    checkpoint,
    entries: shown.map((index) => ({ index, bytes: entries[index] as Uint8Array })),
    logHashes: naive.multiproof(shown, entries.map(naive.leafHash)),
    words: neededWords.map((index) => ({ index, word: words[index] as Uint8Array })),
    statusHashes: naive.multiproof(neededWords, words.map(naive.statusLeafHash)),
  };
}

const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/** The entries that a log's first `size` entries name as superseded. */
export function supersededBy(entries: readonly Uint8Array[], size: number): Set<number> {
  const superseded = new Set<number>();
  for (const bytes of entries.slice(0, size)) {
    const entry = decode(bytes);
    if (isArray(entry) && entry[0] !== 0 && typeof entry[4] === 'number') superseded.add(entry[4]);
  }
  return superseded;
}

export const logRoot = (entries: readonly Uint8Array[]): Uint8Array => naive.root(entries.map(naive.leafHash));

export const binaryProof = (request: ProofRequest): Uint8Array => encodeProof(buildProof(request));

/** The text form; the subject is the first wanted entry. */
export function textProof(request: ProofRequest): Uint8Array {
  const index = request.wanted[0] as number;
  const path = naive.inclusionPath(index, request.entries.map(naive.leafHash));
  return new TextEncoder().encode(formatTlogProof({ proof: buildProof(request), index, path }));
}
