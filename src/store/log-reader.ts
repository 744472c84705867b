/** Reads the log from its entries alone, block by block, recomputing what each block must have done. */

import { sql } from 'drizzle-orm';
import { toHex } from '../core/bytes.ts';
import { applyGenesis, type BlockAppend, takeOver } from '../ledger/apply-block.ts';
import type { NewEntry } from '../ledger/draft.ts';
import type { LedgerPorts } from '../ledger/ports.ts';
import { readEntry, replayBlock } from '../ledger/replay.ts';
import type { LedgerState } from '../ledger/state.ts';
import { decodeGenesis, type Genesis } from '../protocol/genesis.ts';
import type { Statements } from './database.ts';
import { genesis as genesisTable } from './schema.ts';

/** Entries read at a time: a few megabytes. */
const PAGE_ENTRIES = 4096;

/** The log itself is damaged, at this entry. */
export class DamagedLogError extends Error {
  override readonly name = 'DamagedLogError';
  readonly index: number;

  constructor(index: number, problem: string) {
    super(`entry ${index}: ${problem}`);
    this.index = index;
  }
}

/** A block recomputed from its entries, and the state after it. */
export interface RecomputedBlock {
  readonly append: BlockAppend;
  readonly state: LedgerState;
}

/** @throws DamagedLogError at the first entry that no honest run can have written */
export async function* recomputeBlocks(
  statements: Statements,
  ports: LedgerPorts,
): AsyncGenerator<RecomputedBlock, void, undefined> {
  let state: LedgerState | undefined;
  let held: NewEntry[] = [];
  for await (const { index, bytes } of readEntries(statements)) {
    const read = readEntry(bytes);
    if (read === undefined) throw new DamagedLogError(index, 'not an entry');
    if (read.kind === 'record') {
      held.push({ index, bytes, record: read.record });
      continue;
    }
    const block = { index, bytes, block: read.block };
    const recomputed: RecomputedBlock =
      state === undefined
        ? firstBlock(await readGenesis(statements, ports), held, block, ports)
        : nextBlock(state, held, block, ports);
    state = recomputed.state;
    yield recomputed;
    held = [];
  }
  if (held.length > 0) throw new DamagedLogError((held[0] as NewEntry).index, 'no block entry follows');
}

type BlockBytes = { readonly index: number; readonly bytes: Uint8Array };

/** Block 0 follows from the genesis document. */
function firstBlock(
  genesis: Genesis,
  entries: readonly NewEntry[],
  block: BlockBytes,
  ports: LedgerPorts,
): RecomputedBlock {
  const founded = applyGenesis(genesis, ports);
  const expected = [...founded.append.entries, founded.append.blockEntry].map(({ bytes }) => toHex(bytes));
  const found = [...entries, block].map(({ bytes }) => toHex(bytes));
  if (expected.join() !== found.join()) throw new DamagedLogError(0, 'block 0 is not what the genesis document says');
  return { append: founded.append, state: founded.state };
}

function nextBlock(
  state: LedgerState,
  entries: readonly NewEntry[],
  block: Parameters<typeof replayBlock>[2],
  ports: LedgerPorts,
): RecomputedBlock {
  const replayed = replayBlock(state, entries, block, ports);
  if (!replayed.ok) throw new DamagedLogError(block.index, replayed.code);
  return { append: replayed.value, state: takeOver(state, replayed.value) };
}

/** @throws DamagedLogError */
export async function readGenesis(statements: Statements, ports: LedgerPorts): Promise<Genesis> {
  const [row] = await statements.drizzle.select().from(genesisTable);
  const genesis = row && decodeGenesis(row.document, ports);
  if (genesis === undefined) throw new DamagedLogError(0, 'the genesis document is missing or damaged');
  return genesis;
}

async function* readEntries(statements: Statements): AsyncGenerator<BlockBytes, void, undefined> {
  for (let next = 0; ; ) {
    const rows = await statements.execute(
      sql`select index, bytes from entries where index >= ${next} order by index limit ${PAGE_ENTRIES}`,
    );
    for (const row of rows) {
      if (Number(row['index']) !== next) throw new DamagedLogError(next, 'missing');
      yield { index: next, bytes: row['bytes'] as Uint8Array };
      next += 1;
    }
    if (rows.length < PAGE_ENTRIES) return;
  }
}
