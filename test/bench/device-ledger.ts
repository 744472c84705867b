/** A ledger of devices from counters: a million identities of one carrier, and some with real certificates to ask for. */
import { accountPayload } from '../../src/protocol/authority.ts';
import { newIdentityPayload, POSSESSION, SUBJECT_KINDS } from '../../src/protocol/identity.ts';
import { KINDS, type RecordVersion } from '../../src/protocol/record.ts';
import { makeCertificate } from '../support/certificate.ts';
import { hashOf } from '../support/crypto.ts';
import { firstVersion } from '../support/hand-log.ts';
import { p256Key } from '../support/keys.ts';
import { makeMembers, NETWORK_ID } from '../support/members.ts';
import { Random } from '../support/random.ts';
import { rowOf } from '../support/scene.ts';
import { BigLedger } from './big-ledger.ts';

export const START = 1_800_000_000;
const BLOCK_ENTRIES = 1000;
/** One entry in a hundred is a next version, of an identity anywhere in the ledger. */
const SUPERSEDES_ONE_IN = 100;

export interface Device {
  readonly index: number;
  readonly der: Uint8Array;
}

export class DeviceLedger {
  readonly members = makeMembers(4);
  readonly log: BigLedger;
  readonly devices: Device[] = [];
  /** Indexes of the authorities of every device: submitter and member, CA and its member. */
  readonly authorities: readonly number[];
  readonly #random = new Random('device ledger');
  /** Places of future devices, ascending. */
  readonly #places: number[];
  readonly #submitterId = hashOf('submitter');
  readonly #anchorId = hashOf('anchor');
  #height = 0;

  constructor(capacity: number, places: readonly number[]) {
    this.log = new BigLedger(capacity);
    this.#places = [...places].sort((a, b) => a - b);
    this.authorities = this.#addAuthorities();
    this.close();
  }

  close(): void {
    this.log.close(START + this.#height++);
  }

  /** Blocks of identities, until the ledger has exactly that size. */
  growTo(size: number): void {
    while (this.log.size < size) {
      const end = Math.min(this.log.size + BLOCK_ENTRIES, size) - 1;
      while (this.log.size < end) this.#addIdentity();
      this.close();
    }
  }

  #addAuthorities(): number[] {
    const [carrier, authority] = this.members as [(typeof this.members)[number], (typeof this.members)[number]];
    const add = (record: RecordVersion) => this.log.add(record, true);
    add(
      firstVersion({ kind: KINDS.network, recordId: NETWORK_ID, authorityIds: [], payload: new Map([[3, 'bench']]) }),
    );
    const members = this.members.map(({ recordId, payload }) =>
      add(firstVersion({ kind: KINDS.member, recordId, authorityIds: [], payload })),
    ) as [number, number];
    const submitter = add(
      firstVersion({
        kind: KINDS.submitter,
        recordId: this.#submitterId,
        authorityIds: [carrier.recordId],
        payload: accountPayload('Device factory', undefined, [p256Key('submitter').spki]),
      }),
    );
    const anchor = add(
      firstVersion({
        kind: KINDS.anchor,
        recordId: this.#anchorId,
        authorityIds: [authority.recordId],
        payload: new Map([
          ...accountPayload('Device CA', undefined, []),
          [16, hashOf('subject')],
          [17, p256Key('anchor').spki],
          [18, [hashOf('anchor DER')]],
          [19, START],
          [20, START + 1_000_000_000],
        ]),
      }),
    );
    return [submitter, members[0], anchor, members[1]];
  }

  #addIdentity(): void {
    const index = this.log.size;
    if (index >= (this.#places[0] ?? Number.POSITIVE_INFINITY)) this.#addDevice();
    else if (this.#random.oneIn(SUPERSEDES_ONE_IN) && index > 2 * BLOCK_ENTRIES) this.#addNextVersion();
    else this.log.add(this.#identity(index));
  }

  #addDevice(): void {
    this.#places.shift();
    const serial = this.devices.length;
    const der = makeCertificate({ key: p256Key(`device ${serial}`), commonName: `device-${serial}`, issuerName: 'CA' });
    const row = rowOf(der, {
      issuerId: this.#anchorId,
      issuerSerialHash: hashOf(`serial ${serial}`),
      possession: POSSESSION.none,
      binding: 0,
    });
    const record = firstVersion({
      kind: KINDS.identity,
      recordId: hashOf(`device ${serial}`),
      authorityIds: [this.#submitterId],
      payload: newIdentityPayload(SUBJECT_KINDS.device, [row]),
    });
    this.devices.push({ index: this.log.add(record, true), der });
  }

  /** Whose version it would be is of no matter to the trees, but that it is no device and still current. */
  #addNextVersion(): void {
    const { log } = this;
    let before: number;
    do before = this.#random.below(log.size - BLOCK_ENTRIES);
    while (log.status.isSuperseded(before) || this.devices.some(({ index }) => index === before) || before < 100);
    log.add({ ...this.#identity(before), version: 2, supersedes: before, first: before });
  }

  /** An identity with one certificate: every hash is another. */
  #identity(counter: number): RecordVersion {
    const hash = (place: number): Uint8Array => {
      const bytes = new Uint8Array(32).fill(place);
      new DataView(bytes.buffer).setUint32(0, counter);
      return bytes;
    };
    const row = {
      derHash: hash(1),
      tbsHash: hash(2),
      spkiHash: hash(3),
      issuerSerialHash: hash(4),
      notBefore: START,
      notAfter: START + 1_000_000,
      issuerId: this.#anchorId,
      since: null,
      possession: POSSESSION.none,
      binding: 0,
    } as const;
    return firstVersion({
      kind: KINDS.identity,
      recordId: hash(0),
      authorityIds: [this.#submitterId],
      payload: newIdentityPayload(SUBJECT_KINDS.device, [row]),
    });
  }
}
