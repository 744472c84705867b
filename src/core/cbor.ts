/**
 * Deterministic CBOR, the only encoding of entries, transactions and proofs.
 *
 * RFC 8949 §4.2.1 with a closed set of types: integers of magnitude below 2^53, byte strings, valid UTF-8 text (never
 * normalized), arrays, maps with ascending unsigned integer keys, true, false, and null where it is no map's value. Every value has
 * exactly one encoding, and `decode` refuses all others, so that a hash over bytes is a hash over the value.
 * @see RFC 8949 §4.2.1
 */
import { concat, fromUtf8, toUtf8 } from './bytes.ts';
import { assert } from './outcome.ts';

export type CborMap = ReadonlyMap<number, Cbor>;
export type Cbor = number | string | boolean | null | Uint8Array | readonly Cbor[] | CborMap;

/** Deep enough for a scope list inside a payload inside an entry, shallow enough that recursion is no attack. The outermost item is 1. */
export const CBOR_DEPTH_MAX = 8;

const UNSIGNED = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;

/** @throws InvariantError for a value outside the closed set: a programmer's error. */
export function encode(value: Cbor): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  write(value, parts, 1);
  return concat(...parts);
}

function write(value: Cbor, parts: Uint8Array[], depth: number): void {
  assert(depth <= CBOR_DEPTH_MAX, 'CBOR value is nested too deeply');
  if (value === null) parts.push(Uint8Array.of(NULL));
  else if (typeof value === 'boolean') parts.push(Uint8Array.of(value ? TRUE : FALSE));
  else if (typeof value === 'number') parts.push(encodeInteger(value));
  else if (typeof value === 'string') {
    // A lone surrogate has no UTF-8: the encoder would write U+FFFD, and another text would come back.
    assert(value.isWellFormed(), 'CBOR text is valid Unicode');
    const bytes = fromUtf8(value);
    parts.push(head(TEXT, bytes.length), bytes);
  } else if (value instanceof Uint8Array) parts.push(head(BYTES, value.length), value);
  else if (isMap(value)) writeMap(value, parts, depth);
  else {
    parts.push(head(ARRAY, value.length));
    for (const item of value) write(item, parts, depth + 1);
  }
}

function writeMap(map: CborMap, parts: Uint8Array[], depth: number): void {
  parts.push(head(MAP, map.size));
  for (const key of [...map.keys()].sort((a, b) => a - b)) {
    assert(Number.isSafeInteger(key) && key >= 0, 'CBOR map keys are unsigned integers');
    const value = map.get(key) as Cbor;
    assert(value !== null, 'an absent CBOR map key is left out, never null');
    parts.push(head(UNSIGNED, key));
    write(value, parts, depth + 1);
  }
}

function encodeInteger(value: number): Uint8Array {
  assert(Number.isSafeInteger(value), 'CBOR integers have a magnitude below 2^53');
  return value >= 0 ? head(UNSIGNED, value) : head(NEGATIVE, -1 - value);
}

function head(major: number, argument: number): Uint8Array {
  const type = major << 5;
  if (argument < 24) return Uint8Array.of(type | argument);
  if (argument < 0x100) return Uint8Array.of(type | 24, argument);
  if (argument < 0x10000) return Uint8Array.of(type | 25, argument >> 8, argument & 0xff);
  const wide = argument >= 0x100000000;
  const out = new Uint8Array(wide ? 9 : 5);
  const view = new DataView(out.buffer);
  out[0] = type | (wide ? 27 : 26);
  if (wide) view.setBigUint64(1, BigInt(argument));
  else view.setUint32(1, argument);
  return out;
}

/** The value of exactly one deterministic CBOR item; undefined for every other input. */
export function decode(bytes: Uint8Array): Cbor | undefined {
  try {
    const reader = new Reader(bytes);
    const value = reader.item(1);
    return reader.isAtEnd() ? value : undefined;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

class Malformed extends Error {}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  item(depth: number): Cbor {
    if (depth > CBOR_DEPTH_MAX) throw new Malformed();
    const first = this.#byte();
    if (first === FALSE) return false;
    if (first === TRUE) return true;
    if (first === NULL) return null;
    const argument = this.#argument(first & 0x1f);
    switch (first >> 5) {
      case UNSIGNED:
        return argument;
      case NEGATIVE:
        return this.#negative(argument);
      case BYTES:
        return this.#take(argument);
      case TEXT:
        return this.#text(argument);
      case ARRAY:
        return this.#array(argument, depth);
      case MAP:
        return this.#map(argument, depth);
      default:
        throw new Malformed();
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new Malformed();
    return byte;
  }

  /** The head's argument, refused unless it has the shortest form. */
  #argument(info: number): number {
    if (info < 24) return info;
    if (info > 27) throw new Malformed();
    const length = 1 << (info - 24);
    let value = 0;
    for (let i = 0; i < length; i++) value = value * 256 + this.#byte();
    const least = info === 24 ? 24 : 2 ** (4 * length);
    if (value < least || value > Number.MAX_SAFE_INTEGER) throw new Malformed();
    return value;
  }

  #negative(argument: number): number {
    if (argument === Number.MAX_SAFE_INTEGER) throw new Malformed();
    return -1 - argument;
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw new Malformed();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #text(length: number): string {
    const text = toUtf8(this.#take(length));
    if (text === undefined) throw new Malformed();
    return text;
  }

  #array(length: number, depth: number): Cbor[] {
    this.#checkCount(length);
    const items: Cbor[] = [];
    for (let i = 0; i < length; i++) items.push(this.item(depth + 1));
    return items;
  }

  #map(length: number, depth: number): CborMap {
    this.#checkCount(2 * length);
    const map = new Map<number, Cbor>();
    let previous = -1;
    for (let i = 0; i < length; i++) {
      const first = this.#byte();
      if (first >> 5 !== UNSIGNED) throw new Malformed();
      const key = this.#argument(first & 0x1f);
      if (key <= previous) throw new Malformed();
      const value = this.item(depth + 1);
      // An absent key is left out: null beside it would be a second encoding of the same content.
      if (value === null) throw new Malformed();
      map.set(key, value);
      previous = key;
    }
    return map;
  }

  /** Every item takes a byte at least: a count beyond the input would only make us allocate. */
  #checkCount(count: number): void {
    if (count > this.#bytes.length - this.#at) throw new Malformed();
  }
}

export const isMap = (value: Cbor | undefined): value is CborMap => value instanceof Map;
export const isBytes = (value: Cbor | undefined): value is Uint8Array => value instanceof Uint8Array;
export const isArray = (value: Cbor | undefined): value is readonly Cbor[] => Array.isArray(value);
export const isUnsigned = (value: Cbor | undefined): value is number => typeof value === 'number' && value >= 0;
