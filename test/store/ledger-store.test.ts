import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { createVerifier, type VerificationError } from '../../sdk/src/index.ts';
import { toHex } from '../../src/core/bytes.ts';
import { CODES } from '../../src/protocol/codes.ts';
import type { Row } from '../../src/store/database.ts';
import { type FsckOptions, fsck } from '../../src/store/fsck.ts';
import { ForeignLedgerError } from '../../src/store/ledger-store.ts';
import { rebuild } from '../../src/store/rebuild.ts';
import { encodeProof } from '../../src/tlog/proof.ts';
import { formatTlogProof } from '../../src/tlog/tlog-proof.ts';
import { ports } from '../support/crypto.ts';
import type { DatabasePlace } from '../support/database-place.ts';
import { describeOnDatabases, newDatabase, newFolder } from '../support/databases.ts';
import { addSubmitter, type Device, endIdentity, makeDevice, makeSubmitter, register } from '../support/devices.ts';
import { makeGenesis } from '../support/ledger.ts';
import { makeMembers } from '../support/members.ts';
import * as naive from '../support/naive-tree.ts';
import { TestNode } from '../support/node.ts';
import { proofRequestSizes } from '../support/store.ts';

const submitter = makeSubmitter('factory');
const devices = (from: number, count: number): Device[] =>
  Array.from({ length: count }, (_, i) => makeDevice(`${from + i}`, submitter.recordId));

const TABLES = ['records', 'certificates', 'tiles', 'status_words', 'blocks'];

async function dump(node: TestNode): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {};
  for (const table of TABLES) {
    const rows = await node.database.execute(sql`select * from ${sql.raw(table)}`);
    tables[table] = rows.map(textOf).sort();
  }
  return tables;
}

const textOf = (row: Row): string =>
  Object.entries(row)
    .map(([name, value]) => `${name}=${value instanceof Uint8Array ? toHex(value) : value}`)
    .join(' ');

/** A ledger with registrations in several blocks and a revocation. */
async function liveLedger(place: DatabasePlace, folder: string): Promise<{ node: TestNode; all: Device[] }> {
  const node = await TestNode.open({ place, folder });
  await node.submit(addSubmitter(TestNode.member, submitter));
  const all: Device[] = [];
  for (const [from, count] of [
    [0, 100],
    [100, 3],
    [103, 200],
  ] as const) {
    const batch = devices(from, count);
    const { code, items } = await node.submit(register(submitter, batch));
    expect(code).toBe(CODES.accepted);
    expect(items.every((item) => item.code === CODES.accepted)).toBe(true);
    all.push(...batch);
  }
  const ended = await node.submit(endIdentity(submitter, (all[7] as Device).recordId));
  expect(ended.code).toBe(CODES.accepted);
  return { node, all };
}

describeOnDatabases('the store', (kind) => {
  it('keeps the ledger over a restart, and its log root is that of the plain tree', async () => {
    const place = await newDatabase(kind);
    const folder = newFolder();
    const { node } = await liveLedger(place, folder);
    await node.sequencer.close();
    const { checkpoint, height } = node.sequencer.published();
    const entries = await node.store.entryRange(0, checkpoint.size);
    expect(toHex(naive.root(entries.map(naive.leafHash)))).toBe(toHex(checkpoint.root));
    await node.database.close();

    const again = await TestNode.open({ place, folder });
    const published = again.sequencer.published();
    expect(published.height).toBe(height);
    expect(toHex(published.checkpoint.root)).toBe(toHex(checkpoint.root));
    expect(toHex(published.status.root())).toBe(toHex(node.sequencer.published().status.root()));
    // The ledger goes on where it was.
    const { items } = await again.submit(register(submitter, devices(900, 2)));
    expect(items.map(({ index }) => index)).toEqual([checkpoint.size, checkpoint.size + 1]);
    expect((await fsck(again.database, ports)).findings).toEqual([]);
    await again.close();
  });

  it('rebuilds from the entries exactly what the live tables hold', async () => {
    const place = await newDatabase(kind);
    const { node } = await liveLedger(place, newFolder());
    const live = await dump(node);
    await node.database.execute(sql`update records set version = 9 where kind = 4`);
    await node.database.execute(sql`delete from tiles`);
    await rebuild(node.database, ports);
    expect(await dump(node)).toEqual(live);
    await node.close();
  });

  it('refuses a database of another ledger', async () => {
    const place = await newDatabase(kind);
    const node = await TestNode.open({ place, folder: newFolder() });
    const other = makeGenesis(makeMembers(1, 'somebody else'));
    await expect(node.store.initialize(other)).rejects.toThrow(ForeignLedgerError);
    await node.close();
  });

  it('proves every certificate so that the SDK accepts it, and the revoked one so that it refuses', async () => {
    const place = await newDatabase(kind);
    const { node, all } = await liveLedger(place, newFolder());
    const verifier = createVerifier({ policy: TestNode.policy, clock: () => node.clock.time });
    for (const at of proofRequestSizes(all.length)) {
      const device = all[at] as Device;
      const proof = await node.prover.prove(ports.hasher.sha256(device.der));
      const forms = [encodeProof(proof.proof), new TextEncoder().encode(formatTlogProof(proof))];
      for (const form of forms) {
        const verify = () => verifier.verifyCertificate({ proof: form, certificate: device.der });
        if (at === 7) expect(verify).toThrow(expect.objectContaining({ code: 'state' }) as VerificationError);
        else expect(verify().recordId).toEqual(device.recordId);
      }
    }
    await node.close();
  });

  const damages: Record<string, { statement: string; finding: RegExp }> = {
    'a changed record row': {
      statement: 'update records set state = 1 where state = 3',
      finding: /records: .* differs/,
    },
    'a lost record row': { statement: 'delete from records where kind = 3', finding: /records: 1 rows are missing/ },
    'a changed certificate row': {
      statement: 'update certificates set entry_index = entry_index + 1 where entry_index = 5',
      finding: /certificates: .* differs/,
    },
    'a changed tile': {
      statement:
        'update tiles set hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1) where tile_level = 0 and tile_index = 0',
      finding: /tiles: 0\/0 differs/,
    },
    'a cleared status bit': {
      statement: "update status_words set word = decode(repeat('00', 32), 'hex') where word_index = 0",
      finding: /status_words: 0 differs/,
    },
    'another root of a block': {
      statement: 'update blocks set root = set_byte(root, 0, get_byte(root, 0) # 1) where height = 2',
      finding: /blocks: 2 differs/,
    },
    'a damaged certificate': {
      statement:
        'update certificate_ders set der = set_byte(der, 9, get_byte(der, 9) # 1) where der_hash = (select min(der_hash::text)::bytea from certificate_ders)',
      finding: /certificate_ders: .* is damaged/,
    },
    'a lost certificate': {
      statement:
        'delete from certificate_ders where der_hash = (select min(der_hash::text)::bytea from certificate_ders)',
      finding: /certificate_ders: .* is missing/,
    },
    'a changed entry': {
      statement: 'update entries set bytes = set_byte(bytes, 60, get_byte(bytes, 60) # 1) where index = 20',
      finding: /differs|entry/,
    },
    'a lost entry': { statement: 'delete from entries where index = 20', finding: /entry 20: missing/ },
  };

  it('replays every signed transaction, and finds one that was changed, lost or answered otherwise', async () => {
    const { node } = await liveLedger(await newDatabase(kind), newFolder());
    expect((await fsck(node.database, ports, { replay: true })).findings).toEqual([]);
    const forgeries = {
      'update transactions set bytes = set_byte(bytes, 300, get_byte(bytes, 300) # 1) where height = 3':
        /block 3: its entries do not follow/,
      'delete from transactions where height = 2': /block 2: its entries do not follow/,
      'update transactions set code = 112 where height = 4': /block 4: transaction 0 has another result/,
    };
    for (const [statement, finding] of Object.entries(forgeries)) {
      expect(await damagedReport(node, statement, { replay: true }), statement).toMatch(finding);
      expect(await damagedReport(node, statement), statement).toBe('');
    }
    await node.close();
  });

  it('finds every kind of damage', async () => {
    const place = await newDatabase(kind);
    const { node } = await liveLedger(place, newFolder());
    expect((await fsck(node.database, ports)).findings).toEqual([]);
    for (const [name, { statement, finding }] of Object.entries(damages)) {
      const found = await damagedReport(node, statement);
      expect(found, name).toMatch(finding);
    }
    expect((await fsck(node.database, ports)).findings).toEqual([]);
    await node.close();
  });
});

class RolledBack extends Error {}

/** What fsck says of a damage that is undone again. */
async function damagedReport(node: TestNode, statement: string, options: FsckOptions = {}): Promise<string> {
  let report = '';
  const run = node.database.transaction(async (statements) => {
    await statements.execute(sql.raw(statement));
    const inside = { ...node.database, ...statements };
    report = (await fsck(inside, ports, options)).findings.join('\n');
    throw new RolledBack();
  });
  await expect(run).rejects.toThrow(RolledBack);
  return report;
}
