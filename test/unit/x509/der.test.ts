import { describe, expect, test } from 'vitest';
import { concat } from '../../../src/core/bytes.ts';
import { DerMalformed, DerReader, SEQUENCE } from '../../../src/x509/der.ts';
import { bits, integer, NULL, oid, raw, sequence, tlv } from './der-builder.ts';

function refusal(
  bytes: Uint8Array,
  read: (reader: DerReader) => unknown,
): { reason: string; offset: number } | undefined {
  try {
    read(new DerReader(bytes));
  } catch (error) {
    if (error instanceof DerMalformed) return { reason: error.reason, offset: error.offset };
    throw error;
  }
  return undefined;
}

describe('names the octet where a rule breaks', () => {
  test.each([
    ['the end where an element is missing', 'missing_element', 2, sequence()],
    ['the tag of an element that reaches too far', 'truncated', 4, concat(sequence(NULL, raw(2, 5)))],
    ['the first octet left over', 'trailing_data', 4, sequence(NULL, integer(1), NULL)],
    ['a length octet', 'indefinite_length', 3, sequence(raw(5, 0x80))],
    ['a length octet with too many after it', 'length_too_large', 3, sequence(raw(5, 0x85))],
    ['a length octet in the long form', 'length_not_minimal', 3, sequence(raw(5, 0x81, 0))],
    ['a tag', 'multi_byte_tag', 2, sequence(raw(0x1f, 0))],
    ['the content of an INTEGER', 'bad_integer', 6, sequence(NULL, integer(0, 0))],
    ['the first octet of an arc', 'bad_oid', 7, sequence(NULL, raw(6, 2, 0x55, 0x80))],
    ['the last octet of bits', 'bad_bit_string', 7, sequence(NULL, bits(1, raw(1)))],
  ])('%s', (_, reason, offset, bytes) => {
    const read = (reader: DerReader): void => {
      const outerEnd = reader.enter(SEQUENCE);
      reader.any();
      if (bytes.length < 10 && reason !== 'trailing_data') reader.any();
      reader.leave(outerEnd);
    };
    expect(refusal(bytes, read)).toEqual({ reason, offset });
  });
});

test('reads lengths of one to four octets in their shortest form only', () => {
  for (const length of [0, 127, 128, 255, 256, 65535]) {
    const bytes = tlv(4, new Uint8Array(length));
    expect(new DerReader(bytes).content(4)).toHaveLength(length);
  }
  const long = new Uint8Array(5 + 0x10000);
  long.set([4, 0x83, 1, 0, 0]);
  expect(new DerReader(long).content(4)).toHaveLength(0x10000);
  for (const padded of [raw(4, 0x81, 0x7f), raw(4, 0x82, 0, 0x80), raw(4, 0x83, 0, 1, 0)]) {
    const bytes = concat(padded, new Uint8Array(300));
    expect(refusal(bytes, (reader) => reader.content(4))?.reason).toBe('length_not_minimal');
  }
});

test('leaves an element only at its end', () => {
  const reader = new DerReader(sequence(integer(1), oid('1.2.3')));
  const outerEnd = reader.enter(SEQUENCE);
  expect(reader.integer()).toEqual(raw(1));
  expect(() => reader.leave(outerEnd)).toThrow(DerMalformed);
  expect(reader.oid()).toEqual(raw(0x2a, 3));
  reader.leave(outerEnd);
  expect(reader.isAtEnd()).toBe(true);
});

test('does not follow nesting into the stack', () => {
  let bytes = NULL;
  for (let level = 0; level < 5000; level++) bytes = tlv(0xa0, bytes);
  expect(refusal(bytes, (reader) => reader.any())?.reason).toBe('too_deep');
});

test('compares in place without reading past the current element', () => {
  const reader = new DerReader(concat(sequence(raw(5)), raw(0)));
  reader.enter(SEQUENCE);
  expect(reader.isNext(raw(5))).toBe(true);
  expect(reader.isNext(raw(5, 0))).toBe(false);
});
