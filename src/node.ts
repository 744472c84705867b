/** The composition root: what the commands that run a node do, on real adapters. The only file that may import everything. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createApi } from './api/app.ts';
import { startServer } from './api/server.ts';
import { CommandFailure } from './cli/failure.ts';
import type { DatabaseOptions, FsckOptions, InitOptions, NodeActions, StartOptions } from './cli/node-actions.ts';
import { notice, print, printFields, printJson } from './cli/output.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { CheckpointSigner } from './consensus/checkpoint-signer.ts';
import { HighWaterError } from './consensus/high-water.ts';
import { HighWaterFile } from './consensus/high-water-file.ts';
import { loadNoteSigner } from './consensus/note-signer.ts';
import { SoloSequencer } from './consensus/solo.ts';
import { EMPTY, toHex } from './core/bytes.ts';
import type { LedgerPorts } from './ledger/ports.ts';
import { decodeGenesis, encodeGenesis, type Genesis, parseNetwork } from './protocol/genesis.ts';
import { KINDS } from './protocol/record.ts';
import { platformCrypto } from './runtime/crypto.ts';
import { createDataFolder, DataFolderError, dataPaths, readDataFile } from './runtime/data-folder.ts';
import { DataLockedError, lockData } from './runtime/data-lock.ts';
import { systemClock } from './runtime/system-clock.ts';
import { cosignerName, foundLedger } from './service/found-ledger.ts';
import { Prover } from './service/prove.ts';
import { type Database, DatabaseError, openPglite, openPostgres } from './store/database.ts';
import { fsck } from './store/fsck.ts';
import { ForeignLedgerError, LedgerStore } from './store/ledger-store.ts';
import { DamagedLogError } from './store/log-reader.ts';
import { rebuild } from './store/rebuild.ts';
import { isOrigin } from './tlog/checkpoint.ts';
import { SIGNATURE_TYPES } from './tlog/note.ts';
import { createTreeHasher } from './tlog/tree.ts';

const crypto = platformCrypto();
const ports: LedgerPorts = { ...crypto, tree: createTreeHasher(crypto.hasher) };

const DEFAULT_ORIGIN = 'ledger.example/solo';
const DEFAULT_NAME = 'Solo';

/** The actions of the commands that run a node. */
export const nodeActions: NodeActions = {
  init: (options) => explained(() => init(options)),
  start: (options) => explained(() => start(options)),
  fsck: (options) => explained(() => check(options)),
  rebuild: (options) => explained(() => rebuildTables(options)),
};

async function init({
  origin = DEFAULT_ORIGIN,
  name = DEFAULT_NAME,
  json = false,
  ...options
}: InitOptions): Promise<void> {
  const { data } = readConfig(options);
  if (!isOrigin(origin)) throw new CommandFailure('an origin is ASCII without spaces and +, at most 190 bytes');
  const member = { name, ...createDataFolder(data) };
  const networkId = new Uint8Array(randomBytes(32));
  const founding = { networkId, origin, name, time: systemClock.now(), member };
  const { genesis, memberId, policy } = foundLedger(founding, crypto.hasher);
  const document = encodeGenesis(genesis);
  const paths = dataPaths(data);
  writeFileSync(paths.policy, policy, { flag: 'wx' });
  HighWaterFile.create(paths.highWater);
  // Written last: a folder with a genesis document is complete.
  writeFileSync(paths.genesis, document, { flag: 'wx' });
  const made = {
    networkId: toHex(networkId),
    memberId: toHex(memberId),
    genesisHash: toHex(crypto.hasher.sha256(document)),
    policyFile: paths.policy,
    accountKeyFile: paths.accountKey,
  };
  if (json) printJson(made);
  else printFields(made);
}

async function start(options: StartOptions): Promise<void> {
  const config = readConfig(options);
  await withStore(config, async ({ store, database, genesis }) => {
    await store.initialize(genesis);
    const stopping = stopRequest();
    const sequencer = await openSequencer(config.data, genesis, store, stopping.stop);
    const api = createApi({
      network: { ...describeNetwork(genesis), policy: readText(dataPaths(config.data).policy) },
      database: database.kind,
      reader: store,
      sequencer,
      checkpoints: sequencer,
      prover: new Prover(store, sequencer, ports.tree),
      logError: (error) => console.error(error),
    });
    const server = await startServer(api, config);
    notice(`entente: ledger of ${sequencer.published().checkpoint.size} entries on ${server.url} (${database.kind})`);
    const error = await stopping.requested;
    await server.close();
    await sequencer.close();
    if (error !== undefined) throw error;
  });
}

async function check({ replay = false, ...options }: FsckOptions): Promise<void> {
  const config = readConfig(options);
  await withStore(config, async ({ database, store, genesis }) => {
    await requireLedger(store, genesis);
    const { size, height, root, findings } = await fsck(database, ports, { replay });
    const mark = await new HighWaterFile(dataPaths(config.data).highWater).load();
    const lost =
      mark !== undefined && mark.size > size ? [`entries ${size} to ${mark.size - 1} were signed and are lost`] : [];
    const all = [...findings, ...lost];
    printFields({ database: database.kind, entries: size, height, root: toHex(root ?? EMPTY), findings: all.length });
    for (const finding of all) print(finding);
    if (all.length > 0) throw new CommandFailure('the ledger is damaged', { exitCode: 1, code: 'damaged' });
  });
}

/** An empty database has nothing wrong with it, and nothing in it: that is not what the operator asked about. */
async function requireLedger(store: LedgerStore, genesis: Genesis): Promise<void> {
  if (await store.holds(genesis)) return;
  throw new CommandFailure('the database holds no ledger: was --database forgotten, or the node never started?', {
    code: 'node',
  });
}

async function rebuildTables(options: DatabaseOptions): Promise<void> {
  await withStore(readConfig(options), async ({ database, store, genesis }) => {
    await requireLedger(store, genesis);
    const { blocks, size } = await rebuild(database, ports);
    printFields({ blocks, entries: size });
  });
}

/** What an operator can mend is told in a sentence; everything else is a bug and keeps its stack. */
async function explained(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (error instanceof Error && OPERATOR_ERRORS.some((known) => error instanceof known)) {
      throw new CommandFailure(error.message, { code: 'node' });
    }
    throw error;
  }
}

const OPERATOR_ERRORS = [
  ConfigError,
  DatabaseError,
  DamagedLogError,
  DataFolderError,
  DataLockedError,
  ForeignLedgerError,
  HighWaterError,
] as const;

interface OpenStore {
  readonly database: Database;
  readonly store: LedgerStore;
  readonly genesis: Genesis;
}

/** Opens the data folder's database under its lock, and closes both behind the work. */
async function withStore<T>(config: Config, work: (open: OpenStore) => Promise<T>): Promise<T> {
  const paths = dataPaths(config.data);
  const genesis = decodeGenesis(readDataFile(paths.genesis), crypto);
  if (genesis === undefined) throw new DataFolderError(`${paths.genesis} is damaged`);
  const unlock = await lockData(config.data);
  try {
    const database = await openDatabase(config);
    try {
      return await work({ database, store: new LedgerStore(database, ports), genesis });
    } finally {
      await database.close();
    }
  } finally {
    await unlock();
  }
}

function openDatabase({ databaseUrl, data }: Config): Promise<Database> {
  if (databaseUrl !== undefined) return openPostgres(databaseUrl);
  const { pglite } = dataPaths(data);
  mkdirSync(pglite, { recursive: true });
  return openPglite(pglite);
}

async function openSequencer(
  data: string,
  { origin, records }: Genesis,
  store: LedgerStore,
  onFatal: (error: unknown) => void,
): Promise<SoloSequencer> {
  const paths = dataPaths(data);
  const member = records.find(({ kind }) => kind === KINDS.member);
  if (member === undefined) throw new DataFolderError('the genesis document has no member');
  const log = loadNoteSigner(paths.logKey, origin, SIGNATURE_TYPES.ed25519, crypto.hasher);
  const name = cosignerName(origin, member.recordId);
  const cosigner = loadNoteSigner(paths.cosignerKey, name, SIGNATURE_TYPES.ed25519Cosignature, crypto.hasher);
  const signer = await CheckpointSigner.open({ log, cosigner }, new HighWaterFile(paths.highWater));
  return SoloSequencer.open({ store, signer, ports, clock: systemClock, onFatal });
}

function describeNetwork(genesis: Genesis) {
  const network = genesis.records.find(({ kind }) => kind === KINDS.network);
  const parsed = network && parseNetwork(network.payload);
  if (parsed === undefined) throw new DataFolderError('the genesis document has no network record');
  return { ...parsed, genesisHash: crypto.hasher.sha256(encodeGenesis(genesis)) };
}

const readText = (path: string): string => new TextDecoder().decode(readDataFile(path));

/** Resolves with undefined on the first SIGTERM or SIGINT, or with the error that stops the node. */
function stopRequest(): { requested: Promise<unknown>; stop: (error: unknown) => void } {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  process.once('SIGTERM', () => resolve(undefined));
  process.once('SIGINT', () => resolve(undefined));
  return { requested: promise, stop: resolve };
}
