/** A transaction read once: everything that follows from its bytes, before any state is known. */
import { type Outcome, refuse } from '../core/outcome.ts';
import { CODES, type Code } from '../protocol/codes.ts';
import type { Network } from '../protocol/genesis.ts';
import { decodeTransaction, type Transaction } from '../protocol/transaction.ts';
import type { PreparedOperation } from './contract.ts';
import { contractFor } from './contracts/table.ts';
import type { LedgerPorts } from './ports.ts';
import type { Touched } from './view.ts';

export interface PreparedTransaction {
  /** SHA-256 of the bytes as sent. */
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
  readonly content: Outcome<{ readonly transaction: Transaction; readonly operation: PreparedOperation }, Code>;
}

export function prepareForBlock(bytes: Uint8Array, network: Network, ports: LedgerPorts): PreparedTransaction {
  return { id: ports.hasher.sha256(bytes), bytes, content: readContent(bytes, network, ports) };
}

function readContent(bytes: Uint8Array, network: Network, ports: LedgerPorts): PreparedTransaction['content'] {
  const decoded = decodeTransaction(bytes);
  if (!decoded.ok) return decoded;
  const transaction = decoded.value;
  const contract = contractFor(transaction.header.operation);
  if (contract === undefined) return refuse(CODES.unknown_operation);
  if (transaction.hasApprovals) return refuse(CODES.approvals_not_expected);
  const operation = contract.prepare(transaction, network, ports);
  if (!operation.ok) return operation;
  return { ok: true, value: { transaction, operation: operation.value } };
}

/** What a block's transactions touch, their signers included. */
export function touchedBy(transactions: readonly PreparedTransaction[]): Touched {
  const recordIds: Uint8Array[] = [];
  const certificates: Touched['certificates'][number][] = [];
  for (const { content } of transactions) {
    if (!content.ok) continue;
    recordIds.push(content.value.transaction.header.signerId);
    for (const id of content.value.operation.touched.recordIds) recordIds.push(id);
    for (const name of content.value.operation.touched.certificates) certificates.push(name);
  }
  return { recordIds, certificates };
}
