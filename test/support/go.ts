/** Programs of test/interop, built with Go where it is installed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULE = fileURLToPath(new URL('../interop', import.meta.url));

const hasGo = spawnSync('go', ['version']).status === 0;
const isRequired = process.env['CI'] === 'true';

/** True where tests that need Go are left out; says so once a file. With CI=true they fail instead. */
export const isGoMissing = !hasGo && !isRequired;
if (isGoMissing) console.warn('Go is not installed: what it would check of our work is skipped.');

/** Builds a program and returns its path; it is removed when the process ends. */
export function buildGo(program: 'verify' | 'logcheck' | 'readcert'): string {
  const folder = mkdtempSync(join(tmpdir(), 'entente-go-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const binary = join(folder, program);
  const build = spawnSync('go', ['build', '-o', binary, `./cmd/${program}`], { cwd: MODULE, encoding: 'utf8' });
  if (build.status !== 0) throw new Error(`go build: ${build.error?.message ?? build.stderr}`);
  return binary;
}
