import { describe, expect, test } from 'vitest';
import { type Cbor, decode, encode, isMap } from '../../../src/core/cbor.ts';
import { applyGenesis } from '../../../src/ledger/apply-block.ts';
import { decodeGenesis, encodeGenesis, networkPayload, parseNetwork } from '../../../src/protocol/genesis.ts';
import { hashOf, ports } from '../../support/crypto.ts';
import { makeGenesis } from '../../support/ledger.ts';
import { makeMembers, NETWORK_ID, ORIGIN } from '../../support/members.ts';
import * as naive from '../../support/naive-tree.ts';
import { flipped } from '../../support/random.ts';

const { hasher } = ports;
const genesis = makeGenesis(makeMembers(3));
const bytes = encodeGenesis(genesis);
const document = decode(bytes) as ReadonlyMap<number, Cbor>;
const rows = document.get(3) as readonly (readonly Cbor[])[];
const read = (changed: ReadonlyMap<number, Cbor>) => decodeGenesis(encode(changed), ports);
const withRows = (changed: readonly Cbor[]) => read(new Map([...document, [3, changed]]));
const withPayload = (row: number, key: number, value: Cbor | undefined) => {
  const [kind, id, payload] = rows[row] as readonly [number, Uint8Array, ReadonlyMap<number, Cbor>];
  const changed = new Map(payload);
  if (value === undefined) changed.delete(key);
  else changed.set(key, value);
  return withRows(rows.with(row, [kind, id, changed]));
};

describe('a genesis document', () => {
  test('is read as it was written', () => {
    expect(decodeGenesis(bytes, ports)).toEqual(genesis);
    expect(isMap(document)).toBe(true);
  });

  test('gives the network record index 0, then members, then the block entry of height 0', () => {
    const { append, state } = applyGenesis(genesis, ports);
    expect(append.entries.map(({ index, record }) => [index, record.kind])).toEqual([
      [0, 6],
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    expect(append.blockEntry.index).toBe(4);
    expect(state).toMatchObject({ height: 0, lastBlockEntry: 4, time: genesis.time });
    const leaves = [...append.entries.map((entry) => entry.bytes), append.blockEntry.bytes].map(naive.leafHash);
    expect(state.root).toEqual(naive.root(leaves));
    expect(state.status.root()).toEqual(naive.statusRoot(5, []));
  });

  test.each<readonly [string, ReadonlyMap<number, Cbor> | readonly Cbor[]]>([
    ['no map', []],
    ['an unknown key', new Map([...document, [4, 1]])],
    ['no time', new Map([...document].filter(([key]) => key !== 2))],
    ['a negative time', new Map([...document, [2, -1]])],
    ['a network id of 31 bytes', new Map([...document, [0, new Uint8Array(31)]])],
    ['another network id than its record', new Map([...document, [0, hashOf('other')]])],
    ['another origin than its record', new Map([...document, [1, 'ledger.example/other']])],
    ['an origin with a space', new Map([...document, [1, 'ledger example']])],
    ['records that are no list', new Map([...document, [3, 1]])],
  ])('is refused with %s', (_, changed) => {
    expect(decodeGenesis(encode(changed), ports)).toBeUndefined();
  });

  test.each<readonly [string, readonly Cbor[]]>([
    ['no record', []],
    ['no member', rows.slice(0, 1)],
    ['no network record', rows.slice(1)],
    ['the network record in another place', [...rows.slice(1), rows[0] as Cbor]],
    ['two network records', [rows[0] as Cbor, ...rows]],
    ['members in descending order', [rows[0] as Cbor, ...rows.slice(1).reverse()]],
    ['a member twice', [...rows.slice(0, 2), ...rows.slice(1)]],
    ['a record of two places', rows.with(1, (rows[1] as readonly Cbor[]).slice(0, 2))],
    ['a record of another kind', rows.with(1, (rows[1] as readonly Cbor[]).with(0, 3))],
    ['a member under another id', rows.with(1, (rows[1] as readonly Cbor[]).with(1, new Uint8Array(32)))],
    ['a network record under another id', rows.with(0, (rows[0] as readonly Cbor[]).with(1, new Uint8Array(32)))],
    ['a payload that is no map', rows.with(1, (rows[1] as readonly Cbor[]).with(2, 1))],
  ])('is refused with %s', (_, changed) => {
    expect(withRows(changed)).toBeUndefined();
  });

  test('is refused with a member that lacks a name, an account key or its keys', () => {
    for (const key of [0, 16, 17]) expect(withPayload(1, key, undefined)).toBeUndefined();
    expect(withPayload(1, 16, [])).toBeUndefined();
    expect(withPayload(1, 16, [new Uint8Array(44)])).toBeUndefined();
    expect(withPayload(0, 1, undefined)).toBeUndefined();
    expect(withPayload(0, 2, 'x')).toBeUndefined();
  });

  test('is refused with a key of another kind than its role, with torsion, or in two places', () => {
    const keysOf = (row: number) =>
      ((rows[row] as readonly Cbor[])[2] as ReadonlyMap<number, Cbor>).get(17) as readonly (readonly Cbor[])[];
    const withKey = (key: Cbor) =>
      withPayload(1, 17, keysOf(1).with(2, (keysOf(1)[2] as readonly Cbor[]).with(1, key)));
    const neutral = Uint8Array.of(1, ...new Uint8Array(31));
    expect(withKey((keysOf(1)[2] as readonly Cbor[])[1] as Cbor)).toBeDefined();
    for (const key of [new Uint8Array(31), new Uint8Array(32), neutral]) expect(withKey(key)).toBeUndefined();
    expect(withKey((keysOf(1)[0] as readonly Cbor[])[1] as Cbor)).toBeUndefined();
    expect(withKey((keysOf(2)[2] as readonly Cbor[])[1] as Cbor)).toBeUndefined();
  });

  test('has another hash, or is refused, with any byte flipped', () => {
    for (let at = 0; at < bytes.length; at++) {
      const changed = flipped(bytes, at, at % 8);
      expect(hasher.sha256(changed)).not.toEqual(hasher.sha256(bytes));
      const parsed = decodeGenesis(changed, ports);
      if (parsed !== undefined) expect(encodeGenesis(parsed)).toEqual(changed);
    }
  });
});

test('a network record says its id, origin and epoch', () => {
  const payload = networkPayload({ networkId: NETWORK_ID, origin: ORIGIN, epoch: 3, name: 'n' });
  expect(parseNetwork(payload)).toMatchObject({ networkId: NETWORK_ID, origin: ORIGIN, epoch: 3 });
});
