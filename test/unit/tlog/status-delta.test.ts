import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, equal } from '../../../src/core/bytes.ts';
import { InvariantError } from '../../../src/core/outcome.ts';
import {
  decodeSuperseded,
  encodeSuperseded,
  STATUS_SIZE_MAX,
  supersededBytesMax,
  supersededWords,
} from '../../../src/tlog/status-delta.ts';
import * as naive from '../../support/naive-tree.ts';

/** A log's size and which of its entries are superseded, from none to all. */
const status = fc
  .record({
    size: fc.integer({ min: 1, max: 3000 }),
    permille: fc.constantFrom(0, 1, 10, 100, 300, 900, 1000),
    seed: fc.nat(),
  })
  .map(({ size, permille, seed }) => {
    let state = seed;
    const next = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    return { size, indexes: Array.from({ length: size - 1 }, (_, i) => i).filter(() => next() * 1000 < permille) };
  });

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

describe('superseded indexes', () => {
  test('decode to what was encoded', () => {
    fc.assert(
      fc.property(status, ({ size, indexes }) => {
        expect(decodeSuperseded(encodeSuperseded(indexes, size), size)).toEqual(indexes);
      }),
    );
  });

  test('never take more than the words and the form', () => {
    fc.assert(
      fc.property(status, ({ size, indexes }) => {
        expect(encodeSuperseded(indexes, size).length).toBeLessThanOrEqual(supersededBytesMax(size));
      }),
    );
  });

  test('have one encoding', () => {
    const altered = fc.tuple(status, fc.nat(), fc.nat(255)).map(([{ size, indexes }, at, byte]) => {
      const encoded = encodeSuperseded(indexes, size);
      return { size, input: encoded.with(at % encoded.length, byte) };
    });
    const any = fc.record({ size: fc.integer({ min: 1, max: 600 }), input: fc.uint8Array({ maxLength: 70 }) });
    fc.assert(
      fc.property(fc.oneof(altered, any), ({ size, input }) => {
        const indexes = decodeSuperseded(input, size);
        if (indexes !== undefined) expect(equal(encodeSuperseded(indexes, size), input)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  test('reach to the greatest size', () => {
    const indexes = [0, 127, 256, 2 ** 31, STATUS_SIZE_MAX - 2];
    expect(decodeSuperseded(encodeSuperseded(indexes, STATUS_SIZE_MAX), STATUS_SIZE_MAX)).toEqual(indexes);
  });

  test('are gaps where few, words where many', () => {
    expect(encodeSuperseded([], 1)).toEqual(bytes(1));
    expect(encodeSuperseded([5, 6, 200], 300)).toEqual(bytes(1, 5, 0, 0xc1, 0x01));
    const all = Array.from({ length: 255 }, (_, i) => i);
    expect(encodeSuperseded(all, 256)).toEqual(concat(bytes(2), new Uint8Array(31).fill(255), bytes(0x7f)));
  });

  test('are gaps when both are as long', () => {
    const [indexes, size] = [Array.from({ length: 32 }, (_, i) => i), 257];
    expect(encodeSuperseded(indexes, size)).toEqual(concat(bytes(1), new Uint8Array(32)));
    expect(decodeSuperseded(concat(bytes(2), supersededWords(indexes, size)), size)).toBeUndefined();
  });

  test.each<readonly [string, readonly number[], number]>([
    ['nothing', [], 300],
    ['an unknown form', [0, 5], 300],
    ['a gap that is cut off', [1, 0x85], 300],
    ['a gap with a last group of zero', [1, 0x85, 0x00], 300],
    ['a gap of six bytes', [1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], 300],
    ['the bit of the block entry', [1, 0x80, 0x02], 257],
    ['a second index beyond the size', [1, 5, 0xfa, 0x01], 257],
    ['words for few', [2, ...new Array(31).fill(0), 1], 257],
    ['a word too few', [2, ...new Array(32).fill(255)], 300],
    ['a word too many', [2, ...new Array(64).fill(255)], 257],
    ['a bit beyond the size in the words', [2, ...new Array(32).fill(255)], 256],
    ['a size of zero', [1], 0],
    ['a fraction of a size', [1], 1.5],
    ['a size beyond the greatest', [1], STATUS_SIZE_MAX + 1],
  ])('refuses %s', (_, input, size) => {
    expect(decodeSuperseded(bytes(...input), size)).toBeUndefined();
  });

  test.each<readonly [string, readonly number[], number]>([
    ['descend', [5, 4], 300],
    ['repeat', [5, 5], 300],
    ['lie beyond the size', [299], 300],
    ['are negative', [-1], 300],
    ['are fractions', [0.5], 300],
  ])('asserts on indexes that %s', (_, indexes, size) => {
    expect(() => encodeSuperseded(indexes, size)).toThrow(InvariantError);
  });
});

describe('superseded words', () => {
  test('are those of the status tree', () => {
    fc.assert(
      fc.property(status, ({ size, indexes }) => {
        expect(supersededWords(indexes, size)).toEqual(concat(...naive.statusWords(size, indexes)));
      }),
    );
  });

  test('of a later size are those before, with what changed since', () => {
    fc.assert(
      fc.property(status, fc.nat(3000), fc.nat(), ({ size, indexes }, more, every) => {
        const since = new Set(indexes);
        const added = Array.from({ length: size + more - 1 }, (_, i) => i).filter(
          (i) => !since.has(i) && (i + every) % 7 === 0,
        );
        const whole = [...indexes, ...added].sort((a, b) => a - b);
        const words = supersededWords(added, size + more, supersededWords(indexes, size));
        expect(words).toEqual(supersededWords(whole, size + more));
      }),
    );
  });

  test('assert on a status that would shrink, and on an entry that has no bit', () => {
    expect(() => supersededWords([], 257, new Uint8Array(64))).toThrow(InvariantError);
    expect(() => supersededWords([256], 257)).toThrow(InvariantError);
  });
});
