/** Batches on their way: kept until they are answered, sent again when the connection breaks. */
import { type Decision, type LedgerClient, LedgerError, type RegistrationItem } from '../../../sdk/src/index.ts';

export interface Device extends RegistrationItem {
  /** Where the certificate came from. */
  readonly source: string;
}

export interface SignedBatch {
  readonly transaction: Uint8Array;
  readonly devices: readonly Device[];
}

export interface DeviceDecision extends Decision {
  readonly device: Device;
}

interface Waiting extends SignedBatch {
  answered: number;
}

export interface Retry {
  readonly error: LedgerError;
  readonly seconds: number;
}

/** Attempts that bring no answer at all: a node that restarts is back within half a minute. */
const FRUITLESS_ATTEMPTS_MAX = 6;

export class Outbox {
  readonly #client: LedgerClient;
  readonly #batches: AsyncIterator<SignedBatch, void>;
  /** By sequence number, from the first unanswered batch on without gaps: answers come in order. */
  readonly #waiting = new Map<number, Waiting>();
  #sequence = 0;
  #pulling: Promise<boolean> | undefined;

  constructor(client: LedgerClient, batches: AsyncIterator<SignedBatch, void>) {
    this.#client = client;
    this.#batches = batches;
  }

  /** @throws LedgerError when the ledger cannot be reached for too long, or will not take the stream */
  async *send(onRetry: (retry: Retry) => void): AsyncGenerator<DeviceDecision, void> {
    for (let fruitless = 0; ; fruitless++) {
      try {
        for await (const decision of this.#connect()) {
          fruitless = 0;
          yield decision;
        }
        return;
      } catch (error) {
        if (!(error instanceof LedgerError) || !error.retryable || fruitless >= FRUITLESS_ATTEMPTS_MAX - 1) throw error;
        const seconds = 2 ** fruitless;
        onRetry({ error, seconds });
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      }
    }
  }

  async *#connect(): AsyncGenerator<DeviceDecision, void> {
    const first = this.#firstWaiting();
    let sequence = first;
    let position = 0;
    for await (const { batch, item, ...decision } of this.#client.register(this.#transactionsFrom(first))) {
      // A device that an answer passed over would be in no report.
      if (first + batch !== sequence || (item ?? 0) !== position)
        throw new LedgerError('answer_malformed', 'the node leaves answers out or gives them out of order');
      const waiting = this.#waiting.get(sequence);
      if (waiting === undefined)
        throw new LedgerError('answer_malformed', 'the node answers a batch that was not sent');
      const { devices } = waiting;
      for (const device of devices.slice(position, item === null ? undefined : position + 1)) {
        position += 1;
        // Answers that came before the connection broke come again.
        if (position <= waiting.answered) continue;
        waiting.answered = position;
        if (position === devices.length) this.#waiting.delete(sequence);
        yield { ...decision, device };
      }
      if (position === devices.length) {
        sequence += 1;
        position = 0;
      }
    }
    if (this.#waiting.size > 0) throw new LedgerError('unreachable', 'the node stopped answering', { retryable: true });
  }

  #firstWaiting(): number {
    for (const sequence of this.#waiting.keys()) return sequence;
    return this.#sequence;
  }

  async *#transactionsFrom(first: number): AsyncGenerator<Uint8Array, void> {
    for (let sequence = first; ; sequence++) {
      while (sequence >= this.#sequence) if (!(await this.#pull())) return;
      const waiting = this.#waiting.get(sequence);
      if (waiting !== undefined) yield waiting.transaction;
    }
  }

  /** One at a time, shared: the request of a broken connection may still be waiting for the next batch. */
  #pull(): Promise<boolean> {
    this.#pulling ??= this.#batches
      .next()
      .then((next) => {
        if (next.done) return false;
        this.#waiting.set(this.#sequence++, { ...next.value, answered: 0 });
        return true;
      })
      .finally(() => {
        this.#pulling = undefined;
      });
    return this.#pulling;
  }
}
