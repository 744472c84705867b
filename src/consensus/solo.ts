/**
 * The solo sequencer: one member orders transactions, and its quorum is one of one. State machine, formats and proofs are those of
 * the network.
 */
import { EMPTY, toHex } from '../core/bytes.ts';
import type { Clock } from '../core/clock.ts';
import { applyBlock, type BlockAppend, type TransactionResult, takeOver } from '../ledger/apply-block.ts';
import { type Arrival, checkAtDoor, readArrival, signersOf } from '../ledger/door.ts';
import type { LedgerPorts } from '../ledger/ports.ts';
import { type PreparedTransaction, prepareForBlock, touchedBy } from '../ledger/prepared.ts';
import type { LedgerState } from '../ledger/state.ts';
import type { Code } from '../protocol/codes.ts';
import { TRANSACTION_BYTES_MAX } from '../protocol/transaction.ts';
import type {
  BlockStore,
  CheckpointSource,
  PublishedLedger,
  TransactionReceipt,
  TransactionSequencer,
} from '../service/ports.ts';
import { ServiceError } from '../service/service-error.ts';
import type { SignedCheckpoint } from '../tlog/checkpoint.ts';
import type { CheckpointSigner } from './checkpoint-signer.ts';
import { assertAbove } from './high-water.ts';

/** A block waits this long for company: short against a round trip, long enough that a burst shares one commit. */
const GATHER_MS = 5;
/** Bounds the memory of a block and the time for which it holds the database: eight full batches. */
const BLOCK_BYTES_MAX = 8 * TRANSACTION_BYTES_MAX;
/** Submitters beyond this wait outside: everything that is queued is held in memory. */
const QUEUE_BYTES_MAX = 64 * TRANSACTION_BYTES_MAX;
/** An idle ledger is cosigned again so that its proofs stay fresh. Verifiers allow for twice this and the skew. */
export const RECOSIGN_SECONDS = 30;

/** Named moments at which a test may end the process. */
export type SequencerPoint = 'after prefetch' | 'after COMMIT' | 'after answer';

export interface SoloOptions {
  readonly store: BlockStore;
  readonly signer: CheckpointSigner;
  readonly ports: LedgerPorts;
  readonly clock: Clock;
  /** Called once, when the ledger can go on no longer: a failed commit or a broken invariant. */
  readonly onFatal: (error: unknown) => void;
  readonly observe?: (point: SequencerPoint) => void;
}

interface Pending {
  readonly arrival: Arrival;
  resolve(receipt: TransactionReceipt): void;
  reject(error: unknown): void;
}

export class SoloSequencer implements TransactionSequencer, CheckpointSource {
  readonly #options: SoloOptions;
  readonly #observe: (point: SequencerPoint) => void;
  readonly #recosign: NodeJS.Timeout;
  #state: LedgerState;
  #published: PublishedLedger;
  #queue: Pending[] = [];
  #queuedBytes = 0;
  #running: Promise<void> | undefined;
  #isClosed = false;
  /** By the clock, in seconds. */
  #cosignedAt: number;
  #awaitingPublish: (() => void)[] = [];

  private constructor(options: SoloOptions, state: LedgerState, published: PublishedLedger) {
    this.#options = options;
    this.#observe = options.observe ?? (() => {});
    this.#state = state;
    this.#published = published;
    this.#cosignedAt = options.clock.now();
    this.#recosign = setInterval(() => void this.cosignAgain(), RECOSIGN_SECONDS * 1000);
    this.#recosign.unref();
  }

  /** Loads the ledger and signs its newest checkpoint. @throws HighWaterError when the database is older than what was signed */
  static async open(options: SoloOptions): Promise<SoloSequencer> {
    const state = await options.store.loadState();
    await checkExtends(options, state);
    const checkpoint = await signCheckpoint({ ...state, size: state.frontier.size }, state, options);
    return new SoloSequencer(options, state, publishedOf(state, checkpoint));
  }

  submit(bytes: Uint8Array): Promise<TransactionReceipt> {
    if (this.#isClosed) return Promise.reject(new ServiceError('shutting_down', 'the node is shutting down'));
    if (this.#queuedBytes + bytes.length > QUEUE_BYTES_MAX) {
      return Promise.reject(new ServiceError('overloaded', 'too many transactions are waiting'));
    }
    const arrival = readArrival(bytes, this.#options.ports);
    if (!arrival.ok) return Promise.resolve(refusedReceipt(arrival.code.id, arrival.code.code));
    return new Promise((resolve, reject) => {
      this.#queue.push({ arrival: arrival.value, resolve, reject });
      this.#queuedBytes += bytes.length;
      this.#wake();
    });
  }

  published(): PublishedLedger {
    return this.#published;
  }

  async publishedAfter(size: number): Promise<void> {
    while (this.#published.checkpoint.size <= size && !this.#isClosed) {
      await new Promise<void>((resolve) => this.#awaitingPublish.push(resolve));
    }
  }

  /** Cosigns the newest checkpoint with the present time. While blocks are made they do it, also those that change nothing. */
  async cosignAgain(): Promise<void> {
    this.#wake();
    await this.#running;
  }

  /** Finishes what was taken in, and takes in no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#recosign);
    await this.#running;
    for (const resolve of this.#awaitingPublish.splice(0)) resolve();
  }

  /** One loop at a time: it ends when there is nothing to do. */
  #wake(): void {
    this.#running ??= this.#run()
      .catch((error: unknown) => this.#stop(error))
      .finally(() => {
        this.#running = undefined;
        if (this.#queue.length > 0 && !this.#isClosed) this.#wake();
      });
  }

  async #run(): Promise<void> {
    if (this.#queue.length === 0) await this.#refresh();
    while (this.#queue.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
      await this.#makeBlock(this.#takeBlock());
    }
  }

  #takeBlock(): Pending[] {
    let bytes = 0;
    let count = 0;
    for (const { arrival } of this.#queue) {
      bytes += arrival.bytes.length;
      if (count > 0 && bytes > BLOCK_BYTES_MAX) break;
      count += 1;
    }
    const taken = this.#queue.splice(0, count);
    for (const { arrival } of taken) this.#queuedBytes -= arrival.bytes.length;
    return taken;
  }

  async #makeBlock(taken: readonly Pending[]): Promise<void> {
    try {
      const known = await this.#options.store.findTransactions(taken.map(({ arrival }) => arrival.id));
      const answered = new Map([...known].map(([key, { height, result }]) => [key, { height, result }]));
      const fresh = firstOfEach(taken, answered);
      const welcome = await this.#askAtDoor(fresh, answered);
      const append = await this.#commit(welcome, answered);
      for (const { arrival, resolve } of taken) {
        resolve({ id: arrival.id, ...(answered.get(toHex(arrival.id)) as Answer) });
      }
      this.#observe('after answer');
      if (append !== null) await this.#publish(append);
      else if (this.#options.clock.now() >= this.#cosignedAt + RECOSIGN_SECONDS) await this.#refresh();
    } catch (error) {
      for (const { reject } of taken) {
        reject(new ServiceError('shutting_down', 'the block was not written', { cause: error }));
      }
      throw error;
    }
  }

  /** Answers what no block would accept, and returns the rest, read whole. */
  async #askAtDoor(arrivals: readonly Arrival[], answered: Map<string, Answer>): Promise<PreparedTransaction[]> {
    const { store, ports } = this.#options;
    if (arrivals.length === 0) return [];
    const view = await store.loadView(signersOf(arrivals));
    const welcome: PreparedTransaction[] = [];
    for (const arrival of arrivals) {
      const checked = checkAtDoor(arrival, this.#state, view, this.#blockTime(), ports);
      if (checked.ok) welcome.push(prepareForBlock(arrival.bytes, this.#state.network, ports));
      else answered.set(toHex(arrival.id), refusal(checked.code));
    }
    return welcome;
  }

  /** Applies and writes a block. Nothing is answered before it is durable. */
  async #commit(
    transactions: readonly PreparedTransaction[],
    answered: Map<string, Answer>,
  ): Promise<BlockAppend | null> {
    const { store, ports } = this.#options;
    if (transactions.length === 0) return null;
    const view = await store.loadView(touchedBy(transactions));
    this.#observe('after prefetch');
    const block = { height: this.#state.height + 1, time: this.#blockTime(), transactions };
    const { results, append } = applyBlock(this.#state, view, block, ports);
    if (append !== null) {
      await store.commit({ append, transactions, results });
      this.#observe('after COMMIT');
    }
    const height = append?.height ?? null;
    for (const [i, { id }] of transactions.entries()) {
      answered.set(toHex(id), { height, result: results[i] as TransactionResult });
    }
    return append;
  }

  #blockTime(): number {
    return Math.max(this.#options.clock.now(), this.#state.time);
  }

  /** The state moves on together with what is published, in one step: readers never see parts of two blocks. */
  async #publish(append: BlockAppend): Promise<void> {
    const signed = await signCheckpoint({ ...append, size: append.frontier.size }, this.#state, this.#options);
    this.#state = takeOver(this.#state, append);
    this.#setPublished(signed);
  }

  async #refresh(): Promise<void> {
    this.#setPublished(
      await signCheckpoint({ ...this.#state, size: this.#state.frontier.size }, this.#state, this.#options),
    );
  }

  #setPublished(checkpoint: SignedCheckpoint): void {
    this.#cosignedAt = this.#options.clock.now();
    this.#published = publishedOf(this.#state, checkpoint);
    for (const resolve of this.#awaitingPublish.splice(0)) resolve();
  }

  /** The state in memory may be ahead of the database, or neither may be known: only a restart can tell. */
  #stop(error: unknown): void {
    this.#isClosed = true;
    clearInterval(this.#recosign);
    for (const { reject } of this.#queue.splice(0)) reject(new ServiceError('shutting_down', 'the node stopped'));
    for (const resolve of this.#awaitingPublish.splice(0)) resolve();
    this.#options.onFatal(error);
  }
}

/** A database of the same ledger that was extended elsewhere may be longer than the mark: it must still contain what was signed. */
async function checkExtends({ signer, store }: SoloOptions, state: LedgerState): Promise<void> {
  const { mark } = signer;
  if (mark === undefined || mark.size > state.frontier.size) return;
  assertAbove(mark, { size: mark.size, root: await store.rootAt(mark.size) });
}

function signCheckpoint(
  { size, root, time }: { size: number; root: Uint8Array; time: number },
  { network }: LedgerState,
  { signer, clock }: SoloOptions,
): Promise<SignedCheckpoint> {
  return signer.sign({ origin: network.origin, size, root }, Math.max(clock.now(), time));
}

const publishedOf = ({ height, time, status }: LedgerState, checkpoint: SignedCheckpoint): PublishedLedger => ({
  checkpoint,
  height,
  blockTime: time,
  status,
});

type Answer = Omit<TransactionReceipt, 'id'>;

const refusal = (code: Code): Answer => ({ height: null, result: { code, data: EMPTY } });
const refusedReceipt = (id: Uint8Array, code: Code): TransactionReceipt => ({ id, ...refusal(code) });

/** The same bytes sent twice are one transaction, and those that have their answer need no other. */
function firstOfEach(pending: readonly Pending[], answered: ReadonlyMap<string, Answer>): Arrival[] {
  const byId = new Map(pending.map(({ arrival }) => [toHex(arrival.id), arrival]));
  return [...byId].filter(([key]) => !answered.has(key)).map(([, arrival]) => arrival);
}
