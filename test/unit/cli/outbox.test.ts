import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { LedgerClient, LedgerError } from '../../../sdk/src/index.ts';
import { Outbox, type SignedBatch } from '../../../src/cli/registration/outbox.ts';
import { collect } from '../../support/collect.ts';

const BATCHES = 12;
const DEVICES = 5;

async function* batches(count = BATCHES): AsyncGenerator<SignedBatch, void> {
  for (let batch = 0; batch < count; batch++) {
    const devices = Array.from({ length: DEVICES }, (_, i) => ({
      source: `${batch}/${i}`,
      der: Uint8Array.of(batch, i),
      claim: null,
    }));
    yield { transaction: Uint8Array.of(batch), devices };
  }
}

const ALL = Array.from({ length: BATCHES * DEVICES }, (_, i) => `${Math.floor(i / DEVICES)}/${i % DEVICES}`);

type Answer = 'results' | 'refusal';

/**
 * A server that answers `linesMax[n]` lines on its n-th connection and then breaks it. The recordId of an answer repeats the
 * transaction's only byte, so that a mix-up is seen.
 */
function startServer(linesMax: readonly number[], answer: Answer = 'results'): Promise<Server> {
  let connection = 0;
  const server = createServer(async (request, response) => {
    const max = linesMax[connection++] ?? Number.POSITIVE_INFINITY;
    let written = 0;
    let batch = 0;
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.flushHeaders();
    for await (const line of createInterface({ input: request })) {
      const id = Buffer.from(JSON.parse(line).transaction, 'base64')[0] as number;
      const recordId = id.toString(16).padStart(2, '0').repeat(32);
      for (let item = 0; item < (answer === 'results' ? DEVICES : 1); item++) {
        if (written++ >= max) return void response.destroy();
        const whole = answer === 'refusal' ? { item: null, code: 104, result: 'transaction_expired' } : {};
        const result = { batch, item, code: 0, result: 'accepted', recordId, index: null, ...whole };
        await new Promise((resolve) => response.write(`${JSON.stringify(result)}\n`, resolve));
      }
      batch += 1;
    }
    response.end();
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

interface ScriptedAnswer {
  readonly batch: number;
  readonly item: number | null;
}

const answersTo = (batch: number, items: readonly (number | null)[]): ScriptedAnswer[] =>
  items.map((item) => ({ batch, item }));

/** A server that takes all batches of a connection and then answers it with the next part of the script; 'broken' ends a part. */
function startScriptedServer(script: readonly (ScriptedAnswer | 'broken')[]): Promise<Server> {
  const rest = [...script];
  const server = createServer(async (request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.flushHeaders();
    await collect(createInterface({ input: request }));
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      if (next === 'broken') return void response.destroy();
      const line = { ...next, code: 0, result: 'accepted', recordId: null, index: null };
      await new Promise((resolve) => response.write(`${JSON.stringify(line)}\n`, resolve));
    }
    response.end();
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function send(linesMax: readonly number[], answer?: Answer) {
  server = await startServer(linesMax, answer);
  const { port } = server.address() as AddressInfo;
  const outbox = new Outbox(new LedgerClient(`http://127.0.0.1:${port}`), batches());
  let retries = 0;
  const decisions = await collect(outbox.send(() => retries++));
  return { decisions, retries };
}

/** What came of two batches. */
async function sendToScript(script: readonly (ScriptedAnswer | 'broken')[]) {
  server = await startScriptedServer(script);
  const { port } = server.address() as AddressInfo;
  const outbox = new Outbox(new LedgerClient(`http://127.0.0.1:${port}`), batches(2));
  const sources: string[] = [];
  try {
    for await (const { device } of outbox.send(() => {})) sources.push(device.source);
  } catch (error) {
    return { sources, error };
  }
  return { sources, error: undefined };
}

describe('Outbox', () => {
  it('gives every device its own answer, in order', async () => {
    const { decisions, retries } = await send([]);
    expect(decisions.map(({ device }) => device.source)).toEqual(ALL);
    expect(decisions.every(({ device, recordId }) => recordId?.[0] === device.der[0])).toBe(true);
    expect(retries).toBe(0);
  });

  it('answers every device once when connections break between and within batches', async () => {
    const { decisions, retries } = await send([DEVICES, 3 * DEVICES + 2, 1]);
    expect(decisions.map(({ device }) => device.source)).toEqual(ALL);
    expect(decisions.every(({ device, recordId }) => recordId?.[0] === device.der[0])).toBe(true);
    expect(retries).toBe(3);
  });

  it('gives the refusal of a batch to each device of it', async () => {
    const { decisions } = await send([], 'refusal');
    expect(decisions.map(({ device }) => device.source)).toEqual(ALL);
    expect(new Set(decisions.map(({ result }) => result))).toEqual(new Set(['transaction_expired']));
  });

  it('gives the refusal of a batch to the devices that had no answer when the connection broke', async () => {
    const script = [...answersTo(0, [0, 1]), 'broken' as const, ...answersTo(0, [null]), ...answersTo(1, [null])];
    expect(await sendToScript(script)).toEqual({ sources: ALL.slice(0, 2 * DEVICES), error: undefined });
  });

  it.each([
    ['leaves out an item', answersTo(0, [0, 2]), 1],
    ['leaves out the last item', [...answersTo(0, [0, 1, 2, 3]), ...answersTo(1, [0])], 4],
    ['leaves out a batch', [...answersTo(0, [0, 1, 2, 3, 4]), ...answersTo(2, [0])], 5],
    ['starts with a later batch', answersTo(1, [null]), 0],
    ['gives an item twice', answersTo(0, [0, 0]), 1],
    ['refuses a batch as a whole after one of its items', answersTo(0, [0, null]), 1],
    ['has one item too many', answersTo(0, [0, 1, 2, 3, 4, 5]), 5],
    ['answers what was not sent', [...answersTo(0, [null]), ...answersTo(1, [null]), ...answersTo(2, [null])], 10],
    [
      'leaves out an item after the connection broke',
      [...answersTo(0, [0, 1]), 'broken' as const, ...answersTo(0, [2])],
      2,
    ],
  ])('refuses a node that %s', async (_, script, answered) => {
    const { sources, error } = await sendToScript(script);
    expect(error).toMatchObject({ name: 'LedgerError', code: 'answer_malformed', retryable: false });
    expect(sources).toEqual(ALL.slice(0, answered));
  });

  it('does not hide why the batches cannot be made', async () => {
    server = await startServer([]);
    const { port } = server.address() as AddressInfo;
    const failure = new Error('unreadable file');
    async function* failing(): AsyncGenerator<SignedBatch, void> {
      yield* [];
      throw failure;
    }
    const outbox = new Outbox(new LedgerClient(`http://127.0.0.1:${port}`), failing());
    await expect(collect(outbox.send(() => {}))).rejects.toBe(failure);
  });

  it('ends at once when the answer is none of a node', async () => {
    server = createServer((_, response) => response.end('<html>\n'));
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const outbox = new Outbox(new LedgerClient(`http://127.0.0.1:${port}`), batches());
    const error = await collect(outbox.send(() => {})).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LedgerError);
    expect((error as LedgerError).code).toBe('answer_malformed');
  });
});
