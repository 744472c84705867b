import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { newFolder } from '../support/databases.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** What an operator sees: the exit code and one sentence, never a stack. */
function entente(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
  expect(stderr).not.toMatch(/^ {4}at /m);
  return { status, output: stdout + stderr };
}

it('a node that cannot run says why in a sentence', () => {
  const data = join(newFolder(), 'node');
  expect(entente('start', '--data', data)).toMatchObject({
    status: 2,
    output: expect.stringContaining('entente init'),
  });
  expect(entente('init', '--data', data).status).toBe(0);
  expect(entente('init', '--data', data)).toMatchObject({
    status: 2,
    output: expect.stringContaining('holds a ledger already'),
  });
  expect(entente('fsck', '--data', data)).toMatchObject({
    status: 2,
    output: expect.stringContaining('holds no ledger'),
  });
  expect(entente('rebuild', '--data', data)).toMatchObject({
    status: 2,
    output: expect.stringContaining('holds no ledger'),
  });
  const unreachable = entente('start', '--data', data, '--database', 'postgres://127.0.0.1:1/nowhere');
  expect(unreachable).toMatchObject({ status: 2, output: expect.stringContaining('ECONNREFUSED') });
  expect(entente('fsck', '--data', data, '--database', 'mysql://nowhere')).toMatchObject({
    status: 2,
    output: expect.stringContaining('not a Postgres URL'),
  });
  rmSync(join(data, 'high-water'));
  expect(entente('start', '--data', data, '--port', '0')).toMatchObject({
    status: 2,
    output: expect.stringContaining('high-water is missing'),
  });
});
