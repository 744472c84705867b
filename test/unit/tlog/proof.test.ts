import { describe, expect, test } from 'vitest';
import { concat, fromUtf8, toBase64 } from '../../../src/core/bytes.ts';
import { type Cbor, decode, encode } from '../../../src/core/cbor.ts';
import { decodeProof, encodeProof, HISTORIC, PROOF_BYTES_MAX, type Proof } from '../../../src/tlog/proof.ts';
import { formatTlogProof, isTlogProof, parseTlogProof } from '../../../src/tlog/tlog-proof.ts';
import { hashOf } from '../../support/crypto.ts';
import { flipped } from '../../support/random.ts';

const HASH = hashOf('hash');
const proof: Proof = {
  form: 1,
  checkpoint: {
    origin: 'ledger.example/test',
    size: 20,
    root: HASH,
    lines: [{ name: 'ledger.example/test', data: new Uint8Array(68).fill(3) }],
  },
  entries: [
    { index: 3, bytes: new Uint8Array(50) },
    { index: 19, bytes: new Uint8Array(60) },
  ],
  logHashes: [HASH, HASH],
  words: [{ index: 0, word: new Uint8Array(32) }],
  statusHashes: [HASH],
};
const places = decode(encodeProof(proof)) as readonly Cbor[];
const read = (change: (places: readonly Cbor[]) => readonly Cbor[]): Proof | undefined =>
  decodeProof(encode(change(places)));

describe('a binary proof', () => {
  test('is read as it was written, in both forms', () => {
    for (const form of [1, 2] as const)
      expect(decodeProof(encodeProof({ ...proof, form }))).toEqual({ ...proof, form });
  });

  test.each<readonly [string, number, Cbor]>([
    ['form 0', 0, 0],
    ['form 3', 0, 3],
    ['an origin with a space', 1, 'ledger example'],
    ['an origin that is bytes', 1, HASH],
    ['a negative size', 2, -1],
    ['a root of 31 bytes', 3, new Uint8Array(31)],
    ['lines that are null', 4, null],
    ['a line of one place', 4, [['name']]],
    ['a line whose name has a plus', 4, [['na+me', new Uint8Array(68)]]],
    ['a line without name', 4, [['', new Uint8Array(68)]]],
    ['a line that is a key id alone', 4, [['name', new Uint8Array(4)]]],
    ['a line whose signature is text', 4, [['name', 'x']]],
    ['entries that are a map', 5, new Map()],
    ['an entry of three places', 5, [[3, new Uint8Array(50), 0]]],
    ['a negative index', 5, [[-3, new Uint8Array(50)]]],
    ['an entry that is an array', 5, [[3, []]]],
    [
      'an index twice',
      5,
      [
        [3, HASH],
        [3, HASH],
      ],
    ],
    [
      'indexes that descend',
      5,
      [
        [4, HASH],
        [3, HASH],
      ],
    ],
    ['nine entries', 5, Array.from({ length: 9 }, (_, i) => [i, HASH])],
    ['log hashes of 33 bytes', 6, new Uint8Array(33)],
    ['log hashes that are a list', 6, [HASH]],
    ['a word of 31 bytes', 7, [[0, new Uint8Array(31)]]],
    ['a word of 33 bytes', 7, [[0, new Uint8Array(33)]]],
    [
      'a word twice',
      7,
      [
        [0, HASH],
        [0, HASH],
      ],
    ],
    [
      'words that descend',
      7,
      [
        [1, HASH],
        [0, HASH],
      ],
    ],
    ['status hashes of 31 bytes', 8, new Uint8Array(31)],
    ['status hashes that are null', 8, null],
  ])('is refused with %s', (_, place, value) => {
    expect(read((p) => p)).toBeDefined();
    expect(read((p) => p.with(place, value))).toBeUndefined();
  });

  test('has eight entries at most, a HistoricStatus ten', () => {
    const entries = (count: number): Cbor => Array.from({ length: count }, (_, i) => [i, HASH]);
    expect(read((p) => p.with(5, entries(8)))).toBeDefined();
    expect(read((p) => p.with(0, HISTORIC).with(5, entries(10)))).toBeDefined();
    expect(read((p) => p.with(0, HISTORIC).with(5, entries(11)))).toBeUndefined();
  });

  test('is refused with a place more or less, and above 1 MiB', () => {
    expect(read((p) => [...p, null])).toBeUndefined();
    expect(read((p) => p.slice(0, 8))).toBeUndefined();
    expect(decodeProof(encode(1))).toBeUndefined();
    const filler = (length: number) => read((p) => p.with(5, [[3, new Uint8Array(length)]]));
    expect(filler(PROOF_BYTES_MAX - 1000)).toBeDefined();
    expect(filler(PROOF_BYTES_MAX)).toBeUndefined();
  });
});

describe('a proof in text form', () => {
  const text = formatTlogProof({ proof, index: 3, path: [HASH, HASH] });
  const parse = (changed: string) => parseTlogProof(fromUtf8(changed));
  const change = (from: string | RegExp, to: string) => parse(text.replace(from, to));
  const unsigned = encodeProof({ ...proof, checkpoint: { ...proof.checkpoint, lines: [] } });

  test('is read as it was written', () => {
    expect(parse(text)).toEqual({ ok: true, value: { proof, index: 3, path: [HASH, HASH] } });
    expect(isTlogProof(fromUtf8(text))).toBe(true);
    expect(isTlogProof(encodeProof(proof))).toBe(false);
    expect(isTlogProof(fromUtf8('c2sp'))).toBe(false);
  });

  test('may have no path: a log of one entry', () => {
    expect(parse(formatTlogProof({ proof, index: 0, path: [] })).ok).toBe(true);
  });

  test.each<readonly [string, string | RegExp, string]>([
    ['another header', 'tlog-proof@v1', 'tlog-proof@v2'],
    ['no extra line', /extra .*\n/, ''],
    ['an extra line that is empty', /extra .*\n/, 'extra \n'],
    ['an extra line without padding', /=+\nindex/, '\nindex'],
    ['an index with a leading zero', 'index 3', 'index 03'],
    ['no index line', 'index 3\n', ''],
    ['a path hash of 31 bytes', /index 3\n[^\n]*/, `index 3\n${toBase64(new Uint8Array(31))}`],
    ['an empty line in the path', 'index 3\n', 'index 3\n\n'],
    ['no gap before the checkpoint', '\n\nledger', '\nledger'],
    ['another size in the checkpoint', '\n20\n', '\n21\n'],
    ['another origin in the checkpoint', '\nledger.example/test\n20', '\nledger.example/tent\n20'],
    ['another root in the checkpoint', `\n20\n${toBase64(HASH)}`, `\n20\n${toBase64(hashOf('other'))}`],
    ['no signature line', /\u2014 .*\n/, ''],
    ['signatures in the extra data', toBase64(unsigned), toBase64(encodeProof(proof))],
    ['a line behind the signatures', /$/, 'x\n'],
  ])('is refused with %s', (_, from, to) => {
    expect(change(from, to)).toEqual({ ok: false, code: 'malformed' });
  });

  test('is refused with an extension line under a code of its own', () => {
    expect(change(`${toBase64(HASH)}\n\n\u2014`, `${toBase64(HASH)}\nx\n\n\u2014`)).toEqual({
      ok: false,
      code: 'extension_line',
    });
  });

  test('is refused when it is no UTF-8, or too long', () => {
    expect(parseTlogProof(flipped(fromUtf8(text), 3, 7)).ok).toBe(false);
    expect(parseTlogProof(concat(fromUtf8(text), new Uint8Array(2_000_000))).ok).toBe(false);
  });
});
