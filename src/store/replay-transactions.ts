/** Runs every signed transaction again from genesis: each authorization, signature and rule is checked as when it was admitted. */
import { sql } from 'drizzle-orm';
import { equal, toHex } from '../core/bytes.ts';
import { applyBlock, applyGenesis, type BlockAppend, takeOver } from '../ledger/apply-block.ts';
import type { LedgerPorts } from '../ledger/ports.ts';
import { prepareForBlock } from '../ledger/prepared.ts';
import { type CertificateName, certificateKey, type KnownCertificate, type LedgerView } from '../ledger/view.ts';
import type { Genesis } from '../protocol/genesis.ts';
import type { Located } from '../protocol/standing.ts';
import type { Row, Statements } from './database.ts';
import { readGenesis, recomputeBlocks } from './log-reader.ts';

/** Yields what does not follow from the transactions, and ends at the first block that does not. Holds all records in memory. */
export async function* replayTransactions(
  statements: Statements,
  ports: LedgerPorts,
): AsyncGenerator<string, void, undefined> {
  const genesis: Genesis = await readGenesis(statements, ports);
  const view = new WholeView();
  const founded = applyGenesis(genesis, ports);
  view.add(founded.append);
  let { state } = founded;
  for await (const { append } of recomputeBlocks(statements, ports)) {
    const { height, time } = append;
    if (height === 0) continue;
    const rows = await statements.execute(
      sql`select bytes, code, data from transactions where height = ${height} order by position`,
    );
    const transactions = rows.map((row) => prepareForBlock(row['bytes'] as Uint8Array, state.network, ports));
    const outcome = applyBlock(state, view, { height, time, transactions }, ports);
    const differing = rows.findIndex((row, i) => !isResult(row, outcome.results[i]));
    if (differing >= 0) yield `block ${height}: transaction ${differing} has another result than was stored`;
    if (outcome.append === null || !equal(outcome.append.root, append.root)) {
      yield `block ${height}: its entries do not follow from its transactions`;
      return;
    }
    view.add(outcome.append);
    state = takeOver(state, outcome.append);
  }
}

const isResult = (row: Row, result: { code: number; data: Uint8Array } | undefined): boolean =>
  result !== undefined && row['code'] === result.code && equal(row['data'] as Uint8Array, result.data);

/** Everything that the blocks so far hold. */
class WholeView implements LedgerView {
  readonly #records = new Map<string, Located>();
  readonly #certificates = new Map<string, KnownCertificate>();

  add({ entries, certificates }: BlockAppend): void {
    for (const { index, record } of entries) this.#records.set(toHex(record.recordId), { index, record });
    for (const certificate of certificates) this.#certificates.set(certificateKey(certificate), certificate);
  }

  record(recordId: Uint8Array): Located | undefined {
    return this.#records.get(toHex(recordId));
  }

  certificate(name: CertificateName): KnownCertificate | undefined {
    return this.#certificates.get(certificateKey(name));
  }
}
