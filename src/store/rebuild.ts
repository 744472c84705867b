/** Derives every table that the log determines again, from the entries alone. */
import { sql } from 'drizzle-orm';
import type { LedgerPorts } from '../ledger/ports.ts';
import { writeViews } from './block-writer.ts';
import type { Database } from './database.ts';
import { recomputeBlocks } from './log-reader.ts';

export interface Rebuilt {
  readonly blocks: number;
  readonly size: number;
}

/**
 * One SQL transaction: a damaged log leaves the tables as they were. `transactions` and `certificate_ders` are not touched.
 * @throws DamagedLogError
 */
export function rebuild(database: Database, ports: LedgerPorts): Promise<Rebuilt> {
  return database.transaction(async (statements) => {
    await statements.execute(sql`truncate records, certificates, tiles, status_words, blocks`);
    let rebuilt: Rebuilt = { blocks: 0, size: 0 };
    for await (const { append, state } of recomputeBlocks(statements, ports)) {
      await writeViews(statements, append);
      rebuilt = { blocks: rebuilt.blocks + 1, size: state.frontier.size };
    }
    return rebuilt;
  });
}
