/** Starts one Postgres cluster for a whole test run; tests make databases of their own in it. */
import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of a database in the cluster; null when Postgres is not installed. */
    readonly postgresUrl: string | null;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const cluster = await startPostgres();
  if (cluster === undefined) {
    if (process.env['CI'] === 'true') throw new Error('Postgres is not installed, and CI must test on it');
    console.warn('Postgres is not installed: its tests are skipped.');
  }
  project.provide('postgresUrl', cluster === undefined ? null : await cluster.createDatabase());
  return cluster && (() => cluster.stop());
}
