/** Writes a block in one SQL transaction, a bulk statement a table. */
import { type SQL, sql } from 'drizzle-orm';
import { toHex } from '../core/bytes.ts';
import type { BlockAppend } from '../ledger/apply-block.ts';
import type { CertificateDer, NewCertificate, NewEntry } from '../ledger/draft.ts';
import type { CommittedBlock } from '../service/ports.ts';
import { array, type Database, type Statements } from './database.ts';
import { tileRows } from './tile-rows.ts';

/** Named moments at which a test may end the process. */
export type CommitPoint = 'between bulk rows' | 'before COMMIT';
export type CommitObserver = (point: CommitPoint) => void;

export async function writeBlock(database: Database, block: CommittedBlock, observe: CommitObserver): Promise<void> {
  await database.transaction(async (statements) => {
    await writeAppend(statements, block.append, observe);
    await run(statements, insertTransactions(block));
    observe('before COMMIT');
  });
}

export async function writeAppend(statements: Statements, append: BlockAppend, observe: CommitObserver): Promise<void> {
  await run(statements, insertEntries(append));
  observe('between bulk rows');
  await run(statements, insertCertificateDers(append.ders));
  await writeViews(statements, append);
}

/** The tables that the log itself determines: `rebuild` writes the same rows from entries alone. */
export async function writeViews(statements: Statements, append: BlockAppend): Promise<void> {
  await run(statements, upsertRecords(append.entries));
  await run(statements, insertCertificates(append.certificates));
  await run(statements, extendTiles(append));
  await run(statements, upsertStatusWords(append));
  await run(statements, insertBlock(append));
}

async function run(statements: Statements, statement: SQL | null): Promise<void> {
  if (statement !== null) await statements.execute(statement);
}

function insertEntries({ entries, blockEntry }: BlockAppend): SQL {
  const all = [...entries, blockEntry];
  return sql`insert into entries (index, bytes) select * from unnest(
    ${array(column(all, 'index'), 'bigint')}, ${array(column(all, 'bytes'), 'bytea')})`;
}

/** The last version of a record in the block is the current one. */
function upsertRecords(entries: readonly NewEntry[]): SQL | null {
  const latest = [...new Map(entries.map((entry) => [toHex(entry.record.recordId), entry])).values()];
  const versions = latest.map(({ record }) => record);
  return sql`insert into records (record_id, kind, entry_index, version, state) select * from unnest(
    ${array(column(versions, 'recordId'), 'bytea')}, ${array(column(versions, 'kind'), 'smallint')},
    ${array(column(latest, 'index'), 'bigint')}, ${array(column(versions, 'version'), 'integer')},
    ${array(column(versions, 'state'), 'smallint')})
    on conflict (record_id) do update set
    entry_index = excluded.entry_index, version = excluded.version, state = excluded.state`;
}

function insertCertificates(certificates: readonly NewCertificate[]): SQL | null {
  if (certificates.length === 0) return null;
  return sql`insert into certificates (der_hash, tbs_hash, spki_hash, record_id, entry_index) select * from unnest(
    ${array(column(certificates, 'derHash'), 'bytea')}, ${array(column(certificates, 'tbsHash'), 'bytea')},
    ${array(column(certificates, 'spkiHash'), 'bytea')}, ${array(column(certificates, 'recordId'), 'bytea')},
    ${array(column(certificates, 'index'), 'bigint')})`;
}

function insertCertificateDers(ders: readonly CertificateDer[]): SQL | null {
  if (ders.length === 0) return null;
  return sql`insert into certificate_ders (der_hash, der) select * from unnest(
    ${array(column(ders, 'derHash'), 'bytea')}, ${array(column(ders, 'der'), 'bytea')})
    on conflict (der_hash) do nothing`;
}

function extendTiles({ tileHashes }: BlockAppend): SQL {
  const rows = tileRows(tileHashes);
  return sql`insert into tiles (tile_level, tile_index, hashes) select * from unnest(
    ${array(column(rows, 'tileLevel'), 'smallint')}, ${array(column(rows, 'tileIndex'), 'bigint')},
    ${array(column(rows, 'hashes'), 'bytea')})
    on conflict (tile_level, tile_index) do update set hashes = tiles.hashes || excluded.hashes`;
}

function upsertStatusWords({ status }: BlockAppend): SQL | null {
  if (status.words.size === 0) return null;
  return sql`insert into status_words (word_index, word) select * from unnest(
    ${array([...status.words.keys()], 'bigint')}, ${array([...status.words.values()], 'bytea')})
    on conflict (word_index) do update set word = excluded.word`;
}

/** The height is the primary key: two nodes on one database cannot both write a block. */
function insertBlock({ height, time, blockEntry, root }: BlockAppend): SQL {
  return sql`insert into blocks (height, time, entry_index, root) values (
    ${height}, ${time}, ${blockEntry.index}, ${sql.param(root)})`;
}

function insertTransactions({ append, transactions, results }: CommittedBlock): SQL | null {
  if (transactions.length === 0) return null;
  return sql`insert into transactions (id, height, position, bytes, code, data)
    select id, ${append.height}::bigint, position, bytes, code, data from unnest(
    ${array(column(transactions, 'id'), 'bytea')}, ${array([...transactions.keys()], 'integer')},
    ${array(column(transactions, 'bytes'), 'bytea')}, ${array(column(results, 'code'), 'integer')},
    ${array(column(results, 'data'), 'bytea')}) as sent (id, position, bytes, code, data)`;
}

type Columns<T> = { [K in keyof T]: T[K] extends Uint8Array | number ? K : never }[keyof T];

const column = <T, K extends Columns<T>>(rows: readonly T[], key: K): (T[K] & (Uint8Array | number))[] =>
  rows.map((row) => row[key] as T[K] & (Uint8Array | number));
