/** A client of a node's HTTP API. */
import { toBase64, toHex } from '../../src/core/bytes.ts';
import {
  type CertificateAnswer,
  type IdentityAnswer,
  type NetworkAnswer,
  parseCertificateAnswer,
  parseIdentityAnswer,
  parseNetworkAnswer,
  parseRegistrationResult,
  parseTransactionAnswer,
  type RegistrationResult,
  type TransactionAnswer,
} from './answers.ts';
import { connectionError, type Fetch, lines, parseJson, readBytes, readJson, request, toLine } from './http.ts';

export interface LedgerClientOptions {
  /** Default: the platform's `fetch`. */
  readonly fetch?: Fetch;
  /** How long a request may take; for a registration, how long nothing may happen. Default 60. */
  readonly timeoutSeconds?: number;
}

/** The text form any tlog-proof reader can check; the binary one is a third smaller. */
export type ProofForm = 'text' | 'cbor';

const DEFAULT_TIMEOUT_SECONDS = 60;
/** The largest proof has 1 MiB, a third more in base64, and its checkpoint. */
const PROOF_BYTES_MAX = 2 * 1_048_576;
const RESULT_LINE_BYTES_MAX = 4096;
const PROOF_TYPES: Readonly<Record<ProofForm, string>> = { text: 'text/plain', cbor: 'application/cbor' };

/**
 * Every method throws `LedgerError`: `unreachable` and `timed_out` (both retryable, unless no request can ever be sent there),
 * `answer_malformed`, or the code of the node's problem document. What the ledger decides is in the answers: a refusal is not an error.
 */
export class LedgerClient {
  readonly #baseUrl: string;
  readonly #fetch: Fetch;
  readonly #timeoutMs: number;

  /**
   * `baseUrl` such as `http://127.0.0.1:8080`.
   * @throws TypeError when it is no http:// or https:// URL
   */
  constructor(baseUrl: string | URL, { fetch, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: LedgerClientOptions = {}) {
    const url = String(baseUrl);
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new TypeError(`${url} is no http:// or https:// URL`);
    this.#baseUrl = url.replace(/\/+$/, '');
    this.#fetch = fetch ?? ((address, init) => globalThis.fetch(address, init));
    this.#timeoutMs = timeoutSeconds * 1000;
  }

  /** Which ledger the node runs, and how far it is. */
  async network(): Promise<NetworkAnswer> {
    return parseNetworkAnswer(await this.#getJson('/v1/network'));
  }

  /** Submits one signed transaction and waits for the block that decides it. */
  async submit(transaction: Uint8Array): Promise<TransactionAnswer> {
    const response = await request(this.#fetch, this.#url('/v1/transactions'), {
      method: 'POST',
      headers: { 'content-type': 'application/cose', accept: 'application/json' },
      body: new Uint8Array(transaction),
      signal: AbortSignal.timeout(this.#timeoutMs),
    });
    return parseTransactionAnswer(await readJson(response));
  }

  /**
   * Registers batches, from `signRegistration`, over one connection: results come back while later batches are still being made and sent,
   * and a slow ledger slows the caller's iterable down. Needs a `fetch` that streams both ways, such as Node's; in browsers use `submit`
   * for each batch.
   *
   * When the connection breaks, results so far were yielded and the error is retryable: send the unanswered batches again.
   */
  async *register(batches: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<RegistrationResult, void> {
    const url = this.#url('/v1/registrations');
    const idle = new IdleTimeout(this.#timeoutMs);
    const source = new BatchSource(batches, () => idle.restart());
    try {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson', accept: 'application/x-ndjson' },
        body: source.stream,
        signal: idle.signal,
        duplex: 'half',
      } as const;
      const response = await request(this.#fetch, url, init);
      for await (const line of lines(response, RESULT_LINE_BYTES_MAX)) {
        // What the caller does with a result is not the ledger's time.
        idle.stop();
        yield parseRegistrationResult(parseJson(line));
        idle.restart();
      }
    } catch (error) {
      // The caller's own failure ends the request as well, and is the one to report.
      throw source.failure ?? connectionError(url, error);
    } finally {
      idle.stop();
    }
  }

  /** Where a certificate stands, as this node says. `sha256`: of its DER, 32 bytes. Unknown: `LedgerError` with status 404. */
  async certificate(sha256: Uint8Array): Promise<CertificateAnswer> {
    return parseCertificateAnswer(await this.#getJson(`/v1/certificates/${toHex(sha256)}`));
  }

  /** The current version of an identity. Unknown: `LedgerError` with status 404. */
  async identity(recordId: Uint8Array): Promise<IdentityAnswer> {
    return parseIdentityAnswer(await this.#getJson(`/v1/identities/${toHex(recordId)}`));
  }

  /** The proof file of a certificate, for `Verifier.verifyCertificate`. `sha256`: of its DER, 32 bytes. */
  async proof(sha256: Uint8Array, { form = 'text' }: { form?: ProofForm } = {}): Promise<Uint8Array> {
    const response = await this.#get(`/v1/certificates/${toHex(sha256)}/proof`, PROOF_TYPES[form]);
    return await readBytes(response, PROOF_BYTES_MAX);
  }

  async #getJson(path: string): Promise<unknown> {
    return await readJson(await this.#get(path, 'application/json'));
  }

  #get(path: string, accept: string): Promise<Response> {
    return request(this.#fetch, this.#url(path), {
      headers: { accept },
      signal: AbortSignal.timeout(this.#timeoutMs),
    });
  }

  #url(path: string): string {
    return this.#baseUrl + path;
  }
}

/** A request body of one line per batch that remembers how its source failed. */
class BatchSource {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  failure: unknown;

  constructor(batches: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, onBatch: () => void) {
    const iterator = iterate(batches);
    this.stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull: async (controller) => {
          try {
            const { done, value } = await iterator.next();
            if (done) return controller.close();
            controller.enqueue(toLine({ transaction: toBase64(value) }));
            onBatch();
          } catch (error) {
            this.failure = error;
            controller.error(error);
          }
        },
        cancel: async () => {
          await iterator.return?.();
        },
      },
      // One batch waits while another is on its way: more would only hide how slow the ledger is.
      { highWaterMark: 1 },
    );
  }
}

async function* iterate(batches: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield* batches;
}

/** Aborts when nothing happens for a time. */
class IdleTimeout {
  readonly #abort = new AbortController();
  readonly #milliseconds: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  restart(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#abort.abort(new DOMException('nothing happened for too long', 'TimeoutError'));
    }, this.#milliseconds);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
