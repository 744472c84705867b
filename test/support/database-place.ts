/** Where a database is, apart from any test framework: child processes open the same one. */
import { type Database, openPglite, openPostgres } from '../../src/store/database.ts';

export const KINDS = ['pglite', 'postgres'] as const;
export type Kind = (typeof KINDS)[number];

/** A PGlite folder or a Postgres URL. */
export interface DatabasePlace {
  readonly kind: Kind;
  readonly at: string;
}

export const openDatabase = ({ kind, at }: DatabasePlace): Promise<Database> =>
  kind === 'pglite' ? openPglite(at) : openPostgres(at);
