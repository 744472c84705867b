/**
 * The tables. All but `transactions` and `certificate_ders` are a materialized view of the log: `rebuild` derives them from
 * `entries` alone.
 */
import { sql } from 'drizzle-orm';
import { bigint, customType, index, integer, pgTable, primaryKey, smallint, uniqueIndex } from 'drizzle-orm/pg-core';

/** Either driver gives a Uint8Array or a Buffer, which is one. */
const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });

const index64 = (name: string) => bigint(name, { mode: 'number' });

/** The log: every entry as its exact bytes. */
export const entries = pgTable('entries', {
  index: index64('index').primaryKey(),
  bytes: bytea('bytes').notNull(),
});

/** The current version of every record. */
export const records = pgTable('records', {
  recordId: bytea('record_id').primaryKey(),
  kind: smallint('kind').notNull(),
  entryIndex: index64('entry_index').notNull(),
  version: integer('version').notNull(),
  state: smallint('state').notNull(),
});

/** Every certificate that any version of any identity held: none is admitted twice. */
export const certificates = pgTable(
  'certificates',
  {
    derHash: bytea('der_hash').primaryKey(),
    tbsHash: bytea('tbs_hash').notNull(),
    spkiHash: bytea('spki_hash').notNull(),
    recordId: bytea('record_id').notNull(),
    /** Of the entry that first held it. */
    entryIndex: index64('entry_index').notNull(),
  },
  (table) => [
    uniqueIndex('certificates_tbs_spki').on(table.tbsHash, table.spkiHash),
    index('certificates_record').on(table.recordId),
  ],
);

/** The side store: certificates by hash. Consensus never reads it. */
export const certificateDers = pgTable('certificate_ders', {
  derHash: bytea('der_hash').primaryKey(),
  der: bytea('der').notNull(),
});

/** Tiles of the log, the rightmost ones partial. */
export const tiles = pgTable(
  'tiles',
  {
    tileLevel: smallint('tile_level').notNull(),
    tileIndex: index64('tile_index').notNull(),
    hashes: bytea('hashes').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tileLevel, table.tileIndex] })],
);

/** The leaves of the status tree. */
export const statusWords = pgTable('status_words', {
  wordIndex: index64('word_index').primaryKey(),
  word: bytea('word').notNull(),
});

export const blocks = pgTable('blocks', {
  height: index64('height').primaryKey(),
  /** Seconds since 1970. */
  time: index64('time').notNull(),
  /** Of the block entry: the log's size after the block is one more. */
  entryIndex: index64('entry_index').notNull(),
  root: bytea('root').notNull(),
});

/** Signed transactions of blocks that appended, as sent, with their results. */
export const transactions = pgTable(
  'transactions',
  {
    id: bytea('id').primaryKey(),
    height: index64('height').notNull(),
    position: integer('position').notNull(),
    bytes: bytea('bytes').notNull(),
    code: integer('code').notNull(),
    data: bytea('data').notNull(),
  },
  (table) => [uniqueIndex('transactions_height_position').on(table.height, table.position)],
);

/** One row: the genesis document that this database belongs to. */
export const genesis = pgTable('genesis', {
  id: smallint('id').primaryKey().default(sql`1`),
  document: bytea('document').notNull(),
});
