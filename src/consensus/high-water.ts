/** The high-water mark: the newest checkpoint this node signed, kept outside the database and durable before a signature leaves. */
import { equal } from '../core/bytes.ts';

export interface HighWater {
  readonly size: number;
  readonly root: Uint8Array;
}

export interface HighWaterMark {
  load(): Promise<HighWater | undefined>;
  /** Resolves when the mark would survive the loss of power. */
  save(mark: HighWater): Promise<void>;
}

/** The database is older than what was signed, or another one: signing on would show two ledgers to the world. */
export class HighWaterError extends Error {
  override readonly name = 'HighWaterError';
}

/**
 * Never a smaller size, never another root for the same one.
 * @throws HighWaterError
 */
export function assertAbove(mark: HighWater | undefined, next: HighWater): void {
  if (mark === undefined) return;
  if (next.size < mark.size) {
    throw new HighWaterError(
      `the database ends at size ${next.size}, but a checkpoint of size ${mark.size} was signed: restore the newer database, or name the right one by --database`,
    );
  }
  if (next.size === mark.size && !equal(next.root, mark.root)) {
    throw new HighWaterError(`another checkpoint of size ${mark.size} was signed: this is not the same ledger`);
  }
}
