import { describe, expect, test } from 'vitest';
import { concat, equal, toHex } from '../../../src/core/bytes.ts';
import { type Cbor, decode, encode, isArray, isBytes } from '../../../src/core/cbor.ts';
import { CODES, codeName } from '../../../src/protocol/codes.ts';
import { decodeTransaction, signedBytesOf, TRANSACTION_BYTES_MAX } from '../../../src/protocol/transaction.ts';
import { hashOf, ports } from '../../support/crypto.ts';
import { addSubmitter, endIdentity, makeDevice, makeSubmitter, register } from '../../support/devices.ts';
import { ed25519Key, p256Key } from '../../support/keys.ts';
import { makeParties } from '../../support/parties.ts';
import { flipped, Random } from '../../support/random.ts';

const sound = endIdentity(makeSubmitter('factory'), hashOf('identity'));
const parts = decode(sound) as readonly [Uint8Array, Cbor, Uint8Array, Uint8Array];
const [header, , payload, signature] = parts;
const name = (bytes: Uint8Array): string | undefined => {
  const decoded = decodeTransaction(bytes);
  return decoded.ok ? 'accepted' : codeName(decoded.code);
};
const withHeader = (changed: Uint8Array): Uint8Array => encode([changed, new Map(), payload, signature]);
const withPayload = (value: Cbor): Uint8Array => encode([header, new Map(), encode(value), signature]);
const OWN_AT = 43;
const own = decode(header.subarray(OWN_AT)) as readonly Cbor[];
const withOwn = (change: (own: readonly Cbor[]) => readonly Cbor[]): Uint8Array =>
  withHeader(concat(header.subarray(0, OWN_AT), encode(change(own))));

describe('any flipped byte of a transaction', () => {
  test.each([
    ['Ed25519', ed25519Key],
    ['P-256', p256Key],
  ] as const)('signed with %s is refused, and has another id', (algorithm, makeKey) => {
    const { ledger, member } = makeParties();
    const factory = makeSubmitter(`flips ${algorithm}`, makeKey);
    ledger.submit(addSubmitter(member, factory));
    const device = makeDevice('flips', factory.recordId);
    const transaction = register(factory, [device]);
    const id = ports.hasher.sha256(transaction);
    const random = new Random(algorithm);
    const accepted: number[] = [];
    for (let at = 0; at < transaction.length; at++) {
      const changed = flipped(transaction, at, random.below(8));
      if (equal(ports.hasher.sha256(changed), id)) accepted.push(at);
      const { results, append } = ledger.preview([changed]);
      if (results[0]?.code === CODES.accepted || append !== null) accepted.push(at);
    }
    expect(accepted).toEqual([]);
    expect(ledger.submit(transaction).code).toBe(CODES.accepted);
  });
});

describe('the protected header', () => {
  test('has its fixed bytes', () => {
    expect(toHex(header.subarray(0, 6))).toBe('a30127045820');
    expect(toHex(header.subarray(38, OWN_AT))).toBe('3a00010000');
    expect(name(sound)).toBe('accepted');
  });

  test.each<readonly [string, Uint8Array]>([
    ['an empty header', new Uint8Array(0)],
    ['another number of keys', Uint8Array.of(0xa2, ...header.subarray(1))],
    ['a long head of the map', Uint8Array.of(0xb8, 3, ...header.subarray(1))],
    ['a long head of the algorithm key', concat(header.subarray(0, 1), Uint8Array.of(0x18, 1), header.subarray(2))],
    ['another algorithm', Uint8Array.of(...header.subarray(0, 2), 0x25, ...header.subarray(3))],
    ['a long form of the algorithm', concat(header.subarray(0, 2), Uint8Array.of(0x38, 7), header.subarray(3))],
    ['the algorithm as text', concat(header.subarray(0, 2), encode('EdDSA'), header.subarray(3))],
    ['a key id of 31 bytes', concat(header.subarray(0, 4), Uint8Array.of(0x58, 31), header.subarray(7))],
    ['the content type key instead of the key id', Uint8Array.of(...header.subarray(0, 3), 3, ...header.subarray(4))],
    ['another private key', Uint8Array.of(...header.subarray(0, 42), 1, ...header.subarray(OWN_AT))],
    [
      'keys in another order',
      concat(Uint8Array.of(0xa3), header.subarray(3, 38), header.subarray(1, 3), header.subarray(38)),
    ],
    ['a byte behind it', concat(header, Uint8Array.of(0))],
    ['a fourth key', concat(Uint8Array.of(0xa4), header.subarray(1), Uint8Array.of(0x05, 0x40))],
  ])('is refused with %s', (_, changed) => {
    expect(name(withHeader(changed))).toBe('transaction_malformed');
  });

  test.each<readonly [string, (own: readonly Cbor[]) => readonly Cbor[]]>([
    ['header version 2', (o) => o.with(0, 2)],
    ['a network id of 31 bytes', (o) => o.with(1, new Uint8Array(31))],
    ['a negative epoch', (o) => o.with(2, -1)],
    ['no validUntil', (o) => o.with(3, null)],
    ['a signer id of 33 bytes', (o) => o.with(4, new Uint8Array(33))],
    ['a negative operation', (o) => o.with(5, -1)],
    ['an expected version that is text', (o) => o.with(6, '1')],
    ['a negative expected version', (o) => o.with(6, -1)],
    ['no encoding', (o) => o.with(7, null)],
    ['an expanded length that is text', (o) => o.with(8, '')],
    ['a tenth place', (o) => [...o, null]],
    ['eight places', (o) => o.slice(0, -1)],
  ])('is refused with %s', (_, change) => {
    expect(name(withOwn(change))).toBe('transaction_malformed');
  });

  test('may not name an encoding or an expanded length yet', () => {
    expect(name(withOwn((o) => o.with(7, 1)))).toBe('unknown_encoding');
    expect(name(withOwn((o) => o.with(8, 0)))).toBe('unknown_encoding');
    expect(name(withOwn((o) => o.with(7, 1).with(8, 100)))).toBe('unknown_encoding');
  });
});

describe('the message', () => {
  test.each<readonly [string, Uint8Array]>([
    ['a COSE_Sign1 tag', concat(Uint8Array.of(0xd2), sound)],
    ['a fifth part', encode([...parts, null])],
    ['three parts', encode(parts.slice(0, 3))],
    ['an unprotected header', encode([header, new Map([[4, new Uint8Array(32)]]), payload, signature])],
    ['an unprotected header that is no map', encode([header, [], payload, signature])],
    ['a detached payload', encode([header, new Map(), null, signature])],
    ['a signature of 63 bytes', encode([header, new Map(), payload, signature.subarray(1)])],
    ['a signature of 65 bytes', encode([header, new Map(), payload, concat(signature, new Uint8Array(1))])],
    ['no signature', encode([header, new Map(), payload, new Uint8Array(0)])],
    ['a protected header that is a map', encode([new Map(), new Map(), payload, signature])],
    ['a byte behind it', concat(sound, Uint8Array.of(0))],
    ['a payload that is no dCBOR', encode([header, new Map(), Uint8Array.of(0x18, 0), signature])],
    ['an empty payload', encode([header, new Map(), new Uint8Array(0), signature])],
    ['a payload that is no map', withPayload([1])],
    ['a payload without body', withPayload(new Map())],
    [
      'an unknown payload key',
      withPayload(
        new Map<number, Cbor>([
          [0, []],
          [2, 1],
        ]),
      ),
    ],
    ['approvals without body', withPayload(new Map([[1, [1]]]))],
    [
      'approvals that are no list',
      withPayload(
        new Map<number, Cbor>([
          [0, []],
          [1, 1],
        ]),
      ),
    ],
    [
      'an empty list of approvals',
      withPayload(
        new Map<number, Cbor>([
          [0, []],
          [1, []],
        ]),
      ),
    ],
  ])('is refused with %s', (_, bytes) => {
    expect(name(bytes)).toBe('transaction_malformed');
  });

  test('is refused above its size, before it is read', () => {
    expect(name(new Uint8Array(TRANSACTION_BYTES_MAX + 1))).toBe('transaction_too_large');
    expect(name(new Uint8Array(TRANSACTION_BYTES_MAX))).toBe('transaction_malformed');
  });

  test('signs its header and its payload', () => {
    const decoded = decodeTransaction(sound);
    const signed = decoded.ok ? decode(signedBytesOf(decoded.value)) : undefined;
    expect(isArray(signed) && signed.map((part) => (isBytes(part) ? toHex(part) : part))).toEqual([
      'Signature1',
      toHex(header),
      '',
      toHex(payload),
    ]);
  });

  test('says when it carries approvals', () => {
    const decoded = decodeTransaction(
      withPayload(
        new Map<number, Cbor>([
          [0, []],
          [1, [[]]],
        ]),
      ),
    );
    expect(decoded.ok && decoded.value.hasApprovals).toBe(true);
  });
});
