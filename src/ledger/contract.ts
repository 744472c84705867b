/** The shape of a contract: how one operation is read, what it touches and what it does. */
import type { Outcome } from '../core/outcome.ts';
import type { Code } from '../protocol/codes.ts';
import type { Network } from '../protocol/genesis.ts';
import type { ItemResult } from '../protocol/operation.ts';
import type { Located, Standing } from '../protocol/standing.ts';
import type { Transaction } from '../protocol/transaction.ts';
import type { BlockDraft } from './draft.ts';
import type { LedgerPorts } from './ports.ts';
import type { Touched } from './view.ts';

export interface ContractContext {
  readonly network: Network;
  /** Seconds since 1970. */
  readonly blockTime: number;
  readonly signer: Located;
  /** Of the signer: it and every authority above it are active. */
  readonly standing: Standing;
  readonly draft: BlockDraft;
  readonly ports: LedgerPorts;
}

export interface ContractResult {
  /** Of the transaction; with any other code than accepted nothing was written. */
  readonly code: Code;
  readonly items: readonly ItemResult[];
}

/** A transaction that was read, and waits for its block. */
export interface PreparedOperation {
  readonly touched: Touched;
  apply(context: ContractContext): ContractResult;
}

export interface Contract {
  readonly operation: number;
  prepare(transaction: Transaction, network: Network, ports: LedgerPorts): Outcome<PreparedOperation, Code>;
}

export const refused = (code: Code, located?: Located): ContractResult => ({
  code,
  items: located ? [itemOf(code, located)] : [],
});

export const itemOf = (code: Code, located: Located | undefined): ItemResult => ({
  code,
  recordId: located?.record.recordId ?? null,
  index: located?.index ?? null,
});
