/** The ledger in SQL: the block store and the reader of the use cases. */
import { eq, inArray, type SQL, sql } from 'drizzle-orm';
import { toHex } from '../core/bytes.ts';
import { assert } from '../core/outcome.ts';
import { applyGenesis } from '../ledger/apply-block.ts';
import type { LedgerPorts } from '../ledger/ports.ts';
import type { LedgerMember, LedgerState } from '../ledger/state.ts';
import { certificateKey, type KnownCertificate, LoadedView, type Touched } from '../ledger/view.ts';
import { encodeGenesis, type Genesis, parseNetwork } from '../protocol/genesis.ts';
import { parseMemberKeys } from '../protocol/member.ts';
import { KINDS, readOwnRecordVersion } from '../protocol/record.ts';
import type { Located } from '../protocol/standing.ts';
import type {
  BlockStore,
  CommittedBlock,
  LedgerReader,
  LocatedCertificate,
  StoredTransaction,
} from '../service/ports.ts';
import { type Frontier, frontierRoot } from '../tlog/frontier.ts';
import { StatusTree } from '../tlog/status-tree.ts';
import { nodeFromTile, type TileCoordinate, tileOfNode } from '../tlog/tile.ts';
import { rangeNodes } from '../tlog/tree.ts';
import { type CommitObserver, writeAppend, writeBlock } from './block-writer.ts';
import { array, type Database } from './database.ts';
import { certificates, entries, genesis as genesisTable, records, statusWords, transactions } from './schema.ts';

/** Authorities above a record: the longest chain that standing allows. */
const AUTHORITY_ROUNDS_MAX = 8;

/**
 * A list of keys to join with, each once. A join is planned as look-ups in an index; `= any(list)` would parse the list again for
 * every row that it scans.
 */
const wanted = (keys: readonly Uint8Array[]): SQL =>
  sql`(select distinct key from unnest(${array(keys, 'bytea')}) as list (key)) as wanted`;
const WANTED = sql`wanted.key`;

/** The database belongs to another ledger than the data folder. */
export class ForeignLedgerError extends Error {
  override readonly name = 'ForeignLedgerError';
}

export class LedgerStore implements BlockStore, LedgerReader {
  readonly #database: Database;
  readonly #ports: LedgerPorts;
  readonly #observe: CommitObserver;

  constructor(database: Database, ports: LedgerPorts, observe: CommitObserver = () => {}) {
    this.#database = database;
    this.#ports = ports;
    this.#observe = observe;
  }

  /** Writes block 0 into an empty database. @throws ForeignLedgerError when it holds another ledger */
  async initialize(genesis: Genesis): Promise<void> {
    if (await this.holds(genesis)) return;
    const document = encodeGenesis(genesis);
    await this.#database.transaction(async (statements) => {
      await statements.drizzle.insert(genesisTable).values({ document });
      await writeAppend(statements, applyGenesis(genesis, this.#ports).append, () => {});
    });
  }

  /** False for an empty database. @throws ForeignLedgerError when it holds another ledger */
  async holds(genesis: Genesis): Promise<boolean> {
    const [row] = await this.#database.drizzle.select().from(genesisTable);
    if (row !== undefined && toHex(row.document) !== toHex(encodeGenesis(genesis))) {
      throw new ForeignLedgerError('the database holds another ledger than the data folder');
    }
    return row !== undefined;
  }

  async loadState(): Promise<LedgerState> {
    const [block] = await this.#database.execute(sql`
      select b.height, b.time, b.entry_index, b.root from blocks b order by b.height desc limit 1`);
    assert(block !== undefined, 'the ledger has no block 0');
    const lastBlockEntry = Number(block['entry_index']);
    const [network] = await this.#recordsOfKind(KINDS.network);
    const parsed = network && parseNetwork(network.record.payload);
    assert(parsed !== undefined, 'the ledger has no network record');
    return {
      network: parsed,
      height: Number(block['height']),
      time: Number(block['time']),
      frontier: await this.#loadFrontier(lastBlockEntry + 1),
      root: block['root'] as Uint8Array,
      lastBlockEntry,
      members: (await this.#recordsOfKind(KINDS.member)).map(toMember),
      status: await this.#loadStatus(),
    };
  }

  async loadView({ recordIds, certificates: names }: Touched): Promise<LoadedView> {
    const known = await this.#loadCertificates(names);
    const found = new Map<string, Located | undefined>();
    let wanted: readonly Uint8Array[] = recordIds;
    for (let round = 0; round < AUTHORITY_ROUNDS_MAX && wanted.length > 0; round++) {
      const loaded = await this.#loadRecords(wanted);
      for (const id of wanted) found.set(toHex(id), loaded.get(toHex(id)));
      const parents = [...loaded.values()].flatMap(({ record }) => record.authorityIds);
      wanted = parents.filter((id) => !found.has(toHex(id)));
    }
    return new LoadedView(found, known);
  }

  async findTransactions(ids: readonly Uint8Array[]): Promise<ReadonlyMap<string, StoredTransaction>> {
    const rows = await this.#database.drizzle
      .select({ id: transactions.id, height: transactions.height, code: transactions.code, data: transactions.data })
      .from(transactions)
      .innerJoin(wanted(ids), eq(transactions.id, WANTED));
    return new Map(
      rows.map(({ id, height, code, data }) => [
        toHex(id),
        { height, result: { code, data } as StoredTransaction['result'] },
      ]),
    );
  }

  async rootAt(size: number): Promise<Uint8Array> {
    return frontierRoot(await this.#loadFrontier(size), this.#ports.tree);
  }

  async commit(block: CommittedBlock): Promise<void> {
    await writeBlock(this.#database, block, this.#observe);
  }

  async findCertificate(derHash: Uint8Array): Promise<LocatedCertificate | undefined> {
    const [row] = await this.#database.drizzle
      .select({ index: entries.index, bytes: entries.bytes })
      .from(certificates)
      .innerJoin(records, eq(records.recordId, certificates.recordId))
      .innerJoin(entries, eq(entries.index, records.entryIndex))
      .where(eq(certificates.derHash, derHash));
    return row && { derHash, identity: toLocated(row) };
  }

  async findRecord(recordId: Uint8Array): Promise<Located | undefined> {
    return (await this.#loadRecords([recordId])).get(toHex(recordId));
  }

  async entries(indexes: readonly number[]): Promise<readonly Uint8Array[]> {
    const rows = await this.#database.drizzle
      .select()
      .from(entries)
      .where(inArray(entries.index, [...indexes]));
    const byIndex = new Map(rows.map(({ index, bytes }) => [index, bytes]));
    return indexes.map((index) => {
      const bytes = byIndex.get(index);
      assert(bytes !== undefined, `the log lost entry ${index}`);
      return bytes;
    });
  }

  async entryRange(from: number, to: number): Promise<readonly Uint8Array[]> {
    const rows = await this.#database.drizzle
      .select({ bytes: entries.bytes })
      .from(entries)
      .where(sql`${entries.index} >= ${from} and ${entries.index} < ${to}`)
      .orderBy(entries.index);
    return rows.map(({ bytes }) => bytes);
  }

  async tiles(coordinates: readonly TileCoordinate[]): Promise<readonly (Uint8Array | undefined)[]> {
    if (coordinates.length === 0) return [];
    const levels = coordinates.map(({ tileLevel }) => tileLevel);
    const indexes = coordinates.map(({ index }) => index);
    const rows = await this.#database.execute(sql`
      select t.tile_level, t.tile_index, t.hashes from tiles t
      join unnest(${array(levels, 'smallint')}, ${array(indexes, 'bigint')}) as wanted (tile_level, tile_index)
      using (tile_level, tile_index)`);
    const byPlace = new Map(
      rows.map((row) => [`${row['tile_level']}/${row['tile_index']}`, row['hashes'] as Uint8Array]),
    );
    return coordinates.map(({ tileLevel, index }) => byPlace.get(`${tileLevel}/${index}`));
  }

  async #loadRecords(recordIds: readonly Uint8Array[]): Promise<Map<string, Located>> {
    const rows = await this.#database.drizzle
      .select({ recordId: records.recordId, index: entries.index, bytes: entries.bytes })
      .from(records)
      .innerJoin(entries, eq(entries.index, records.entryIndex))
      .innerJoin(wanted(recordIds), eq(records.recordId, WANTED));
    return new Map(rows.map((row) => [toHex(row.recordId), toLocated(row)]));
  }

  async #recordsOfKind(kind: number): Promise<Located[]> {
    const rows = await this.#database.drizzle
      .select({ index: entries.index, bytes: entries.bytes })
      .from(records)
      .innerJoin(entries, eq(entries.index, records.entryIndex))
      .where(eq(records.kind, kind));
    return rows.map(toLocated);
  }

  async #loadCertificates(names: Touched['certificates']): Promise<Map<string, KnownCertificate | undefined>> {
    const known = new Map<string, KnownCertificate | undefined>(names.map((name) => [certificateKey(name), undefined]));
    if (names.length === 0) return known;
    const rows = await this.#database.drizzle
      .select({
        tbsHash: certificates.tbsHash,
        spkiHash: certificates.spkiHash,
        derHash: certificates.derHash,
        recordId: certificates.recordId,
      })
      .from(certificates)
      .innerJoin(wanted(names.map(({ tbsHash }) => tbsHash)), eq(certificates.tbsHash, WANTED));
    for (const row of rows) {
      if (known.has(certificateKey(row)))
        known.set(certificateKey(row), { derHash: row.derHash, recordId: row.recordId });
    }
    return known;
  }

  async #loadFrontier(size: number): Promise<Frontier> {
    const nodes = rangeNodes({ from: 0, to: size });
    const tiles = await this.tiles(nodes.map(tileOfNode));
    const hashes: (Uint8Array | undefined)[] = [];
    for (const [i, node] of nodes.entries()) {
      const tile = tiles[i];
      const hash = tile && nodeFromTile(node, tile, this.#ports.tree);
      assert(hash !== undefined, 'the log lost a tile of its edge');
      hashes[node.level] = hash;
    }
    return { size, hashes: Array.from(hashes) };
  }

  async #loadStatus(): Promise<StatusTree> {
    const rows = await this.#database.drizzle.select().from(statusWords).orderBy(statusWords.wordIndex);
    return StatusTree.fromWords(
      rows.map(({ word }) => word),
      this.#ports.hasher,
      this.#ports.tree,
    );
  }
}

const toLocated = ({ index, bytes }: { index: number; bytes: Uint8Array }): Located => ({
  index,
  record: readOwnRecordVersion(bytes),
});

function toMember({ record }: Located): LedgerMember {
  const keys = parseMemberKeys(record.payload);
  assert(keys !== undefined, 'a member has no keys');
  return { memberId: record.recordId, keys };
}
