/** The databases that a test runs on: each test gets an empty one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { describe, inject } from 'vitest';
import { type DatabasePlace, KINDS, type Kind } from './database-place.ts';

/** A block of tests for each database; Postgres is skipped where it is not installed. */
export function describeOnDatabases(name: string, tests: (kind: Kind) => void): void {
  for (const kind of KINDS) {
    const isMissing = kind === 'postgres' && inject('postgresUrl') === null;
    describe.skipIf(isMissing)(`${name} on ${kind}`, () => tests(kind));
  }
}

let count = 0;

export async function newDatabase(kind: Kind): Promise<DatabasePlace> {
  if (kind === 'pglite') return { kind, at: join(newFolder(), 'pglite') };
  const base = inject('postgresUrl');
  if (base === null) throw new Error('Postgres is not installed');
  count += 1;
  const name = `test_${process.pid}_${count}_${Date.now()}`;
  const sql = postgres(base, { max: 1, onnotice: () => {} });
  await sql.unsafe(`create database ${name}`);
  await sql.end();
  return { kind, at: new URL(`/${name}`, base).href };
}

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder, removed when the process ends. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'entente-test-'));
  folders.push(folder);
  return folder;
}
