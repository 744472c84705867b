import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compare,
  fromBase32,
  fromBase64,
  fromBase64Url,
  fromHex,
  fromUtf8,
  split,
  toBase32,
  toBase64,
  toBase64Url,
  toHex,
  toU64,
  toUtf8,
} from '../../src/core/bytes.ts';

const CODECS = {
  base64: { encode: toBase64, decode: fromBase64, alphabet: /^[A-Za-z0-9+/=]*$/, node: 'base64' },
  base64url: { encode: toBase64Url, decode: fromBase64Url, alphabet: /^[A-Za-z0-9_-]*$/, node: 'base64url' },
  hex: { encode: toHex, decode: fromHex, alphabet: /^[0-9a-f]*$/, node: 'hex' },
  base32: { encode: toBase32, decode: fromBase32, alphabet: /^[a-z2-7]*$/, node: undefined },
} as const;

describe.each(Object.entries(CODECS))('%s', (_, { encode, decode, alphabet, node }) => {
  test('decodes what it encodes, as Node does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        const text = encode(bytes);
        expect(text).toMatch(alphabet);
        expect(decode(text)).toEqual(bytes);
        if (node !== undefined) expect(text).toBe(Buffer.from(bytes).toString(node));
      }),
    );
  });

  test('accepts only the text that it would write', () => {
    const near = fc
      .tuple(fc.uint8Array({ maxLength: 12 }), fc.nat(), fc.constantFrom(...'AQgw2z7=+/-_ \n\t\u00e9', ''))
      .map(([bytes, at, character]) => {
        const text = encode(bytes);
        const index = text.length === 0 ? 0 : at % text.length;
        return text.slice(0, index) + character + text.slice(index + 1);
      });
    fc.assert(
      fc.property(fc.oneof(near, fc.string({ maxLength: 12 })), (text) => {
        const bytes = decode(text);
        if (bytes !== undefined) expect(encode(bytes)).toBe(text);
      }),
      { numRuns: 3_000 },
    );
  });
});

test.each([
  ['padding that is missing', fromBase64, 'AA'],
  ['one padding character too few', fromBase64, 'AA='],
  ['padding in the middle', fromBase64, 'AA==AAAA'],
  ['a whole group of padding', fromBase64, 'AAAA===='],
  ['spare bits', fromBase64, 'AB=='],
  ['spare bits of two octets', fromBase64, 'AAB='],
  ['a lone character', fromBase64, 'A==='],
  ['the other alphabet', fromBase64, 'AA-_'],
  ['white space', fromBase64, 'AAAA\n'],
  ['padding', fromBase64Url, 'AA=='],
  ['spare bits of base64url', fromBase64Url, 'AB'],
  ['a lone character of base64url', fromBase64Url, 'A'],
  ['the other alphabet of base64url', fromBase64Url, 'AA+/'],
  ['upper case base32', fromBase32, 'AA'],
  ['spare bits of base32', fromBase32, 'ab'],
  ['an impossible length of base32', fromBase32, 'aaa'],
  ['a digit that base32 lacks', fromBase32, 'a1'],
  ['padded base32', fromBase32, 'aa======'],
  ['upper case hexadecimal', fromHex, 'AA'],
  ['an odd number of digits', fromHex, 'a'],
  ['a prefix', fromHex, '0x00'],
] as const)('refuses %s', (_, decode, text) => {
  expect(decode(text)).toBeUndefined();
});

test('knows the examples of RFC 4648 §10', () => {
  const inputs = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'];
  expect(inputs.map((text) => toBase64(fromUtf8(text)))).toEqual([
    '',
    'Zg==',
    'Zm8=',
    'Zm9v',
    'Zm9vYg==',
    'Zm9vYmE=',
    'Zm9vYmFy',
  ]);
  expect(inputs.map((text) => toBase32(fromUtf8(text)))).toEqual([
    '',
    'my',
    'mzxq',
    'mzxw6',
    'mzxw6yq',
    'mzxw6ytb',
    'mzxw6ytboi',
  ]);
});

test('keeps a byte order mark and every other character of UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(toUtf8(fromUtf8(text))).toBe(text);
    }),
  );
  expect(toUtf8(Uint8Array.of(0xef, 0xbb, 0xbf))).toBe('\ufeff');
});

test('orders byte strings as Buffer.compare does', () => {
  const short = fc.uint8Array({ maxLength: 4, max: 3 });
  fc.assert(
    fc.property(short, short, (a, b) => {
      expect(Math.sign(compare(a, b))).toBe(Buffer.compare(a, b));
    }),
  );
});

test('splits only multiples of the piece', () => {
  expect(split(new Uint8Array(64), 32)).toHaveLength(2);
  expect(split(new Uint8Array(0), 32)).toEqual([]);
  expect(split(new Uint8Array(63), 32)).toBeUndefined();
});

test('writes 64-bit integers in network order', () => {
  expect(toHex(toU64(2n ** 63n - 1n))).toBe('7fffffffffffffff');
  expect(toHex(toU64(258n))).toBe('0000000000000102');
});
