import { describe, expect, test } from 'vitest';
import { toBase64 } from '../../../src/core/bytes.ts';
import { judgeMerkle, type MerkleCase } from '../../harness/merkle.ts';
import { flipped } from '../../support/random.ts';
import { bytesOf, golden } from '../golden/golden.ts';

const { leaves, roots, inclusion, consistency } = golden.trees;
const base64 = (hex: string | undefined): string => toBase64(bytesOf(hex ?? ''));

const inclusionCase = ([leafIdx, treeSize, path]: (typeof inclusion)[number]) =>
  ({
    kind: 'inclusion',
    leafIdx,
    treeSize,
    root: base64(roots[treeSize]),
    leafHash: base64(leaves[leafIdx]),
    proof: path.map(base64),
  }) satisfies MerkleCase;
const consistencyCase = ([size1, size2, path]: (typeof consistency)[number]) =>
  ({
    kind: 'consistency',
    size1,
    size2,
    root1: base64(roots[size1]),
    root2: base64(roots[size2]),
    proof: path.length === 0 ? null : path.map(base64),
  }) satisfies MerkleCase;

describe('the Merkle harness', () => {
  test('accepts every proof of the golden trees', () => {
    for (const proof of inclusion) expect(judgeMerkle(inclusionCase(proof))).toBe('ok');
    for (const proof of consistency) expect(judgeMerkle(consistencyCase(proof))).toBe('ok');
  });

  test('names why it refuses', () => {
    const sound = inclusionCase(inclusion.at(-1) as (typeof inclusion)[number]);
    const { proof: _, ...withoutProof } = sound;
    const cases: readonly [MerkleCase, string][] = [
      [{ ...sound, treeSize: 2 ** 63 }, 'size_out_of_range'],
      [{ ...sound, leafIdx: 2 ** 63 }, 'index_out_of_range'],
      [{ ...sound, leafIdx: sound.treeSize }, 'index_out_of_range'],
      [{ ...sound, leafHash: 'AAAA' }, 'hash_length'],
      [{ ...sound, proof: [...sound.proof, 'AAAA'] }, 'hash_length'],
      [{ ...sound, root: 'AAAA' }, 'root_mismatch'],
      [withoutProof, 'path_length'],
      [{ ...sound, proof: null }, 'path_length'],
      [{ ...sound, root: toBase64(flipped(bytesOf(roots[13] as string), 0)) }, 'root_mismatch'],
    ];
    for (const [test, code] of cases) expect(judgeMerkle(test)).toBe(`error ${code}`);
    expect(judgeMerkle({ ...sound, kind: 'other' } as unknown as MerkleCase)).toBe('error malformed');
  });
});
