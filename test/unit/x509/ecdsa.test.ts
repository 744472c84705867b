import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, fromHex } from '../../../src/core/bytes.ts';
import { isLowS, parseEcdsaSignature } from '../../../src/x509/ecdsa.ts';
import { integer, NULL, raw, sequence, set, tlv } from './der-builder.ts';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const ONE = integer(1);

const scalar = (value: bigint): Uint8Array => fromHex(value.toString(16).padStart(64, '0')) as Uint8Array;

/** The minimal INTEGER of a number that is not negative. */
function minimal(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const octets = fromHex(hex.padStart(hex.length + (hex.length % 2), '0')) as Uint8Array;
  return (octets[0] as number) >= 0x80 ? integer(0, ...octets) : integer(...octets);
}

describe('reads', () => {
  test('what OpenSSL signs, in both encodings', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(publicKey.asymmetricKeyType).toBe('ec');
    for (let i = 0; i < 50; i++) expect(parseEcdsaSignature(sign('sha256', raw(i), privateKey)).ok).toBe(true);
  });

  test('every pair of scalars in range as r||s', () => {
    const scalars = fc.oneof(fc.bigInt({ min: 1n, max: ORDER - 1n }), fc.bigInt({ min: 1n, max: 300n }));
    fc.assert(
      fc.property(scalars, scalars, (r, s) => {
        const outcome = parseEcdsaSignature(sequence(minimal(r), minimal(s)));
        expect(outcome).toEqual({ ok: true, value: concat(scalar(r), scalar(s)) });
      }),
    );
  });
});

describe('refuses', () => {
  test.each([
    ['r = 0', 'scalar_out_of_range', sequence(integer(0), ONE)],
    ['s = 0', 'scalar_out_of_range', sequence(ONE, integer(0))],
    ['r = n', 'scalar_out_of_range', sequence(minimal(ORDER), ONE)],
    ['s = n', 'scalar_out_of_range', sequence(ONE, minimal(ORDER))],
    ['s = 2^256', 'scalar_out_of_range', sequence(ONE, minimal(1n << 256n))],
    ['a negative scalar', 'scalar_out_of_range', sequence(integer(0xff), ONE)],
    ['a padded scalar', 'bad_integer', sequence(integer(0, 1), ONE)],
    ['a scalar without content', 'bad_integer', sequence(ONE, integer())],
    ['one scalar', 'missing_element', sequence(ONE)],
    ['a third scalar', 'trailing_data', sequence(ONE, ONE, ONE)],
    ['an octet after the signature', 'trailing_data', concat(sequence(ONE, ONE), raw(0))],
    ['a SET', 'unexpected_tag', set(ONE, ONE)],
    ['another type', 'unexpected_tag', sequence(NULL, ONE)],
    ['a long length form', 'length_not_minimal', concat(raw(0x30, 0x81, 6), ONE, ONE)],
    ['an indefinite length', 'indefinite_length', concat(raw(0x30, 0x80), ONE, ONE, raw(0, 0))],
    ['nothing', 'missing_element', raw()],
    ['r||s', 'unexpected_tag', tlv(1, new Uint8Array(62))],
  ])('%s as %s', (_, reason, der) => {
    expect(parseEcdsaSignature(der)).toMatchObject({ ok: false, code: { reason } });
  });

  test('random octets without a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => typeof parseEcdsaSignature(bytes).ok === 'boolean'),
    );
  });
});

describe('low s', () => {
  const withS = (s: bigint): Uint8Array => concat(scalar(1n), scalar(s));

  test('ends at (n-1)/2', () => {
    expect(isLowS(withS(1n))).toBe(true);
    expect(isLowS(withS((ORDER - 1n) / 2n))).toBe(true);
    expect(isLowS(withS((ORDER + 1n) / 2n))).toBe(false);
    expect(isLowS(withS(ORDER - 1n))).toBe(false);
  });

  test('holds for exactly one of s and n-s', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: ORDER - 1n }), (s) => isLowS(withS(s)) !== isLowS(withS(ORDER - s))),
    );
  });

  test('is refused to anything but 64 octets', () => {
    expect(isLowS(new Uint8Array(63))).toBe(false);
  });
});
