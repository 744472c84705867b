/** HTTP as the client needs it: a timeout and a size for everything, and problem documents as errors. @see RFC 9457 */
import { concat, fromUtf8, toUtf8 } from '../../src/core/bytes.ts';
import { LedgerError } from './ledger-error.ts';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** JSON answers are small: the largest is the network's with its policy. */
const JSON_BYTES_MAX = 2 * 1_048_576;
const PROBLEM_BYTES_MAX = 16_384;

/** Statuses that a later attempt may not meet. @see RFC 9110 §15, RFC 6585 §4 */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 502, 503, 504]);

/** @throws LedgerError `unreachable`, `timed_out`, or the code of the node's problem document */
export async function request(fetch: Fetch, url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw connectionError(url, cause);
  });
  if (response.ok) return response;
  throw await problemError(response);
}

/** A connection that was not made, or that broke. */
export function connectionError(url: string, cause: unknown): LedgerError {
  if (cause instanceof LedgerError) return cause;
  const isTimeout = cause instanceof Error && cause.name === 'TimeoutError';
  if (isTimeout) return new LedgerError('timed_out', `${url} does not answer`, { retryable: true, cause });
  const reason = reasonOf(cause);
  const message = `${url} cannot be reached${reason === '' ? '' : `: ${reason}`}`;
  return new LedgerError('unreachable', message, { retryable: !LASTING_REASONS.has(reason), cause });
}

/** Where fetch sends no request at all, as after a redirect. @see Fetch §4.2 scheme fetch, §2.9 port blocking */
const LASTING_REASONS: ReadonlySet<string> = new Set(['unknown scheme', 'bad port']);

/** Node keeps the reason (ECONNREFUSED and the like) in the cause of "fetch failed". */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown; message?: unknown } };
  const reason = cause?.code ?? cause?.message;
  return typeof reason === 'string' ? reason : '';
}

async function problemError(response: Response): Promise<LedgerError> {
  const { status } = response;
  const retryable = RETRYABLE_STATUSES.has(status);
  const problem = await readProblem(response);
  const { code, title, detail } = problem;
  const sentence = [title, detail].filter((part) => typeof part === 'string').join(': ');
  if (typeof code === 'string') return new LedgerError(code, sentence || code, { retryable, status });
  return new LedgerError('http_status', sentence || `the node answers with status ${status}`, { retryable, status });
}

interface ProblemDocument {
  readonly code?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
}

async function readProblem(response: Response): Promise<ProblemDocument> {
  try {
    const value: unknown = JSON.parse(toUtf8(await readBytes(response, PROBLEM_BYTES_MAX)) ?? '');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // A proxy's page, or nothing: the status says what there is to say.
    return {};
  }
}

/** @throws LedgerError `answer_malformed` beyond `bytesMax`, `unreachable` when the connection breaks */
export async function readBytes(response: Response, bytesMax: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of chunks(response)) {
    length += part.length;
    if (length > bytesMax) throw new LedgerError('answer_malformed', 'the answer is too long');
    parts.push(part);
  }
  return concat(...parts);
}

export async function readJson(response: Response): Promise<unknown> {
  const text = toUtf8(await readBytes(response, JSON_BYTES_MAX));
  return parseJson(text);
}

export function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch (cause) {
    throw new LedgerError('answer_malformed', 'the answer is not JSON', { cause });
  }
}

/** Each byte chunk of the body; cancels the body when the consumer stops early. */
export async function* chunks(response: Response): AsyncGenerator<Uint8Array, void> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  let isDone = false;
  try {
    while (!isDone) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw connectionError(response.url, cause);
      });
      isDone = done;
      if (value !== undefined) yield value;
    }
  } finally {
    if (!isDone) await reader.cancel().catch(() => undefined);
  }
}

/** The lines of a body, without their ends; an unfinished last line is no line. */
export async function* lines(response: Response, lineBytesMax: number): AsyncGenerator<string, void> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const part of chunks(response)) {
    rest = rest.length === 0 ? part : concat(rest, part);
    let start = 0;
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED, start)) {
      const line = toUtf8(rest.subarray(start, end));
      if (line === undefined) throw new LedgerError('answer_malformed', 'the answer is not UTF-8');
      if (line !== '') yield line;
      start = end + 1;
    }
    rest = rest.subarray(start);
    if (rest.length > lineBytesMax) throw new LedgerError('answer_malformed', 'a line of the answer is too long');
  }
  if (rest.length > 0)
    throw new LedgerError('unreachable', 'the answer ends in the middle of a line', { retryable: true });
}

const LINE_FEED = 0x0a;

export const toLine = (value: unknown): Uint8Array<ArrayBuffer> => fromUtf8(`${JSON.stringify(value)}\n`);
