import { describe, expect, test } from 'vitest';
import { portableCrypto } from '../../../src/runtime/crypto.ts';
import { createTreeHasher } from '../../../src/tlog/tree.ts';
import { ports } from '../../support/crypto.ts';
import * as naive from '../../support/naive-tree.ts';
import { Random } from '../../support/random.ts';

describe.each([
  ['of the platform', ports.hasher],
  ['in plain JavaScript', portableCrypto.hasher],
])('a tree hasher %s', (_, hasher) => {
  test('hashes leaves of every length, short ones after long ones too', () => {
    const tree = createTreeHasher(hasher);
    const random = new Random('leaves');
    for (const length of [0, 1, 650, 2047, 2048, 2049, 4097, 10, 65_535, 0, 2048]) {
      const data = random.bytes(length);
      expect(tree.leaf(data)).toEqual(naive.leafHash(data));
    }
  });

  test('leaves earlier hashes and their leaves as they were', () => {
    const tree = createTreeHasher(hasher);
    const data = new Random('leaf').bytes(100);
    const copy = data.slice();
    const hash = tree.leaf(data);
    const node = tree.node(hash, hash);
    tree.leaf(new Uint8Array(200).fill(7));
    tree.node(node, hash);
    expect(data).toEqual(copy);
    expect(hash).toEqual(naive.leafHash(copy));
    expect(node).toEqual(naive.nodeHash(hash, hash));
  });
});
