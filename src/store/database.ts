/** The two databases: Postgres, and PGlite embedded. One schema, one SQL. */
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { DrizzleQueryError, type SQL, sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import { drizzle as drizzlePostgres } from 'drizzle-orm/postgres-js';
import { migrate as migratePostgres } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import * as schema from './schema.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/** The block writer uses one; the others are for readers, which wait rather than open more. */
const CONNECTIONS_MAX = 8;
/** A database that does not answer in this time is gone for a caller who waits. */
const CONNECT_TIMEOUT_SECONDS = 10;
/** A statement of the block writer takes milliseconds; one that takes a minute is stuck. */
const STATEMENT_TIMEOUT_MS = 60_000;

type Drizzle = PgDatabase<PgQueryResultHKT, typeof schema>;
export type Row = Readonly<Record<string, unknown>>;

/** The database cannot be reached or used. The message says why; the statement that met it is no help to an operator. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

/** Names the cause of what a driver threw. */
function explained(error: unknown): DatabaseError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason =
    cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause);
  return new DatabaseError(`the database failed: ${reason}`, { cause: error });
}

/** Explains what a driver throws; what the work itself throws passes. */
async function explaining<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isDriverError(error) ? explained(error) : error;
  }
}

const isDriverError = (error: unknown): boolean =>
  error instanceof DrizzleQueryError || typeof (error as { code?: unknown } | undefined)?.code === 'string';

/** Runs statements, alone or inside a transaction. */
export interface Statements {
  readonly drizzle: Drizzle;
  execute(statement: SQL): Promise<readonly Row[]>;
}

export interface Database extends Statements {
  readonly kind: 'postgres' | 'pglite';
  /** All or nothing: an exception rolls back. */
  transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens PGlite in a folder and migrates it. It survives the end of the process, not the loss of power: it does not fsync. */
export async function openPglite(folder: string): Promise<Database> {
  const client = await PGlite.create(folder);
  const drizzle = drizzlePglite(client, { schema });
  await migratePglite(drizzle, { migrationsFolder: MIGRATIONS });
  const rowsOf = (result: unknown): readonly Row[] => (result as { rows: readonly Row[] }).rows;
  return createDatabase('pglite', drizzle, rowsOf, () => client.close());
}

/** Connects to Postgres and migrates it. @throws DatabaseError */
export async function openPostgres(url: string): Promise<Database> {
  if (!/^postgres(ql)?:\/\//.test(url)) throw new DatabaseError(`not a Postgres URL: ${url.split('@').at(-1)}`);
  const client = postgres(url, {
    max: CONNECTIONS_MAX,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    onnotice: () => {},
    // 64-bit integers stay below 2^53 in every table.
    types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
    connection: { statement_timeout: STATEMENT_TIMEOUT_MS, application_name: 'entente' },
  });
  const drizzle = drizzlePostgres(client, { schema });
  await explaining(() => migratePostgres(drizzle, { migrationsFolder: MIGRATIONS }));
  const rowsOf = (result: unknown): readonly Row[] => result as readonly Row[];
  return createDatabase('postgres', drizzle, rowsOf, () => client.end({ timeout: CONNECT_TIMEOUT_SECONDS }));
}

function createDatabase(
  kind: Database['kind'],
  drizzle: Drizzle,
  rowsOf: (result: unknown) => readonly Row[],
  close: () => Promise<void>,
): Database {
  const statements = (on: Drizzle): Statements => ({
    drizzle: on,
    execute: async (statement) => rowsOf(await on.execute(statement)),
  });
  return {
    ...statements(drizzle),
    kind,
    transaction: (work) => explaining(() => drizzle.transaction((inner) => work(statements(inner)))),
    close,
  };
}

/**
 * A list as one array parameter: bulk statements take one parameter a column, however many rows there are. Sent as the text of a
 * Postgres array, because the two drivers disagree about arrays of bytea.
 */
export function array(
  values: readonly (Uint8Array | number)[],
  type: 'bytea' | 'bigint' | 'integer' | 'smallint',
): SQL {
  return sql`${`{${values.map(elementText).join()}}`}::text::${sql.raw(type)}[]`;
}

const elementText = (value: Uint8Array | number): string =>
  typeof value === 'number'
    ? String(value)
    : `"\\\\x${Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex')}"`;
