/** What the status takes on the wire: as a whole, compressed as HTTP does it, and as what changed since a size. */
import { gzipSync } from 'node:zlib';
import { assert } from '../../src/core/outcome.ts';
import { decodeSuperseded, encodeSuperseded } from '../../src/tlog/status-delta.ts';
import { Random } from '../support/random.ts';
import { type Bench, lower } from './measure.ts';

const SIZE = 1_000_000;
const SUPERSEDED_SHARE = 0.01;
const CHANGES = [1, 10, 100, 1000, 10_000];
const DRAWS = 20;

export function status(): Bench {
  const random = new Random('status');
  const whole = encodeSuperseded(draw(random, SIZE * SUPERSEDED_SHARE), SIZE);
  const deltas = CHANGES.map((count) => {
    const lengths = Array.from({ length: DRAWS }, () => encodeSuperseded(draw(random, count), SIZE).length);
    return { count, worst: Math.max(...lengths) / count };
  });
  assert(decodeSuperseded(whole, SIZE) !== undefined, 'the status is read back');
  const worst = Math.max(...deltas.map((delta) => delta.worst));
  return {
    metrics: [
      lower('whole_bytes', 15_000, { value: gzipSync(whole).length }),
      lower('delta_bytes_per_change', 4, { value: worst }),
    ],
    notes: [
      `${SIZE} entries, ${100 * SUPERSEDED_SHARE} % superseded at random; ${whole.length} bytes before gzip`,
      ...deltas.map((delta) => `${delta.count} changes: ${delta.worst.toFixed(2)} bytes for each, not compressed`),
    ],
  };
}

/** Ascending indexes of entries that have a bit. */
function draw(random: Random, count: number): number[] {
  const indexes = new Set<number>();
  while (indexes.size < count) indexes.add(random.below(SIZE - 1));
  return [...indexes].sort((a, b) => a - b);
}
