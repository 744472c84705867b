/**
 * The ledger said again, slowly: plain maps, entries written by hand, all trees anew for every block. Histories are played on it and
 * on the state machine, and must come out the same.
 */
import { compare, toHex } from '../../src/core/bytes.ts';
import { type Cbor, encode } from '../../src/core/cbor.ts';
import { CODES } from '../../src/protocol/codes.ts';
import { parseCertificate } from '../../src/x509/certificate.ts';
import { hashOf, ports } from './crypto.ts';
import { addSubmitter, type Device, endIdentity, register } from './devices.ts';
import type { Account, Answer, Signing } from './ledger.ts';
import type { TestMember } from './members.ts';
import * as naive from './naive-tree.ts';
import { flipped } from './random.ts';

/** What is wrong with a transaction as a whole. */
export const FAULTS = ['expired', 'too_long', 'network', 'epoch', 'key', 'signature'] as const;
export type Fault = (typeof FAULTS)[number];

export type Action = { readonly fault: Fault | undefined; readonly signer: Account } & (
  | { readonly kind: 'add'; readonly submitter: Account }
  | { readonly kind: 'register'; readonly devices: readonly (Device & { readonly boundTo: Account })[] }
  | { readonly kind: 'end'; readonly device: Device; readonly version: number; readonly reason: number }
);

const FAULT_CODES: Readonly<Record<Fault, number>> = {
  expired: CODES.transaction_expired,
  too_long: CODES.valid_too_long,
  network: CODES.wrong_network,
  epoch: CODES.wrong_epoch,
  key: CODES.signer_key_unknown,
  signature: CODES.bad_transaction_signature,
};

/** The bytes of an action, for a block of that time. */
export function sign(action: Action, blockTime: number): Uint8Array {
  const { fault, signer } = action;
  const header: Signing['header'] = {
    validUntil: fault === 'expired' ? blockTime - 1 : fault === 'too_long' ? blockTime + 86_401 : blockTime + 900,
    ...(fault === 'network' && { networkId: hashOf('another network') }),
    ...(fault === 'epoch' && { epoch: 7 }),
    ...(fault === 'key' && { keyId: hashOf('another key') }),
  };
  const bytes = signed(action, signer, header);
  return fault === 'signature' ? flipped(bytes, bytes.length - 1) : bytes;
}

function signed(action: Action, signer: Account, header: Signing['header'] & object): Uint8Array {
  switch (action.kind) {
    case 'add':
      return addSubmitter(signer, action.submitter, { header });
    case 'register':
      return register(signer, action.devices, { header });
    case 'end':
      return endIdentity(signer, action.device.recordId, { version: action.version, reason: action.reason, header });
  }
}

interface ModelIdentity {
  readonly controller: string;
  readonly row: readonly Cbor[];
  index: number;
  version: number;
  isEnded: boolean;
}

export class LedgerModel {
  readonly entries: Uint8Array[];
  readonly superseded = new Set<number>();
  readonly #members: ReadonlyMap<string, TestMember>;
  /** Submitter to member. */
  readonly #submitters = new Map<string, { readonly member: string; readonly index: number }>();
  readonly #identities = new Map<string, ModelIdentity>();
  readonly #signersHash: Uint8Array;
  #height = 0;
  #lastBlock: number;

  constructor(members: readonly TestMember[], genesis: readonly Uint8Array[]) {
    this.entries = [...genesis];
    this.#lastBlock = genesis.length - 1;
    this.#members = new Map(members.map((member) => [toHex(member.recordId), member]));
    const signers = [...members]
      .sort((a, b) => compare(a.recordId, b.recordId))
      .map(({ recordId, cosigner }): Cbor => [recordId, cosigner.raw, null]);
    this.#signersHash = ports.hasher.sha256(encode(['entente/signers/v1', signers]));
  }

  root = (): Uint8Array => naive.root(this.entries.map(naive.leafHash));
  statusRoot = (): Uint8Array => naive.statusRoot(this.entries.length, this.superseded);

  /** What each action of a block answers. The log moves on when one of them wrote. */
  block(actions: readonly Action[], time: number): Answer[] {
    const firstEntry = this.entries.length;
    const answers = actions.map((action) => this.#apply(action));
    if (this.entries.length === firstEntry) return answers;
    this.#height += 1;
    const status = naive.statusRoot(this.entries.length + 1, this.superseded);
    const block = [
      0,
      1,
      1,
      this.#height,
      time,
      firstEntry,
      this.#lastBlock,
      status,
      this.#signersHash,
      this.#signersHash,
    ];
    this.#lastBlock = this.entries.push(encode(block)) - 1;
    return answers;
  }

  #apply(action: Action): Answer {
    const { fault } = action;
    const signer = toHex(action.signer.recordId);
    if (fault === 'expired' || fault === 'too_long' || fault === 'network' || fault === 'epoch')
      return refused(FAULT_CODES[fault]);
    if (!this.#members.has(signer) && !this.#submitters.has(signer)) return refused(CODES.signer_unknown);
    if (fault !== undefined) return refused(FAULT_CODES[fault]);
    switch (action.kind) {
      case 'add':
        return this.#add(signer, action);
      case 'register':
        return {
          code: CODES.accepted,
          items: action.devices.map((device) => this.#register(signer, action.signer, device)),
        };
      case 'end':
        return this.#end(signer, action);
    }
  }

  #add(signer: string, { signer: { recordId: member }, submitter }: Action & { kind: 'add' }): Answer {
    const { recordId, key } = submitter;
    if (!this.#members.has(signer)) return refused(CODES.not_authorized);
    const existing = this.#submitters.get(toHex(recordId));
    if (existing) return refused(CODES.record_exists, { recordId, index: existing.index });
    const index =
      this.entries.push(
        encode([
          3,
          1,
          recordId,
          1,
          null,
          null,
          1,
          [member],
          new Map<number, Cbor>([
            [0, 'Factory'],
            [16, [key.spki]],
          ]),
        ]),
      ) - 1;
    this.#submitters.set(toHex(recordId), { member: signer, index });
    return accepted({ recordId, index });
  }

  #register(
    signer: string,
    { recordId: signerId }: Account,
    { der, recordId, boundTo }: Device & { boundTo: Account },
  ): Answer['items'][number] {
    if (compare(boundTo.recordId, signerId) !== 0) return { code: CODES.binding_mismatch, recordId: null, index: null };
    const known = this.#identities.get(toHex(recordId));
    if (known) {
      const isSame = compare(known.row[0] as Uint8Array, ports.hasher.sha256(der)) === 0;
      const existing = { recordId, index: known.index };
      if (!isSame) return { code: known.isEnded ? CODES.identity_ended : CODES.identity_exists, ...existing };
      if (known.controller !== signer) return { code: CODES.registered_by_other, recordId: null, index: null };
      return { code: known.isEnded ? CODES.certificate_revoked : CODES.accepted, ...existing };
    }
    const row = rowOf(der);
    const index =
      this.entries.push(
        encode([
          4,
          1,
          recordId,
          1,
          null,
          null,
          1,
          [signerId],
          new Map<number, Cbor>([
            [0, 1],
            [2, [row]],
          ]),
        ]),
      ) - 1;
    this.#identities.set(toHex(recordId), { controller: signer, row, index, version: 1, isEnded: false });
    return { code: CODES.accepted, recordId, index };
  }

  #end(signer: string, { device: { recordId }, version, reason }: Action & { kind: 'end' }): Answer {
    const identity = this.#identities.get(toHex(recordId));
    if (!identity) return refused(CODES.record_unknown);
    const { controller, row } = identity;
    if (signer !== controller && signer !== this.#submitters.get(controller)?.member)
      return refused(CODES.not_authorized);
    if (identity.isEnded) return refused(CODES.record_ended, { recordId, index: identity.index });
    if (identity.version !== version) return refused(CODES.version_mismatch, { recordId, index: identity.index });
    const first = identity.index;
    const payload = new Map<number, Cbor>([
      [0, 1],
      [2, [[...row.slice(0, 7), first, ...row.slice(8)]]],
      [9, reason],
    ]);
    const parents = [new Uint8Array(Buffer.from(controller, 'hex'))];
    this.superseded.add(first);
    identity.index = this.entries.push(encode([4, 1, recordId, 2, first, first, 3, parents, payload])) - 1;
    identity.version = 2;
    identity.isEnded = true;
    return accepted({ recordId, index: identity.index });
  }
}

type Named = { readonly recordId: Uint8Array; readonly index: number };
const refused = (code: number, named?: Named): Answer => ({ code, items: named ? [{ code, ...named }] : [] });
const accepted = (named: Named): Answer => ({ code: CODES.accepted, items: [{ code: CODES.accepted, ...named }] });

function rowOf(der: Uint8Array): readonly Cbor[] {
  const parsed = parseCertificate(der);
  if (!parsed.ok) throw new Error('the model registers sound certificates only');
  const { tbs, spki, notBefore, notAfter } = parsed.value;
  const [derHash, tbsHash, spkiHash] = [der, tbs, spki].map((bytes) => ports.hasher.sha256(bytes)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  return [derHash, tbsHash, spkiHash, null, notBefore, notAfter, null, null, 1, 1];
}
