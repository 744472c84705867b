import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { toBase64, toHex } from '../../src/core/bytes.ts';
import { CODES } from '../../src/protocol/codes.ts';
import { fsck } from '../../src/store/fsck.ts';
import type { CrashOrder, CrashReport } from '../support/crash-child.ts';
import { ports } from '../support/crypto.ts';
import { describeOnDatabases, newDatabase, newFolder } from '../support/databases.ts';
import * as naive from '../support/naive-tree.ts';
import { type Point, TestNode } from '../support/node.ts';
import { Random } from '../support/random.ts';

const CHILD = fileURLToPath(new URL('../support/crash-child.ts', import.meta.url));
const POINTS: readonly Point[] = [
  'after prefetch',
  'between bulk rows',
  'before COMMIT',
  'after COMMIT',
  'after answer',
];
/** Each point twice in one history, at seeded blocks. */
const ROUNDS = 2;

function runChild(order: CrashOrder): Promise<CrashReport[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const reports = text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as CrashReport);
      const isExpected = signal === 'SIGKILL' || code === 0;
      if (isExpected) resolve(reports);
      else reject(new Error(`the child ended with ${code}: ${text.slice(-500)}`));
    });
  });
}

describeOnDatabases('a node that is killed', (kind) => {
  it('loses nothing acknowledged, and never signs a smaller or another checkpoint', async () => {
    const seed = kind === 'pglite' ? 11 : 12;
    const random = new Random(seed);
    const place = await newDatabase(kind);
    const folder = newFolder();
    const hits = new Map<Point, number>();
    const reports: CrashReport[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (const point of POINTS) {
        const run = await runChild({ place, folder, seed: seed + round, crash: { point, nth: 1 + random.below(2) } });
        if (run.at(-1)?.kind === 'crash') hits.set(point, (hits.get(point) ?? 0) + 1);
        reports.push(...run.map((line) => shifted(line, round)));
      }
      reports.push(...(await runChild({ place, folder, seed: seed + round })).map((line) => shifted(line, round)));
    }
    for (const point of POINTS) expect(hits.get(point) ?? 0, `crashes ${point}`).toBeGreaterThan(0);

    const node = await TestNode.open({ place, folder });
    const { size, root } = node.sequencer.published().checkpoint;
    const entries = await node.store.entryRange(0, size);
    expect(toHex(naive.root(entries.map(naive.leafHash)))).toBe(toHex(root));
    expect((await fsck(node.database, ports)).findings).toEqual([]);
    checkAcknowledged(reports);
    checkSigned(reports, entries);
    expect(reports.some((line, i) => isAnsweredButUnsigned(line, reports[i - 1], reports[i - 2]))).toBe(true);
    await node.close();
  });
});

/** Transactions of different rounds are different ones. */
const shifted = (line: CrashReport, round: number): CrashReport =>
  line.kind === 'acknowledged' ? { ...line, transaction: 1000 * round + line.transaction } : line;

/** Whenever a transaction was answered, it had the same answer: what was acknowledged once is there for good. */
function checkAcknowledged(reports: readonly CrashReport[]): void {
  const answers = new Map<number, string>();
  for (const line of reports) {
    if (line.kind !== 'acknowledged') continue;
    // The submitter exists in the second round: its second transaction is a new one that is refused.
    expect([CODES.accepted, CODES.record_exists]).toContain(line.code);
    const answer = JSON.stringify([line.code, line.indexes]);
    expect(answers.get(line.transaction) ?? answer, `transaction ${line.transaction}`).toBe(answer);
    answers.set(line.transaction, answer);
  }
}

/** Every signature is over the root of its size, and sizes never go back. */
function checkSigned(reports: readonly CrashReport[], entries: readonly Uint8Array[]): void {
  let last = 0;
  for (const line of reports) {
    if (line.kind !== 'signed') continue;
    const [size, root] = line.text.split('\n').slice(-3);
    expect(Number(size)).toBeGreaterThanOrEqual(last);
    last = Number(size);
    expect(root).toBe(toBase64(naive.root(entries.slice(0, last).map(naive.leafHash))));
  }
  expect(last).toBe(entries.length);
}

const isAnsweredButUnsigned = (line: CrashReport, before?: CrashReport, beforeThat?: CrashReport): boolean =>
  line.kind === 'crash' &&
  line.point === 'after answer' &&
  [before, beforeThat].some((other) => other?.kind === 'acknowledged');
