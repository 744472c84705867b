/**
 * The status for transport: which entries of a log are superseded, all of them or those that became so since a size.
 *
 * A form byte, then either the gaps between the ascending indexes as LEB128 varints, or the status words themselves, whichever is
 * shorter, and the gaps when both are as long. One set has one encoding. Nothing here is trusted: the words that come out are held
 * against a status root.
 */
import { concat } from '../core/bytes.ts';
import { assert } from '../core/outcome.ts';
import { WORD_LENGTH, wordCount } from './status-tree.ts';

const GAPS = 1;
const WORDS = 2;

/** The words of a log of that size take half a gigabyte: a larger one is not held in one piece. */
export const STATUS_SIZE_MAX = 2 ** 32;

/** Five groups of seven bits hold every gap below STATUS_SIZE_MAX. */
const VARINT_BYTES_MAX = 5;

/** No encoding for a log of `size` entries is longer. */
export const supersededBytesMax = (size: number): number => 1 + wordCount(size) * WORD_LENGTH;

/**
 * `indexes` ascend without duplicates, below `size - 1`.
 * @throws InvariantError for other indexes.
 */
export function encodeSuperseded(indexes: readonly number[], size: number): Uint8Array<ArrayBuffer> {
  assert(isSize(size), 'no status for a log of this size');
  const wordsLength = wordCount(size) * WORD_LENGTH;
  const gaps = encodeGaps(indexes, size, wordsLength);
  return gaps !== undefined
    ? concat(Uint8Array.of(GAPS), gaps)
    : concat(Uint8Array.of(WORDS), supersededWords(indexes, size));
}

/** The ascending indexes; undefined for every input that `encodeSuperseded` does not write for a log of this size. */
export function decodeSuperseded(bytes: Uint8Array, size: number): number[] | undefined {
  if (!isSize(size) || bytes.length > supersededBytesMax(size)) return undefined;
  const content = bytes.subarray(1);
  if (bytes[0] === GAPS) return decodeGaps(content, size);
  if (bytes[0] !== WORDS || content.length !== wordCount(size) * WORD_LENGTH) return undefined;
  const indexes = indexesOf(content);
  const isBelow = (indexes.at(-1) ?? 0) < size - 1;
  const isShorter = isBelow && encodeGaps(indexes, size, content.length) === undefined;
  return isShorter ? indexes : undefined;
}

/**
 * All status words of a log of `size` entries, one behind the other: those in `before`, of a smaller log, with the bits of `indexes`.
 * `indexes` lie below `size - 1`.
 */
export function supersededWords(
  indexes: readonly number[],
  size: number,
  before?: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const words = new Uint8Array(wordCount(size) * WORD_LENGTH);
  if (before !== undefined) {
    assert(before.length <= words.length, 'the status never shrinks');
    words.set(before);
  }
  // Entry i is bit i & 7 of byte i >> 3, across words as within them.
  for (const index of indexes) {
    assert(index >= 0 && index < size - 1, 'superseded entry lies beyond the status');
    const at = Math.floor(index / 8);
    words[at] = (words[at] as number) | (1 << (index & 7));
  }
  return words;
}

const isSize = (size: number): boolean => Number.isSafeInteger(size) && size > 0 && size <= STATUS_SIZE_MAX;

/** Undefined when the gaps take more than `lengthMax` bytes. */
function encodeGaps(indexes: readonly number[], size: number, lengthMax: number): Uint8Array | undefined {
  const out = new Uint8Array(Math.min(lengthMax, indexes.length * VARINT_BYTES_MAX));
  let at = 0;
  let next = 0;
  for (const index of indexes) {
    assert(
      Number.isSafeInteger(index) && index >= next && index < size - 1,
      'superseded indexes ascend below the size',
    );
    let rest = index - next;
    do {
      if (at === lengthMax) return undefined;
      const group = rest % 128;
      rest = Math.floor(rest / 128);
      out[at++] = rest > 0 ? group | 0x80 : group;
    } while (rest > 0);
    next = index + 1;
  }
  return out.subarray(0, at);
}

function decodeGaps(bytes: Uint8Array, size: number): number[] | undefined {
  const indexes: number[] = [];
  let at = 0;
  let next = 0;
  while (at < bytes.length) {
    let gap = 0;
    let scale = 1;
    let byte: number;
    const end = at + VARINT_BYTES_MAX;
    do {
      if (at === end || at === bytes.length) return undefined;
      byte = bytes[at++] as number;
      gap += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte >= 0x80);
    // A last group of zero says nothing: the same number has a shorter form.
    if (byte === 0 && scale > 128) return undefined;
    const index = next + gap;
    if (index >= size - 1) return undefined;
    indexes.push(index);
    next = index + 1;
  }
  return indexes;
}

function indexesOf(words: Uint8Array): number[] {
  const indexes: number[] = [];
  for (const [at, byte] of words.entries()) {
    if (byte === 0) continue;
    for (let bit = 0; bit < 8; bit++) if ((byte >> bit) & 1) indexes.push(at * 8 + bit);
  }
  return indexes;
}
