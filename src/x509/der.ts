/**
 * Strict DER: every value has one encoding, and the reader refuses the others, so that two implementations that accept the
 * same bytes read the same certificate out of them.
 *
 * The reader is a cursor over the input: it copies nothing and makes an object only where a caller asks for a view. The
 * grammar that calls it bounds the depth; only `any`, which has no grammar, counts it.
 * @see X.690 §8, §10, §11
 */

export type DerReason =
  /** The enclosing element ends where the grammar requires another one. */
  | 'missing_element'
  /** An element reaches past the end of the one around it, or past the input. */
  | 'truncated'
  /** Octets remain after the last element that the grammar knows. */
  | 'trailing_data'
  /** Another type stands where the grammar requires this one; also a constructed string (X.690 §10.2). */
  | 'unexpected_tag'
  /** A tag number above 30; X.509 has none (X.690 §8.1.2.4). */
  | 'multi_byte_tag'
  /** Length octet 80: BER only (X.690 §10.1). */
  | 'indefinite_length'
  /** A length in more octets than it needs (X.690 §10.1). */
  | 'length_not_minimal'
  /** A length in more than DER_LENGTH_OCTETS_MAX octets. */
  | 'length_too_large'
  /** More than DER_DEPTH_MAX levels below an untyped value. */
  | 'too_deep'
  /** An INTEGER without content, or with a redundant first octet (X.690 §8.3). */
  | 'bad_integer'
  /** A BOOLEAN that is neither FF nor 00 (X.690 §11.1). */
  | 'bad_boolean'
  /** A value that equals its DEFAULT is encoded (X.690 §11.5). */
  | 'default_encoded'
  /** A NULL with content (X.690 §8.8). */
  | 'bad_null'
  /** An OBJECT IDENTIFIER without content, with a padded arc, or ending inside an arc (X.690 §8.19). */
  | 'bad_oid'
  /** A BIT STRING without a count of unused bits, with an impossible one, or with unused bits set (X.690 §11.2.1). */
  | 'bad_bit_string'
  /** A BIT STRING that holds octets but has unused bits. */
  | 'unused_bits'
  /** A named bit list with trailing zero bits (X.690 §11.2.2). */
  | 'named_bits_not_minimal'
  /** A time that is not YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ, or names no real second (RFC 5280 §4.1.2.5). */
  | 'bad_time'
  /** A GeneralizedTime before 2050, which must be a UTCTime (RFC 5280 §4.1.2.5). */
  | 'wrong_time_type';

/** Ends the reading of one input; the parser that made the reader catches it. */
export class DerMalformed extends Error {
  override readonly name = 'DerMalformed';
  readonly reason: DerReason;
  readonly offset: number;

  constructor(reason: DerReason, offset: number) {
    super(reason);
    this.reason = reason;
    this.offset = offset;
  }
}

/** Untyped values are algorithm parameters and otherNames: a few levels. Deeper nesting only attacks the stack. */
export const DER_DEPTH_MAX = 12;

/** Three octets hold 16 MiB, more than any certificate or revocation list that a node accepts. */
const DER_LENGTH_OCTETS_MAX = 3;

const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
const NULL = 0x05;
const OBJECT_IDENTIFIER = 0x06;
export const SEQUENCE = 0x30;
export const SET = 0x31;

const CLASS = 0xc0;
const CONSTRUCTED = 0x20;
const TAG_NUMBER = 0x1f;

/** A cursor: `at` is the next octet, `end` the end of the element that was entered. */
export class DerReader {
  readonly bytes: Uint8Array;
  at = 0;
  end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  isAtEnd(): boolean {
    return this.at === this.end;
  }

  /** The tag of the next element, -1 at the end. */
  peek(): number {
    return this.at < this.end ? (this.bytes[this.at] as number) : -1;
  }

  /** Moves to the first content octet of the next element. Returns what `leave` needs: the end of the element around it. */
  enter(tag: number): number {
    const { bytes, at, end } = this;
    if (at >= end) throw new DerMalformed('missing_element', at);
    const actual = bytes[at] as number;
    if ((actual & TAG_NUMBER) === TAG_NUMBER) throw new DerMalformed('multi_byte_tag', at);
    if (actual !== tag) throw new DerMalformed('unexpected_tag', at);
    if (at + 1 >= end) throw new DerMalformed('truncated', at);
    const first = bytes[at + 1] as number;
    this.at = at + 2;
    const length = first < 0x80 ? first : this.#longLength(first & 0x7f);
    if (length > end - this.at) throw new DerMalformed('truncated', at);
    this.end = this.at + length;
    return end;
  }

  #longLength(octets: number): number {
    const at = this.at;
    if (octets === 0) throw new DerMalformed('indefinite_length', at - 1);
    if (octets > DER_LENGTH_OCTETS_MAX) throw new DerMalformed('length_too_large', at - 1);
    if (octets > this.end - at) throw new DerMalformed('truncated', at - 2);
    let length = 0;
    for (let i = 0; i < octets; i++) length = (length << 8) | (this.bytes[at + i] as number);
    if (length < 0x80 || length >> (8 * (octets - 1)) === 0) throw new DerMalformed('length_not_minimal', at - 1);
    this.at = at + octets;
    return length;
  }

  /** Returns from an element whose content was read to the last octet. */
  leave(outerEnd: number): void {
    if (this.at !== this.end) throw new DerMalformed('trailing_data', this.at);
    this.end = outerEnd;
  }

  /** Goes over the next element without looking into it. */
  skip(tag: number): void {
    const outerEnd = this.enter(tag);
    this.at = this.end;
    this.end = outerEnd;
  }

  /** The content octets of the next element. */
  content(tag: number): Uint8Array {
    const outerEnd = this.enter(tag);
    const content = this.view(this.at, this.end);
    this.at = this.end;
    this.end = outerEnd;
    return content;
  }

  /** Octets of the input, shared with it; plain arrays even when the input is a Buffer. */
  view(from: number, to: number): Uint8Array {
    return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + from, to - from);
  }

  /** True when exactly these octets follow inside the current element. */
  isNext(octets: Uint8Array): boolean {
    const { bytes, at } = this;
    if (octets.length > this.end - at) return false;
    for (let i = 0; i < octets.length; i++) if (bytes[at + i] !== octets[i]) return false;
    return true;
  }

  /** The content octets of an INTEGER: two's complement, shortest form. */
  integer(): Uint8Array {
    const content = this.content(INTEGER);
    checkInteger(this.bytes, this.at - content.length, this.at);
    return content;
  }

  /** The content octets of an OBJECT IDENTIFIER. */
  oid(): Uint8Array {
    const content = this.content(OBJECT_IDENTIFIER);
    checkOid(this.bytes, this.at - content.length, this.at);
    return content;
  }

  skipOid(): void {
    const outerEnd = this.enter(OBJECT_IDENTIFIER);
    checkOid(this.bytes, this.at, this.end);
    this.at = this.end;
    this.end = outerEnd;
  }

  /** A BOOLEAN DEFAULT FALSE: present when true, absent when false. */
  trueOrAbsent(): boolean {
    if (this.peek() !== BOOLEAN) return false;
    const start = this.at;
    const outerEnd = this.enter(BOOLEAN);
    checkBoolean(this.bytes, this.at, this.end);
    if (this.bytes[this.at] === 0) throw new DerMalformed('default_encoded', start);
    this.at = this.end;
    this.end = outerEnd;
    return true;
  }

  /** The content of a BIT STRING that holds whole octets. */
  octetBits(): Uint8Array {
    const outerEnd = this.enter(BIT_STRING);
    checkBitString(this.bytes, this.at, this.end);
    if (this.bytes[this.at] !== 0) throw new DerMalformed('unused_bits', this.at);
    const octets = this.view(this.at + 1, this.end);
    this.at = this.end;
    this.end = outerEnd;
    return octets;
  }

  /** The content of a BIT STRING that is a named bit list, first octet (the count of unused bits) excluded. */
  namedBits(): Uint8Array {
    const outerEnd = this.enter(BIT_STRING);
    checkBitString(this.bytes, this.at, this.end);
    const lastUsedBit = 1 << (this.bytes[this.at] as number);
    const isEmpty = this.end - this.at === 1;
    if (!isEmpty && ((this.bytes[this.end - 1] as number) & lastUsedBit) === 0) {
      throw new DerMalformed('named_bits_not_minimal', this.at);
    }
    const octets = this.view(this.at + 1, this.end);
    this.at = this.end;
    this.end = outerEnd;
    return octets;
  }

  /** Goes over one element of any type and checks the tree below it. */
  any(depth = 1): void {
    if (depth > DER_DEPTH_MAX) throw new DerMalformed('too_deep', this.at);
    const start = this.at;
    const tag = this.peek();
    const outerEnd = this.enter(tag);
    const isConstructed = (tag & CONSTRUCTED) !== 0;
    const isUniversal = (tag & CLASS) === 0;
    const isListType = (tag | CONSTRUCTED) === SEQUENCE || (tag | CONSTRUCTED) === SET;
    // X.690 §10.2: strings are primitive, so of the universal types that X.509 uses only these two contain elements.
    if (isUniversal && isConstructed !== isListType) throw new DerMalformed('unexpected_tag', start);
    if (isConstructed) while (this.at < this.end) this.any(depth + 1);
    else if (isUniversal) checkPrimitive(this.bytes, start, this.at, this.end);
    this.at = this.end;
    this.end = outerEnd;
  }
}

function checkPrimitive(bytes: Uint8Array, start: number, from: number, to: number): void {
  switch (bytes[start]) {
    case 0: // end-of-contents: BER only
      throw new DerMalformed('unexpected_tag', start);
    case BOOLEAN:
      checkBoolean(bytes, from, to);
      break;
    case INTEGER:
      checkInteger(bytes, from, to);
      break;
    case BIT_STRING:
      checkBitString(bytes, from, to);
      break;
    case NULL:
      if (from !== to) throw new DerMalformed('bad_null', from);
      break;
    case OBJECT_IDENTIFIER:
      checkOid(bytes, from, to);
      break;
  }
}

function checkBoolean(bytes: Uint8Array, from: number, to: number): void {
  const isCanonical = to - from === 1 && (bytes[from] === 0 || bytes[from] === 0xff);
  if (!isCanonical) throw new DerMalformed('bad_boolean', from);
}

function checkInteger(bytes: Uint8Array, from: number, to: number): void {
  if (from === to) throw new DerMalformed('bad_integer', from);
  if (to - from === 1) return;
  const first = bytes[from] as number;
  const isSecondHigh = (bytes[from + 1] as number) >= 0x80;
  if (first === (isSecondHigh ? 0xff : 0)) throw new DerMalformed('bad_integer', from);
}

export function checkOid(bytes: Uint8Array, from: number, to: number): void {
  if (from === to) throw new DerMalformed('bad_oid', from);
  let isArcStart = true;
  for (let i = from; i < to; i++) {
    const octet = bytes[i] as number;
    if (isArcStart && octet === 0x80) throw new DerMalformed('bad_oid', i);
    isArcStart = octet < 0x80;
  }
  if (!isArcStart) throw new DerMalformed('bad_oid', to - 1);
}

function checkBitString(bytes: Uint8Array, from: number, to: number): void {
  if (from === to) throw new DerMalformed('bad_bit_string', from);
  const unused = bytes[from] as number;
  if (unused > (to - from === 1 ? 0 : 7)) throw new DerMalformed('bad_bit_string', from);
  const unusedBits = (1 << unused) - 1;
  if (unused > 0 && ((bytes[to - 1] as number) & unusedBits) !== 0) throw new DerMalformed('bad_bit_string', to - 1);
}
