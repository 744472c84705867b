/** The stream of registrations: batches in, results out, in order, while both go on. */
import { EMPTY, fromBase64, toUtf8 } from '../core/bytes.ts';
import { CODES } from '../protocol/codes.ts';
import { TRANSACTION_BYTES_MAX } from '../protocol/transaction.ts';
import type { TransactionReceipt, TransactionSequencer } from '../service/ports.ts';
import { itemsOf, presentCode, presentItem } from './presenters.ts';
import { problemOf } from './problems.ts';
import { readLines } from './read-body.ts';

/** A transaction in base64 and the JSON around it. */
const LINE_BYTES_MAX = Math.ceil((TRANSACTION_BYTES_MAX * 4) / 3) + 256;
/** Batches of one stream under way: enough to fill a block, few enough that a slow reader slows the sender. */
const BATCHES_AHEAD_MAX = 8;

/** One line a device; a line with `problem` ends the stream. */
export async function* registerStream(
  body: AsyncIterable<Uint8Array> | null,
  sequencer: TransactionSequencer,
): AsyncGenerator<string, void, undefined> {
  let batch = 0;
  try {
    const lines = readLines(body, LINE_BYTES_MAX);
    for await (const receipt of inOrder(lines, (line) => submitLine(line, sequencer))) {
      yield* resultLines(batch, receipt);
      batch += 1;
    }
  } catch (error) {
    const { code, detail } = problemOf(error);
    yield `${JSON.stringify({ batch, problem: code, detail: detail ?? 'the node failed; its log says why' })}\n`;
  }
}

async function submitLine(line: Uint8Array, sequencer: TransactionSequencer): Promise<TransactionReceipt> {
  const transaction = parseLine(line);
  if (transaction !== undefined) return sequencer.submit(transaction);
  return { id: EMPTY, height: null, result: { code: CODES.transaction_malformed, data: EMPTY } };
}

function parseLine(line: Uint8Array): Uint8Array | undefined {
  const text = toUtf8(line);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { transaction } = (typeof value === 'object' && value !== null ? value : {}) as { transaction?: unknown };
  return typeof transaction === 'string' ? fromBase64(transaction) : undefined;
}

function* resultLines(batch: number, receipt: TransactionReceipt): Generator<string> {
  const items = itemsOf(receipt);
  if (items.length === 0) {
    const whole = { batch, item: null, ...presentCode(receipt.result.code), recordId: null, index: null };
    yield `${JSON.stringify(whole)}\n`;
    return;
  }
  let text = '';
  for (const [item, result] of items.entries()) text += `${JSON.stringify({ batch, item, ...presentItem(result) })}\n`;
  yield text;
}

/**
 * Starts up to BATCHES_AHEAD_MAX tasks and yields their results in order. A result is yielded as soon as it is there, also while the
 * next input is awaited: a client may wait for it before it goes on. When the input fails, what was started is still yielded first.
 */
async function* inOrder<In, Out>(
  inputs: AsyncGenerator<In, void, undefined>,
  start: (input: In) => Promise<Out>,
): AsyncGenerator<Out, void, undefined> {
  const running: Promise<Out>[] = [];
  let next: Promise<Input<In>> | undefined;
  let end: Exclude<Input<In>, { kind: 'input' }> | undefined;
  try {
    while (end === undefined || running.length > 0) {
      if (end === undefined && running.length < BATCHES_AHEAD_MAX) next ??= readInput(inputs);
      const head = running[0]?.then((value) => ({ kind: 'result' as const, value }));
      const first = await Promise.race([head, next].filter((candidate) => candidate !== undefined));
      if (first.kind === 'result') {
        running.shift();
        yield first.value;
        continue;
      }
      next = undefined;
      if (first.kind !== 'input') {
        end = first;
        continue;
      }
      const task = start(first.value);
      // A failure is met when its turn comes; until then it is not unhandled.
      task.catch(() => {});
      running.push(task);
    }
    if (end.kind === 'failed') throw end.error;
  } finally {
    await inputs.return();
  }
}

type Input<In> = { kind: 'input'; value: In } | { kind: 'done' } | { kind: 'failed'; error: unknown };

async function readInput<In>(inputs: AsyncGenerator<In, void, undefined>): Promise<Input<In>> {
  try {
    const { done, value } = await inputs.next();
    return done === true ? { kind: 'done' } : { kind: 'input', value };
  } catch (error) {
    return { kind: 'failed', error };
  }
}
