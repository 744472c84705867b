/** A node of one member in this process: real database, sequencer and signer, a clock that the test moves. */
import { join } from 'node:path';
import { CheckpointSigner, type NoteSigner } from '../../src/consensus/checkpoint-signer.ts';
import { HighWaterFile } from '../../src/consensus/high-water-file.ts';
import { type SequencerPoint, SoloSequencer } from '../../src/consensus/solo.ts';
import { decode } from '../../src/core/cbor.ts';
import { type ItemResult, parseItemResults } from '../../src/protocol/operation.ts';
import { Prover } from '../../src/service/prove.ts';
import type { CommitPoint } from '../../src/store/block-writer.ts';
import type { Database } from '../../src/store/database.ts';
import { LedgerStore } from '../../src/store/ledger-store.ts';
import { ports } from './crypto.ts';
import { type DatabasePlace, openDatabase } from './database-place.ts';
import { GENESIS_TIME, makeGenesis } from './ledger.ts';
import { makeMembers, policyText, type TestMember } from './members.ts';

export type Point = CommitPoint | SequencerPoint;

export interface TestNodeOptions {
  readonly place: DatabasePlace;
  /** For the high-water mark. */
  readonly folder: string;
  readonly observe?: (point: Point) => void;
  readonly onSigned?: (message: Uint8Array) => void;
}

export class TestNode {
  static readonly member = makeMembers(1)[0] as TestMember;
  static readonly policy = policyText([TestNode.member]);

  readonly database: Database;
  readonly store: LedgerStore;
  readonly sequencer: SoloSequencer;
  readonly prover: Prover;
  readonly clock: { time: number };
  readonly fatal: unknown[];

  private constructor(parts: Pick<TestNode, 'database' | 'store' | 'sequencer' | 'prover' | 'clock' | 'fatal'>) {
    ({ database: this.database, store: this.store, sequencer: this.sequencer, prover: this.prover } = parts);
    ({ clock: this.clock, fatal: this.fatal } = parts);
  }

  static async open({ place, folder, observe = () => {}, onSigned = () => {} }: TestNodeOptions): Promise<TestNode> {
    const database = await openDatabase(place);
    const store = new LedgerStore(database, ports, observe);
    await store.initialize(makeGenesis([TestNode.member]));
    const { logKey, cosignerKey, log, cosigner } = TestNode.member;
    const signing = (key: NoteSigner['key'], sign: NoteSigner['sign']): NoteSigner => ({
      key,
      sign(message) {
        onSigned(message);
        return sign(message);
      },
    });
    const keys = { log: signing(logKey, log.sign), cosigner: signing(cosignerKey, cosigner.sign) };
    HighWaterFile.create(join(folder, 'high-water'));
    const signer = await CheckpointSigner.open(keys, new HighWaterFile(join(folder, 'high-water')));
    const clock = { time: GENESIS_TIME + 1 };
    const fatal: unknown[] = [];
    const sequencer = await SoloSequencer.open({
      store,
      signer,
      ports,
      clock: { now: () => clock.time },
      onFatal: (error) => fatal.push(error),
      observe,
    });
    return new TestNode({ database, store, sequencer, clock, fatal, prover: new Prover(store, sequencer, ports.tree) });
  }

  /** The code of a transaction and its items. */
  async submit(bytes: Uint8Array): Promise<{ code: number; items: readonly ItemResult[] }> {
    const { result } = await this.sequencer.submit(bytes);
    const items = result.data.length === 0 ? [] : parseItemResults(decode(result.data));
    if (items === undefined) throw new Error('the result cannot be read');
    return { code: result.code, items };
  }

  async close(): Promise<void> {
    await this.sequencer.close();
    await this.database.close();
  }
}
