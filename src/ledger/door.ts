/**
 * The door: what a node asks of a transaction before it takes it into a block. Strangers' transactions are answered here and are
 * neither read further, which costs a thousand certificates, nor stored, which costs the disk. A block judges again by itself.
 */
import { accept, type Outcome } from '../core/outcome.ts';
import type { Code } from '../protocol/codes.ts';
import { decodeEnvelope, type Envelope } from '../protocol/transaction.ts';
import { authorize } from './authorize.ts';
import { BlockDraft } from './draft.ts';
import type { LedgerPorts } from './ports.ts';
import type { LedgerState } from './state.ts';
import type { LedgerView, Touched } from './view.ts';

/** A transaction that waits: its bytes and its envelope, which is a view of them. */
export interface Arrival {
  /** SHA-256 of the bytes as sent. */
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
  readonly envelope: Envelope;
}

export function readArrival(
  bytes: Uint8Array,
  { hasher }: LedgerPorts,
): Outcome<Arrival, { id: Uint8Array; code: Code }> {
  const id = hasher.sha256(bytes);
  const decoded = decodeEnvelope(bytes);
  return decoded.ok ? accept({ id, bytes, envelope: decoded.value }) : { ok: false, code: { id, code: decoded.code } };
}

/** What the door reads of the ledger: the signers. */
export const signersOf = (arrivals: readonly Arrival[]): Touched => ({
  recordIds: arrivals.map(({ envelope }) => envelope.header.signerId),
  certificates: [],
});

/** Network, time, signer and signature, against what is committed. The refusal is the code that a block would give. */
export function checkAtDoor(
  { envelope }: Arrival,
  { network, frontier }: Pick<LedgerState, 'network' | 'frontier'>,
  view: LedgerView,
  blockTime: number,
  ports: LedgerPorts,
): Outcome<true, Code> {
  const draft = new BlockDraft(view, frontier.size);
  const authorized = authorize(envelope, { network, blockTime, draft, ports });
  return authorized.ok ? accept(true) : authorized;
}
