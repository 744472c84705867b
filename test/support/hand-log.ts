/** A log written by hand: whatever a dishonest quorum could sign, the state machine's rules aside. */
import { type Cbor, encode } from '../../src/core/cbor.ts';
import { encodeRecordVersion, type RecordVersion } from '../../src/protocol/record.ts';
import { hashOf } from './crypto.ts';
import * as naive from './naive-tree.ts';

export type FirstVersion = Pick<RecordVersion, 'kind' | 'recordId' | 'authorityIds' | 'payload'> &
  Partial<RecordVersion>;

export const firstVersion = (record: FirstVersion): RecordVersion => ({
  version: 1,
  supersedes: null,
  first: null,
  state: 1,
  ...record,
});

export interface BlockOptions {
  /** The last change to the ten places of the block entry. */
  readonly alter?: (places: Cbor[]) => Cbor[];
  /** Superseded entries as the status root says it, when that is not the truth. */
  readonly superseded?: Iterable<number>;
  readonly statusRoot?: Uint8Array;
}

export class HandLog {
  readonly entries: Uint8Array[] = [];
  readonly superseded = new Set<number>();
  /** Index of the block entry by height. */
  readonly blocks: number[] = [];
  #firstOfBlock = 0;

  get nextIndex(): number {
    return this.entries.length;
  }

  add(record: RecordVersion): number {
    if (record.supersedes !== null) this.superseded.add(record.supersedes);
    return this.addBytes(encodeRecordVersion(record));
  }

  addBytes(bytes: Uint8Array): number {
    return this.entries.push(bytes) - 1;
  }

  /** A next version; returns its index. */
  addVersion(before: { index: number; record: RecordVersion }, change: Partial<RecordVersion>): number {
    const { index, record } = before;
    return this.add({
      ...record,
      version: record.version + 1,
      supersedes: index,
      first: record.first ?? index,
      ...change,
    });
  }

  /** Entries of no interest, until the next index is `index`. */
  fillUntil(index: number): void {
    while (this.nextIndex < index) {
      const recordId = hashOf(`filler ${this.nextIndex}`);
      this.add(firstVersion({ kind: 4, recordId, authorityIds: [], payload: new Map([[0, 1]]) }));
    }
  }

  /** Closes the block; returns the index of its entry. */
  close(time: number, { alter, superseded, statusRoot }: BlockOptions = {}): number {
    const index = this.nextIndex;
    const signers = hashOf('signers');
    const root = statusRoot ?? naive.statusRoot(index + 1, superseded ?? this.superseded);
    const previous = this.blocks.at(-1) ?? null;
    const places = [0, 1, 1, this.blocks.length, time, this.#firstOfBlock, previous, root, signers, signers];
    this.addBytes(encode(alter?.(places) ?? places));
    this.blocks.push(index);
    this.#firstOfBlock = index + 1;
    return index;
  }
}
