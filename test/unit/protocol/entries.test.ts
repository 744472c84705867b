import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cbor, encode } from '../../../src/core/cbor.ts';
import { InvariantError } from '../../../src/core/outcome.ts';
import { type BlockEntry, encodeBlockEntry, parseBlockEntry } from '../../../src/protocol/block-entry.ts';
import { newIdentityPayload, parseIdentity } from '../../../src/protocol/identity.ts';
import {
  KEY_ROLES,
  keyAt,
  type MemberKey,
  memberPayload,
  parseMemberKeys,
  signersHash,
} from '../../../src/protocol/member.ts';
import {
  decodeEntry,
  ENTRY_BYTES_MAX,
  encodeRecordVersion,
  entryKind,
  fitsEntry,
  isIdSet,
  PAYLOAD_BYTES_MAX,
  parseRecordVersion,
  type RecordVersion,
  readOwnRecordVersion,
} from '../../../src/protocol/record.ts';
import { hashOf, ports } from '../../support/crypto.ts';
import { firstVersion } from '../../support/hand-log.ts';
import { makeSubjectCertificate, rowOf } from '../../support/scene.ts';

const ID = hashOf('id');
const record = firstVersion({ kind: 4, recordId: ID, authorityIds: [hashOf('parent')], payload: new Map([[0, 1]]) });
const places: readonly Cbor[] = [4, 1, ID, 1, null, null, 1, [hashOf('parent')], new Map([[0, 1]])];
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('a record entry', () => {
  test('is read as it was written', () => {
    const versions = fc.record({
      kind: fc.constantFrom(1, 2, 3, 4, 5, 6),
      recordId: hash,
      state: fc.constantFrom(1, 2, 3),
      authorityIds: fc.constantFrom<readonly Uint8Array[]>([], [ID]),
      place: fc.option(
        fc.tuple(fc.integer({ min: 2, max: 2 ** 40 }), fc.nat(2 ** 40), fc.integer({ min: 1, max: 2 ** 40 })),
      ),
    });
    fc.assert(
      fc.property(versions, ({ place, ...fields }) => {
        const [version, first, distance] = place ?? [1, null, null];
        const supersedes = first === null || distance === null ? null : version === 2 ? first : first + distance;
        const value = { ...fields, version, supersedes, first, payload: new Map([[0, 'payload']]) } as RecordVersion;
        const bytes = encodeRecordVersion(value);
        expect(parseRecordVersion(decodeEntry(bytes) ?? [])).toEqual({ ok: true, value });
        expect(readOwnRecordVersion(bytes)).toEqual(value);
      }),
    );
  });

  test.each<readonly [string, (places: readonly Cbor[]) => readonly Cbor[]]>([
    ['no place', () => []],
    ['the kind of a block', (p) => p.with(0, 0)],
    ['an unknown kind', (p) => p.with(0, 7)],
    ['a negative kind', (p) => p.with(0, -1)],
    ['a kind that is text', (p) => p.with(0, '4')],
    ['eight places', (p) => p.slice(0, -1)],
    ['ten places', (p) => [...p, null]],
    ['an id of 31 bytes', (p) => p.with(2, new Uint8Array(31))],
    ['version 0', (p) => p.with(3, 0)],
    ['a negative version', (p) => p.with(3, -1)],
    ['version 1 that supersedes', (p) => p.with(4, 0)],
    ['version 1 that has a first', (p) => p.with(5, 0)],
    ['version 2 that supersedes nothing', (p) => p.with(3, 2)],
    ['version 2 without a first', (p) => p.with(3, 2).with(4, 9)],
    ['a first above what it supersedes', (p) => p.with(3, 2).with(4, 8).with(5, 9)],
    ['version 2 whose first is not what it supersedes', (p) => p.with(3, 2).with(4, 9).with(5, 8)],
    ['version 3 whose first is what it supersedes', (p) => p.with(3, 3).with(4, 9).with(5, 9)],
    ['state 0', (p) => p.with(6, 0)],
    ['state 4', (p) => p.with(6, 4)],
    ['a state that is true', (p) => p.with(6, true)],
    ['parents that are no list', (p) => p.with(7, ID)],
    ['a parent of 31 bytes', (p) => p.with(7, [new Uint8Array(31)])],
    ['a parent twice', (p) => p.with(7, [ID, ID])],
    ['parents in descending order', (p) => p.with(7, [new Uint8Array(32).fill(2), new Uint8Array(32).fill(1)])],
    ['a payload that is a list', (p) => p.with(8, [])],
    ['a payload that is null', (p) => p.with(8, null)],
  ])('is refused with %s', (_, change) => {
    expect(parseRecordVersion(places).ok).toBe(true);
    expect(parseRecordVersion(change(places))).toEqual({ ok: false, code: 'malformed' });
  });

  test('of another format is refused as such, whatever follows', () => {
    expect(parseRecordVersion(places.with(1, 2))).toEqual({ ok: false, code: 'unsupported_entry_version' });
    expect(parseRecordVersion([4, 2])).toEqual({ ok: false, code: 'unsupported_entry_version' });
  });

  test('has 48 to 65,535 bytes', () => {
    expect(decodeEntry(encode([new Uint8Array(44)]))).toBeUndefined();
    expect(encode([new Uint8Array(45)])).toHaveLength(48);
    expect(decodeEntry(encode([new Uint8Array(45)]))).toBeDefined();
    const longest = encode([new Uint8Array(ENTRY_BYTES_MAX - 4)]);
    expect(longest).toHaveLength(ENTRY_BYTES_MAX);
    expect(decodeEntry(longest)).toBeDefined();
    expect(decodeEntry(encode([new Uint8Array(ENTRY_BYTES_MAX - 3)]))).toBeUndefined();
    expect(decodeEntry(encode(new Uint8Array(60)))).toBeUndefined();
    expect(entryKind(['x'])).toBeUndefined();
  });

  test('has a payload of 16 KiB at most', () => {
    const withContent = (length: number): boolean => {
      const value = { ...record, payload: new Map([[0, new Uint8Array(length)]]) };
      return fitsEntry(value, encodeRecordVersion(value));
    };
    expect(withContent(PAYLOAD_BYTES_MAX - 5)).toBe(true);
    expect(withContent(PAYLOAD_BYTES_MAX - 4)).toBe(false);
    expect(fitsEntry(record, new Uint8Array(ENTRY_BYTES_MAX + 1))).toBe(false);
  });

  test('that our own store holds and that is none stops the node', () => {
    expect(() => readOwnRecordVersion(new Uint8Array(60))).toThrow(InvariantError);
    expect(() => readOwnRecordVersion(encode([...places, 0]))).toThrow(InvariantError);
  });

  test('knows sets', () => {
    expect(isIdSet([])).toBe(true);
    expect(isIdSet([ID])).toBe(true);
    expect(isIdSet(undefined)).toBe(false);
  });
});

describe('a block entry', () => {
  const block: BlockEntry = {
    height: 7,
    time: 1_800_000_000,
    firstEntry: 40,
    previousBlockEntry: 39,
    statusRoot: hashOf('status'),
    signersHash: hashOf('signers'),
    nextSignersHash: hashOf('next'),
  };
  const read = (bytes: Uint8Array) => parseBlockEntry(decodeEntry(bytes) ?? []);
  const blockPlaces = decodeEntry(encodeBlockEntry(block)) ?? [];

  test('is read as it was written', () => {
    expect(read(encodeBlockEntry(block))).toEqual({ ok: true, value: block });
    const first = { ...block, height: 0, previousBlockEntry: null };
    expect(read(encodeBlockEntry(first))).toEqual({ ok: true, value: first });
  });

  test.each<readonly [string, number, Cbor]>([
    ['another kind', 0, 4],
    ['a negative rule version', 2, -1],
    ['a negative height', 3, -1],
    ['a time that is null', 4, null],
    ['a first entry that is null', 5, null],
    ['no previous block', 6, null],
    ['a negative previous block', 6, -1],
    ['a status root of 31 bytes', 7, new Uint8Array(31)],
    ['signers that are null', 8, null],
    ['next signers of 33 bytes', 9, new Uint8Array(33)],
  ])('is refused with %s', (_, place, value) => {
    expect(parseBlockEntry(blockPlaces.with(place, value))).toEqual({ ok: false, code: 'malformed' });
  });

  test('is refused with a place more or less, and in block 0 with a previous one', () => {
    expect(parseBlockEntry([...blockPlaces, 0])).toEqual({ ok: false, code: 'malformed' });
    expect(parseBlockEntry(blockPlaces.slice(0, 9))).toEqual({ ok: false, code: 'malformed' });
    expect(parseBlockEntry(blockPlaces.with(3, 0))).toEqual({ ok: false, code: 'malformed' });
  });

  test('of other rules is refused as such before its shape is read', () => {
    expect(parseBlockEntry([0, 1, 2])).toEqual({ ok: false, code: 'unsupported_rule_version' });
    expect(parseBlockEntry([0, 2, 1])).toEqual({ ok: false, code: 'unsupported_rule_version' });
  });
});

describe('an identity', () => {
  const row = rowOf(makeSubjectCertificate());
  const payload = newIdentityPayload(1, [row]);
  const cells = (payload.get(2) as readonly (readonly Cbor[])[])[0] as readonly Cbor[];
  const withRow = (change: (cells: readonly Cbor[]) => Cbor) =>
    parseIdentity(new Map([...payload, [2, [change(cells)]]]));

  test('is read as it was written, its certificates sorted', () => {
    const rows = [3, 1, 2].map((fill) => ({ ...row, derHash: new Uint8Array(32).fill(fill) }));
    const identity = parseIdentity(newIdentityPayload(7, rows));
    expect(identity?.certificates.map(({ derHash }) => derHash[0])).toEqual([1, 2, 3]);
    expect(parseIdentity(payload)?.certificates).toEqual([row]);
  });

  test('may have times before 1970, an issuer and a first index', () => {
    const full = {
      ...row,
      notBefore: -5,
      issuerId: ID,
      issuerSerialHash: ID,
      since: 12,
      possession: 3,
      binding: 2,
    } as const;
    expect(parseIdentity(newIdentityPayload(1, [full]))?.certificates).toEqual([full]);
  });

  test.each<readonly [string, number, Cbor]>([
    ['a DER hash of 31 bytes', 0, new Uint8Array(31)],
    ['no TBS hash', 1, null],
    ['a key hash that is text', 2, 'x'],
    ['an issuer hash of 31 bytes', 3, new Uint8Array(31)],
    ['a begin that is null', 4, null],
    ['an end that is text', 5, 'x'],
    ['an issuer of 31 bytes', 6, new Uint8Array(31)],
    ['a negative first index', 7, -1],
    ['the reserved possession 2', 8, 2],
    ['possession 4', 8, 4],
    ['binding 3', 9, 3],
    ['no binding', 9, null],
  ])('is refused with %s', (_, cell, value) => {
    expect(withRow((c) => c.with(cell, value))).toBeUndefined();
  });

  test('is refused with a row of another length, one twice, and unsorted ones', () => {
    expect(withRow((c) => [...c, 0])).toBeUndefined();
    expect(withRow((c) => c.slice(1))).toBeUndefined();
    expect(withRow(() => 1)).toBeUndefined();
    expect(parseIdentity(new Map([...payload, [2, [cells, cells]]]))).toBeUndefined();
    expect(parseIdentity(new Map([...payload, [2, [cells, cells.with(0, new Uint8Array(32))]]]))).toBeUndefined();
  });

  test.each([0, 7, 8])('is refused when key %i is no number', (key) => {
    expect(parseIdentity(new Map<number, Cbor>([...payload, [key, 'x']]))).toBeUndefined();
  });

  test('is refused with a negative subject kind', () => {
    expect(parseIdentity(new Map<number, Cbor>([...payload, [0, -1]]))).toBeUndefined();
  });
});

describe("a member's keys", () => {
  const key = (
    fill: number,
    fromHeight: number,
    untilHeight: number | null,
    role: MemberKey['role'] = KEY_ROLES.cosigner,
  ): MemberKey => ({
    role,
    key: new Uint8Array(32).fill(fill),
    fromHeight,
    untilHeight,
  });
  const keys = [key(1, 0, 10), key(2, 10, null), key(3, 0, null, KEY_ROLES.log)];

  test('are read as they were written', () => {
    expect(parseMemberKeys(memberPayload({ name: 'm', scope: undefined, accountKeys: [ID], keys }))).toEqual(keys);
  });

  test.each<readonly [string, Cbor]>([
    ['no list', 1],
    ['a row of three', [[1, ID, 0]]],
    ['an unknown role', [[5, ID, 0, null]]],
    ['a key that is text', [[1, 'x', 0, null]]],
    ['a negative height', [[1, ID, -1, null]]],
    ['an end that is text', [[1, ID, 0, 'x']]],
  ])('are refused as %s', (_, rows) => {
    expect(parseMemberKeys(new Map([[17, rows]]))).toBeUndefined();
    expect(parseMemberKeys(new Map())).toBeUndefined();
  });

  test('hold from their first height to before their last', () => {
    expect([0, 9, 10, 11].map((height) => keyAt(keys, KEY_ROLES.cosigner, height)?.key[0])).toEqual([1, 1, 2, 2]);
    expect(keyAt(keys, KEY_ROLES.validator, 0)).toBeUndefined();
  });

  test('make the hash of the signers of a height, whatever the order of members', () => {
    const members = [
      { memberId: hashOf('b'), keys },
      { memberId: hashOf('a'), keys: [key(9, 0, null), key(8, 5, null, KEY_ROLES.mlDsaCosigner)] },
      { memberId: hashOf('c'), keys: [] },
    ];
    const hashAt = (height: number) => signersHash(members, height, ports.hasher);
    expect(hashAt(3)).toEqual(signersHash([...members].reverse(), 3, ports.hasher));
    expect(hashAt(3)).toEqual(hashAt(4));
    expect(hashAt(4)).not.toEqual(hashAt(5));
    expect(hashAt(9)).not.toEqual(hashAt(10));
  });
});
