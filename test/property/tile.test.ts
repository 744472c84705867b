import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat } from '../../src/core/bytes.ts';
import {
  encodeEntryBundle,
  formatTileIndex,
  nodeFromTile,
  parseTilePath,
  tileOfNode,
  tileWidth,
} from '../../src/tlog/tile.ts';
import type { Hash } from '../../src/tlog/tree.ts';
import { ports } from '../support/crypto.ts';
import * as naive from '../support/naive-tree.ts';
import { Random } from '../support/random.ts';

describe('tile paths', () => {
  test('parse to the tile that they were written for', () => {
    const tile = fc.record({ tileLevel: fc.nat(63), index: fc.maxSafeNat(), width: fc.integer({ min: 1, max: 256 }) });
    fc.assert(
      fc.property(tile, fc.boolean(), ({ tileLevel, index, width }, isEntries) => {
        const partial = width === 256 ? '' : `.p/${width}`;
        const path = `${isEntries ? 'entries' : tileLevel}/${formatTileIndex(index)}${partial}`;
        const expected = { kind: isEntries ? 'entries' : 'tile', tileLevel: isEntries ? 0 : tileLevel, index, width };
        expect(parseTilePath(path)).toEqual(expected);
      }),
    );
  });

  test.each([
    [0, '000'],
    [67, '067'],
    [999, '999'],
    [1000, 'x001/000'],
    [1_234_067, 'x001/x234/067'],
    [1_000_000, 'x001/x000/000'],
    [Number.MAX_SAFE_INTEGER, 'x009/x007/x199/x254/x740/991'],
  ])('of index %i end in %s', (index, path) => {
    expect(formatTileIndex(index)).toBe(path);
  });

  test.each([
    '',
    '0',
    '0/',
    '/000',
    '0/0',
    '0/00',
    '0/0000',
    '00/000',
    '01/000',
    '64/000',
    '100/000',
    '-1/000',
    '0/x000/000',
    '0/x000/x001/000',
    '0/001/000',
    '0/x001',
    '0/x01/000',
    '0/X001/000',
    '0/x009/x007/x199/x254/x740/992',
    '0/x999/x999/x999/x999/x999/x999/999',
    '0/000.p/0',
    '0/000.p/256',
    '0/000.p/257',
    '0/000.p/01',
    '0/000.p/1000',
    '0/000.p/',
    '0/000.p',
    '0/000.p/1/',
    '0/000/',
    ' 0/000',
    '0/000\n',
    '0/000?x',
    '../0/000',
    'entries',
    'entries/',
    'Entries/000',
    'entries/0/000',
    'data/000',
    '٠/000',
  ])('refuse %j', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });
});

describe('tiles', () => {
  test.each([
    [0, 0, 0, 0],
    [0, 0, 1, 1],
    [0, 0, 255, 255],
    [0, 0, 256, 256],
    [0, 0, 300, 256],
    [0, 1, 256, 0],
    [0, 1, 300, 44],
    [1, 0, 255, 0],
    [1, 0, 511, 1],
    [1, 0, 65_536, 256],
    [1, 1, 65_536 + 256, 1],
    [2, 0, 65_536, 1],
    [6, 0, 2 ** 48, 1],
    [7, 0, 2 ** 52, 0],
  ])('level %i index %i of a tree of %i has %i hashes', (tileLevel, index, size, width) => {
    expect(tileWidth({ tileLevel, index }, size)).toBe(width);
  });

  test('hold every complete node below them, and no incomplete one', () => {
    const random = new Random('tile');
    const leaves = Array.from({ length: 300 }, () => random.bytes(32));
    const tiles = [leaves.slice(0, 256), leaves.slice(256)].map((hashes) => concat(...hashes));
    for (let level = 0; level < 8; level++) {
      for (let index = 0; index * 2 ** level < 320; index++) {
        const coordinate = { level, index };
        const { tileLevel, index: tileIndex } = tileOfNode(coordinate);
        expect(tileLevel).toBe(0);
        const inLeaves: Hash[] = leaves.slice(index * 2 ** level, (index + 1) * 2 ** level);
        const expected = inLeaves.length === 2 ** level ? naive.root(inLeaves) : undefined;
        expect(nodeFromTile(coordinate, tiles[tileIndex] ?? new Uint8Array(0), ports.tree)).toEqual(expected);
      }
    }
  });

  test('of the upper levels are found from a node as from its subtree', () => {
    expect(tileOfNode({ level: 8, index: 255 })).toEqual({ tileLevel: 1, index: 0 });
    expect(tileOfNode({ level: 8, index: 256 })).toEqual({ tileLevel: 1, index: 1 });
    expect(tileOfNode({ level: 15, index: 1 })).toEqual({ tileLevel: 1, index: 0 });
    expect(tileOfNode({ level: 15, index: 2 })).toEqual({ tileLevel: 1, index: 1 });
    expect(tileOfNode({ level: 16, index: 300 })).toEqual({ tileLevel: 2, index: 1 });
  });

  test('of entries carry each length in two octets', () => {
    const entries = [48, 255, 256, 65_535].map((length) => new Random(`entry ${length}`).bytes(length));
    const bundle = encodeEntryBundle(entries);
    const read: Uint8Array[] = [];
    for (let at = 0; at < bundle.length; ) {
      const length = ((bundle[at] as number) << 8) | (bundle[at + 1] as number);
      read.push(bundle.slice(at + 2, at + 2 + length));
      at += 2 + length;
    }
    expect(read).toEqual(entries);
  });
});
