import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeProof } from '../harness/proof.ts';
import type { Vector } from '../support/scene.ts';
import { loadMutations, loadProofVectors } from '../support/vectors.ts';

const MODULE = fileURLToPath(new URL('../interop', import.meta.url));
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

const hasGo = spawnSync('go', ['version']).status === 0;
const isRequired = process.env['CI'] === 'true';
if (!hasGo && !isRequired) console.warn('skipped: the Go toolchain is missing, so the verifier in Go was not asked');

/** The verifier in Go shares no code with the SDK: what both accept or refuse is what the protocol says. */
describe.skipIf(!hasGo && !isRequired)('the verifier in Go', () => {
  const folder = mkdtempSync(join(tmpdir(), 'entente-verify-'));
  const binary = join(folder, 'verify');

  beforeAll(() => {
    const build = spawnSync('go', ['build', '-o', binary, './cmd/verify'], { cwd: MODULE, encoding: 'utf8' });
    if (build.status !== 0) throw new Error(`go build: ${build.error?.message ?? build.stderr}`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

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
