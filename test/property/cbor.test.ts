import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare, equal } from '../../src/core/bytes.ts';
import { type Cbor, decode, encode } from '../../src/core/cbor.ts';
import { InvariantError } from '../../src/core/outcome.ts';
import { cborValue } from '../support/arbitraries.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const nested = (depth: number): Uint8Array => Uint8Array.from([...Array(depth - 1).fill(0x81), 0x80]);

describe('dCBOR', () => {
  test('decodes what it encodes', () => {
    fc.assert(
      fc.property(cborValue(), (value) => {
        expect(decode(encode(value))).toEqual(value);
      }),
    );
  });

  test('accepts only the encoding that it would write', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 24 }), mutatedEncoding()), (input) => {
        const value = decode(input);
        if (value !== undefined) expect(equal(encode(value), input)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  test('gives different values different encodings', () => {
    fc.assert(
      fc.property(cborValue(3), cborValue(3), (a, b) => {
        expect(compare(encode(a), encode(b)) === 0).toBe(fc.stringify(a) === fc.stringify(b));
      }),
    );
  });

  test('refuses every proper beginning of an encoding, and every byte behind it', () => {
    fc.assert(
      fc.property(cborValue(3), fc.nat(255), (value, extra) => {
        const encoded = encode(value);
        for (let length = 0; length < encoded.length; length++)
          expect(decode(encoded.subarray(0, length))).toBeUndefined();
        expect(decode(Uint8Array.of(...encoded, extra))).toBeUndefined();
      }),
    );
  });

  test.each<readonly [string, Cbor]>([
    ['00', 0],
    ['17', 23],
    ['18 18', 24],
    ['18 ff', 255],
    ['19 0100', 256],
    ['1a 00010000', 65_536],
    ['1a ffffffff', 2 ** 32 - 1],
    ['1b 0000000100000000', 2 ** 32],
    ['1b 001fffffffffffff', 2 ** 53 - 1],
    ['20', -1],
    ['37', -24],
    ['38 18', -25],
    ['3b 001ffffffffffffe', 1 - 2 ** 53],
    ['40', new Uint8Array(0)],
    ['60', ''],
    ['64 f0908591', '\u{10151}'],
    ['63 efbbbf', '\ufeff'],
    ['80', []],
    ['a0', new Map()],
    [
      'a2 00 f4 01 f5',
      new Map([
        [0, false],
        [1, true],
      ]),
    ],
    ['f6', null],
  ])('has %s for one value', (hex, value) => {
    expect(encode(value)).toEqual(bytes(hex));
    expect(decode(bytes(hex))).toEqual(value);
  });

  test.each([
    ['an empty input', ''],
    ['one octet of argument where none is needed', '18 17'],
    ['two octets of argument where one is enough', '19 00ff'],
    ['four octets of argument where two are enough', '1a 0000ffff'],
    ['eight octets of argument where four are enough', '1b 00000000ffffffff'],
    ['a long head of a negative integer', '38 17'],
    ['a long head of a byte string', '58 01 00'],
    ['a long head of a text', '78 01 61'],
    ['a long head of an array', '98 01 00'],
    ['a long head of a map', 'b8 01 00 00'],
    ['a long head of a map key', 'a1 1801 00'],
    ['2^53', '1b 0020000000000000'],
    ['2^64 - 1', '1b ffffffffffffffff'],
    ['-2^53', '3b 001fffffffffffff'],
    ['-2^64', '3b ffffffffffffffff'],
    ['a map key of 2^53', 'a1 1b0020000000000000 00'],
    ['the reserved argument 28', '1c'],
    ['the reserved argument 30 of an array', '9e'],
    ['an indefinite byte string', '5f 41 00 ff'],
    ['an indefinite text', '7f 61 61 ff'],
    ['an indefinite array', '9f 00 ff'],
    ['an indefinite map', 'bf 00 00 ff'],
    ['a break', 'ff'],
    ['a tag', 'c0 00'],
    ['a bignum', 'c2 41 01'],
    ['the self-describing tag', 'd9 d9f7 00'],
    ['undefined', 'f7'],
    ['an unassigned simple value', 'e0'],
    ['a simple value of two octets', 'f8 20'],
    ['true in two octets', 'f8 15'],
    ['half precision', 'f9 0000'],
    ['single precision', 'fa 3f800000'],
    ['double precision', 'fb 3ff0000000000000'],
    ['a key twice', 'a2 00 00 00 01'],
    ['descending keys', 'a2 01 00 00 00'],
    ['a negative key', 'a1 20 00'],
    ['a text key', 'a1 6161 00'],
    ['a byte string key', 'a1 4100 00'],
    ['true as a key', 'a1 f5 00'],
    ['a map without its last value', 'a1 00'],
    ['null as the value of a key', 'a1 00 f6'],
    ['null as the value of a key in an array', '81 a2 00 01 01 f6'],
    ['a byte behind the item', '00 00'],
    ['a byte string longer than the input', '42 00'],
    ['a text longer than the input', '62 61'],
    ['an array longer than the input', '82 00'],
    ['an array of 2^32 items', '9b 0000000100000000 00'],
    ['a map of 2^52 pairs', 'bb 0010000000000000 00'],
    ['a lone continuation octet', '61 80'],
    ['an overlong text', '62 c080'],
    ['a surrogate in text', '63 eda080'],
    ['text beyond U+10FFFF', '64 f4908080'],
    ['a cut-off text', '62 e282'],
  ])('refuses %s', (_, hex) => {
    expect(decode(bytes(hex))).toBeUndefined();
  });

  test('accepts depth 8 and refuses depth 9', () => {
    expect(decode(nested(8))).toBeDefined();
    expect(decode(nested(9))).toBeUndefined();
    expect(decode(Uint8Array.of(...Array(8).fill(0x81), 0x00))).toBeUndefined();
    expect(decode(new Uint8Array(1_000_000).fill(0x81))).toBeUndefined();
  });

  test.each<readonly [string, Cbor]>([
    ['2^53', 2 ** 53],
    ['-2^53', -(2 ** 53)],
    ['a fraction', 0.5],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a negative key', new Map([[-1, 0]])],
    ['null as the value of a key', new Map([[0, null]])],
    ['a fractional key', new Map([[0.5, 0]])],
    ['depth 9', [[[[[[[[0]]]]]]]]],
  ])('does not encode %s', (_, value) => {
    expect(() => encode(value)).toThrow(InvariantError);
  });

  test('writes -0 as 0', () => {
    expect(encode(-0)).toEqual(bytes('00'));
  });

  test('does not encode text that is no valid Unicode', () => {
    expect(() => encode('\ud800')).toThrow(InvariantError);
  });
});

/** An encoding with one byte replaced: closer to the border between accepted and refused than random bytes. */
function mutatedEncoding(): fc.Arbitrary<Uint8Array> {
  return fc.tuple(cborValue(4), fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
    const encoded = encode(value);
    encoded[at % encoded.length] = byte;
    return encoded;
  });
}
