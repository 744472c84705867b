/** Holds every table against what the entries alone say. Reads, never writes. */
import { sql } from 'drizzle-orm';
import { concat, equal, toHex } from '../core/bytes.ts';
import type { BlockAppend } from '../ledger/apply-block.ts';
import type { LedgerPorts } from '../ledger/ports.ts';
import type { LedgerState } from '../ledger/state.ts';
import type { Database, Row } from './database.ts';
import { DamagedLogError, recomputeBlocks } from './log-reader.ts';
import { replayTransactions } from './replay-transactions.ts';
import { tileRows } from './tile-rows.ts';

/** Rows compared at a time. */
const PAGE_ROWS = 2048;
/** Enough to see the pattern of a damage; the first one matters most. */
const FINDINGS_MAX = 100;

export interface FsckReport {
  readonly size: number;
  readonly height: number;
  readonly root: Uint8Array | null;
  /** What is wrong and where; empty for a sound ledger. */
  readonly findings: readonly string[];
}

/** What the tables must hold, gathered from the entries. Keys and values are what `rowText` makes of a row. */
class Expectation {
  readonly records = new Map<string, string>();
  readonly certificates = new Map<string, string>();
  readonly blocks = new Map<string, string>();
  readonly tiles = new Map<string, Uint8Array>();
  state: LedgerState | undefined;

  add(append: BlockAppend, state: LedgerState): void {
    this.state = state;
    for (const { index, record } of append.entries) {
      this.records.set(toHex(record.recordId), `${record.kind} ${index} ${record.version} ${record.state}`);
    }
    for (const { derHash, tbsHash, spkiHash, recordId, index } of append.certificates) {
      this.certificates.set(toHex(derHash), `${toHex(tbsHash)} ${toHex(spkiHash)} ${toHex(recordId)} ${index}`);
    }
    for (const { tileLevel, tileIndex, hashes } of tileRows(append.tileHashes)) {
      const key = `${tileLevel}/${tileIndex}`;
      this.tiles.set(key, concat(this.tiles.get(key) ?? new Uint8Array(0), hashes));
    }
    this.blocks.set(String(append.height), `${append.time} ${append.blockEntry.index} ${toHex(append.root)}`);
  }
}

export interface FsckOptions {
  /** Run every signed transaction again: takes as long as admitting them did. */
  readonly replay?: boolean;
}

export async function fsck(
  database: Database,
  ports: LedgerPorts,
  { replay = false }: FsckOptions = {},
): Promise<FsckReport> {
  const findings: string[] = [];
  const report = (finding: string): void => {
    if (findings.length < FINDINGS_MAX) findings.push(finding);
  };
  const expected = new Expectation();
  try {
    for await (const { append, state } of recomputeBlocks(database, ports)) expected.add(append, state);
  } catch (error) {
    if (!(error instanceof DamagedLogError)) throw error;
    report(error.message);
  }
  if (findings.length === 0) {
    await compareTables(database, expected, report);
    if (replay) for await (const finding of replayTransactions(database, ports)) report(finding);
  }
  await checkSideStore(database, expected, ports, report);
  const { state } = expected;
  return { size: state?.frontier.size ?? 0, height: state?.height ?? -1, root: state?.root ?? null, findings };
}

async function compareTables(
  database: Database,
  expected: Expectation,
  report: (finding: string) => void,
): Promise<void> {
  await compare(database, 'records', 'record_id', expected.records, report, (row) =>
    [row['kind'], row['entry_index'], row['version'], row['state']].join(' '),
  );
  await compare(database, 'certificates', 'der_hash', expected.certificates, report, (row) =>
    [hex(row['tbs_hash']), hex(row['spki_hash']), hex(row['record_id']), row['entry_index']].join(' '),
  );
  await compare(database, 'blocks', 'height', expected.blocks, report, (row) =>
    [row['time'], row['entry_index'], hex(row['root'])].join(' '),
  );
  const tiles = new Map([...expected.tiles].map(([key, hashes]) => [key, toHex(hashes)]));
  const tileKey = (row: Row): string => `${row['tile_level']}/${row['tile_index']}`;
  await compare(database, 'tiles', 'tile_level, tile_index', tiles, report, (row) => hex(row['hashes']), tileKey);
  const status = expected.state?.status;
  const words = new Map(Array.from({ length: status?.wordCount ?? 0 }, (_, i) => [String(i), hex(status?.word(i))]));
  await compare(database, 'status_words', 'word_index', words, report, (row) => hex(row['word']));
}

async function compare(
  database: Database,
  table: string,
  key: string,
  expected: ReadonlyMap<string, string>,
  report: (finding: string) => void,
  rowText: (row: Row) => string,
  keyText: (row: Row) => string = (row) => (row[key] instanceof Uint8Array ? hex(row[key]) : String(row[key])),
): Promise<void> {
  let count = 0;
  for await (const row of pages(database, table, key)) {
    count += 1;
    const want = expected.get(keyText(row));
    if (want === undefined) report(`${table}: ${keyText(row)} is not in the log`);
    else if (want !== rowText(row)) report(`${table}: ${keyText(row)} differs from the log`);
  }
  if (count < expected.size) report(`${table}: ${expected.size - count} rows are missing`);
}

async function* pages(database: Database, table: string, key: string): AsyncGenerator<Row, void, undefined> {
  for (let offset = 0; ; offset += PAGE_ROWS) {
    const rows = await database.execute(
      sql`select * from ${sql.raw(table)} order by ${sql.raw(key)} limit ${PAGE_ROWS} offset ${offset}`,
    );
    yield* rows;
    if (rows.length < PAGE_ROWS) return;
  }
}

/** The side store has every certificate of the log, under its hash. */
async function checkSideStore(
  database: Database,
  expected: Expectation,
  { hasher }: LedgerPorts,
  report: (finding: string) => void,
): Promise<void> {
  const held = new Set<string>();
  for await (const row of pages(database, 'certificate_ders', 'der_hash')) {
    const derHash = row['der_hash'] as Uint8Array;
    if (!equal(hasher.sha256(row['der'] as Uint8Array), derHash))
      report(`certificate_ders: ${toHex(derHash)} is damaged`);
    held.add(toHex(derHash));
  }
  for (const derHash of expected.certificates.keys()) {
    if (!held.has(derHash)) report(`certificate_ders: ${derHash} is missing`);
  }
}

const hex = (value: unknown): string => (value instanceof Uint8Array ? toHex(value) : '');
