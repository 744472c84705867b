import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { judgeProof } from '../harness/proof.ts';
import { buildGo, isGoMissing } from '../support/go.ts';
import { Random } from '../support/random.ts';
import { randomProof } from '../support/random-scenes.ts';
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

  /**
   * Every entry is signed as it stands here, so that only its content decides. Where the SDK reads places that the verifier in Go
   * leaves alone (names, reasons), it may call malformed what Go accepts; never may it accept what Go refuses.
   */
  test.each(['one', 'two', 'three'])('reads mutated entries as the SDK does: seed %s', (seed) => {
    const random = new Random(`interop ${seed}`);
    const vectors = Array.from({ length: 400 }, (_, i) => randomProof(random, `${seed} ${i}`));
    const verdicts = judgeAll(vectors);
    const disagreements = vectors.flatMap((vector, i) => {
      const [inGo, inSdk] = [verdicts[i] as string, judgeProof(vector)];
      const isAlike = (inGo === 'ok') === (inSdk === 'ok') || inSdk === 'error malformed';
      return isAlike ? [] : [`${vector.name}: ${inGo} in Go, ${inSdk} in the SDK`];
    });
    expect(disagreements).toEqual([]);
  });
});
