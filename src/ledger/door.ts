/**
 * The door: what a node asks of a transaction before it takes it into a block. Strangers' transactions are answered here and are
 * neither read further, which costs a thousand certificates, nor stored, which costs the disk. A block judges again by itself.
 */
import { accept, type Outcome } from '../core/outcome.ts';
import type { Code } from '../protocol/codes.ts';
import { decodeTransaction, type Transaction } from '../protocol/transaction.ts';
import { authorize } from './authorize.ts';
import { BlockDraft } from './draft.ts';
import type { LedgerPorts } from './ports.ts';
import type { LedgerState } from './state.ts';
import type { LedgerView, Touched } from './view.ts';

/** A transaction whose bytes have the right form; its body is not read yet. */
export interface Arrival {
  /** SHA-256 of the bytes as sent. */
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
  readonly transaction: Transaction;
}

export function readArrival(
  bytes: Uint8Array,
  { hasher }: LedgerPorts,
): Outcome<Arrival, { id: Uint8Array; code: Code }> {
  const id = hasher.sha256(bytes);
  const decoded = decodeTransaction(bytes);
  return decoded.ok
    ? accept({ id, bytes, transaction: decoded.value })
    : { ok: false, code: { id, code: decoded.code } };
}

/** What the door reads of the ledger: the signers. */
export const signersOf = (arrivals: readonly Arrival[]): Touched => ({
  recordIds: arrivals.map(({ transaction }) => transaction.header.signerId),
  certificates: [],
});

/** Network, time, signer and signature, against what is committed. The refusal is the code that a block would give. */
export function checkAtDoor(
  { transaction }: Arrival,
  { network, frontier }: Pick<LedgerState, 'network' | 'frontier'>,
  view: LedgerView,
  blockTime: number,
  ports: LedgerPorts,
): Outcome<true, Code> {
  const draft = new BlockDraft(view, frontier.size);
  const authorized = authorize(transaction, { network, blockTime, draft, ports });
  return authorized.ok ? accept(true) : authorized;
}
