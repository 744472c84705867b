import { describe, expect, test } from 'vitest';
import { judgeProof } from '../../harness/proof.ts';
import { loadProofVectors } from '../../support/vectors.ts';

describe('proofs of an independent implementation', () => {
  const vectors = loadProofVectors();

  test.each(vectors.map((vector, i) => [i, vector.name, vector] as const))('%i: %s', (_, __, vector) => {
    const verdict = judgeProof(vector);
    if (vector.expect === 'ok') expect(verdict).toBe('ok');
    // Where several steps refuse, which one comes first is no part of the protocol.
    else if (vector.alone) expect(verdict).toBe(`error ${vector.expect}`);
    else expect(verdict).toMatch(/^error /);
  });
});
