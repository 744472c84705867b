/** A ledger in memory: the state machine over maps of everything, with members, submitters and devices that sign for real. */
import { toHex } from '../../src/core/bytes.ts';
import { type Cbor, decode } from '../../src/core/cbor.ts';
import {
  applyBlock,
  applyGenesis,
  type BlockAppend,
  type BlockOutcome,
  takeOver,
} from '../../src/ledger/apply-block.ts';
import type { LedgerPorts } from '../../src/ledger/ports.ts';
import { prepareForBlock, touchedBy } from '../../src/ledger/prepared.ts';
import type { LedgerState } from '../../src/ledger/state.ts';
import { certificateKey, type KnownCertificate, LoadedView, type Touched } from '../../src/ledger/view.ts';
import { type Genesis, networkPayload } from '../../src/protocol/genesis.ts';
import { accountKeyId } from '../../src/protocol/id.ts';
import { type ItemResult, parseItemResults } from '../../src/protocol/operation.ts';
import { KINDS, type RecordVersion } from '../../src/protocol/record.ts';
import type { Located } from '../../src/protocol/standing.ts';
import { prepareTransaction, type TransactionHeader } from '../../src/protocol/transaction.ts';
import type { SignedCheckpoint } from '../../src/tlog/checkpoint.ts';
import { ports } from './crypto.ts';
import type { TestKey } from './keys.ts';
import { makeMembers, NETWORK_ID, ORIGIN, signCheckpoint, type TestMember } from './members.ts';
import { binaryProof, type ProofRequest } from './proof-builder.ts';

export const GENESIS_TIME = 1_800_000_000;

/** Who signs a transaction. */
export interface Account {
  readonly recordId: Uint8Array;
  readonly key: TestKey;
}

export function makeGenesis(members: readonly TestMember[], origin = ORIGIN): Genesis {
  const network = networkPayload({ networkId: NETWORK_ID, origin, epoch: 0, name: 'A network of tests' });
  return {
    networkId: NETWORK_ID,
    origin,
    time: GENESIS_TIME,
    records: [
      { kind: KINDS.network, recordId: NETWORK_ID, payload: network },
      ...members.map(({ recordId, payload }) => ({ kind: KINDS.member, recordId, payload })),
    ],
  };
}

export interface Signing {
  readonly signer: Account;
  readonly operation: number;
  readonly body: Cbor;
  /** Fields of the header that differ from what the signer would write. */
  readonly header?: Partial<TransactionHeader>;
  readonly alterSignature?: (signature: Uint8Array) => Uint8Array;
}

/** The bytes of a transaction, signed. */
export function signTransaction({ signer, operation, body, header, alterSignature }: Signing): Uint8Array {
  const unsigned = prepareTransaction(
    {
      algorithm: signer.key.algorithm,
      keyId: accountKeyId(signer.key.spki, ports.hasher),
      networkId: NETWORK_ID,
      epoch: 0,
      validUntil: GENESIS_TIME + 900,
      signerId: signer.recordId,
      operation,
      expectedVersion: null,
      encoding: 0,
      expandedLength: null,
      ...header,
    },
    body,
  );
  const signature = signer.key.sign(unsigned.signedBytes);
  return unsigned.complete(alterSignature?.(signature) ?? signature);
}

export interface Answer {
  readonly code: number;
  readonly items: readonly ItemResult[];
}

export class TestLedger {
  readonly members: readonly TestMember[];
  /** All entries of the log, block entries included. */
  readonly entries: Uint8Array[] = [];
  readonly appends: BlockAppend[] = [];
  readonly records = new Map<string, Located>();
  readonly certificates = new Map<string, KnownCertificate>();
  readonly superseded = new Set<number>();
  state: LedgerState;

  readonly #ports: LedgerPorts;

  constructor(memberCount = 1, seed = 'members', withPorts: LedgerPorts = ports) {
    this.#ports = withPorts;
    this.members = makeMembers(memberCount, seed);
    const { state, append } = applyGenesis(makeGenesis(this.members), ports);
    this.state = state;
    this.#keep(append);
  }

  get member(): TestMember {
    return this.members[0] as TestMember;
  }

  /** Applies a block and moves on. A block that changed nothing leaves everything as it was. */
  block(transactions: readonly Uint8Array[], time = this.state.time + 1): BlockOutcome {
    const outcome = this.preview(transactions, time);
    if (outcome.append !== null) {
      this.state = takeOver(this.state, outcome.append);
      this.#keep(outcome.append);
    }
    return outcome;
  }

  /** What a block would do. */
  preview(transactions: readonly Uint8Array[], time = this.state.time + 1): BlockOutcome {
    const prepared = transactions.map((bytes) => prepareForBlock(bytes, this.state.network, this.#ports));
    const block = { height: this.state.height + 1, time, transactions: prepared };
    return applyBlock(this.state, this.#load(touchedBy(prepared)), block, this.#ports);
  }

  /** The answer to one transaction in a block of its own. */
  submit(transaction: Uint8Array, time?: number): Answer {
    return answers(this.block([transaction], time))[0] as Answer;
  }

  record(recordId: Uint8Array): Located | undefined {
    return this.records.get(toHex(recordId));
  }

  /** Changes the current version in place, for states that no operation makes yet. The log does not know. */
  override(recordId: Uint8Array, change: Partial<RecordVersion>): void {
    const located = this.record(recordId);
    if (located === undefined) throw new Error('no such record');
    this.records.set(toHex(recordId), { ...located, record: { ...located.record, ...change } });
  }

  checkpoint(signers: readonly TestMember[] = this.members, time = this.state.time): SignedCheckpoint {
    const { network, frontier, root } = this.state;
    return signCheckpoint({ origin: network.origin, size: frontier.size, root }, signers, time);
  }

  /** The proof request for an identity: its entry and those of the authorities above its controller. */
  proofRequest(recordId: Uint8Array, checkpoint = this.checkpoint()): ProofRequest {
    const wanted: number[] = [];
    const open = [recordId];
    for (let id = open.shift(); id !== undefined; id = open.shift()) {
      const located = this.record(id);
      if (located === undefined) throw new Error('no such record');
      wanted.push(located.index);
      open.push(...located.record.authorityIds);
    }
    return { entries: this.entries, checkpoint, wanted };
  }

  proof(recordId: Uint8Array, checkpoint = this.checkpoint()): Uint8Array {
    return binaryProof(this.proofRequest(recordId, checkpoint));
  }

  #keep(append: BlockAppend): void {
    for (const { index, bytes, record } of append.entries) {
      this.entries.push(bytes);
      this.records.set(toHex(record.recordId), { index, record });
    }
    this.entries.push(append.blockEntry.bytes);
    for (const certificate of append.certificates) this.certificates.set(certificateKey(certificate), certificate);
    for (const index of append.superseded) this.superseded.add(index);
    this.appends.push(append);
  }

  /** Just what the transactions name, and the authorities above it: a contract that reads more fails. */
  #load({ recordIds, certificates }: Touched): LoadedView {
    const records = new Map<string, Located | undefined>();
    const open = [...recordIds];
    for (let id = open.shift(); id !== undefined; id = open.shift()) {
      if (records.has(toHex(id))) continue;
      const located = this.record(id);
      records.set(toHex(id), located);
      open.push(...(located?.record.authorityIds ?? []));
    }
    const known = certificates.map(
      (name) => [certificateKey(name), this.certificates.get(certificateKey(name))] as const,
    );
    return new LoadedView(records, new Map(known));
  }
}

export const answers = ({ results }: BlockOutcome): Answer[] =>
  results.map(({ code, data }) => ({ code, items: data.length === 0 ? [] : (parseItemResults(decode(data)) ?? []) }));
