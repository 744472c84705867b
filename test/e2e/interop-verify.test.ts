import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { judgeProof } from '../harness/proof.ts';
import { buildGo, isGoMissing } from '../support/go.ts';
import type { Vector } from '../support/scene.ts';
import { loadMutations, loadProofVectors } from '../support/vectors.ts';

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** The verifier in Go shares no code with the SDK: what both accept or refuse is what the protocol says. */
describe.skipIf(isGoMissing)('the verifier in Go', () => {
  let binary: string;
  beforeAll(() => {
    binary = buildGo('verify');
  });

  const judgeAll = (vectors: readonly Vector[]): string[] => {
    const input = vectors.map((vector) => JSON.stringify(vector)).join('\n');
    const run = spawnSync(binary, { input: `${input}\n`, encoding: 'utf8', maxBuffer: OUTPUT_BYTES_MAX });
    if (run.status !== 0) throw new Error(`verify: ${run.error?.message ?? run.stderr}`);
    return run.stdout.trimEnd().split('\n');
  };

  test.each([
    ['the proofs of an independent implementation', loadProofVectors],
    ['the mutations', loadMutations],
  ] as const)('agrees with the SDK on %s', (_, load) => {
    const vectors = load();
    const verdicts = judgeAll(vectors);
    expect(verdicts).toHaveLength(vectors.length);
    const disagreements = vectors.flatMap((vector, i) => {
      const [inGo, inSdk] = [verdicts[i] as string, judgeProof(vector)];
      return (inGo === 'ok') === (inSdk === 'ok') ? [] : [`${vector.name}: ${inGo} in Go, ${inSdk} in the SDK`];
    });
    expect(disagreements).toEqual([]);
  });
});
