import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerifier } from '../../sdk/src/index.ts';
import { toBase64, toHex } from '../../src/core/bytes.ts';
import { TRANSACTION_BYTES_MAX } from '../../src/protocol/transaction.ts';
import { parseCheckpoint } from '../../src/tlog/checkpoint.ts';
import { verifyInclusion } from '../../src/tlog/tree.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { ports } from '../support/crypto.ts';
import { newDatabase, newFolder } from '../support/databases.ts';
import { addSubmitter, type Device, endIdentity, makeDevice, makeSubmitter, register } from '../support/devices.ts';
import * as naive from '../support/naive-tree.ts';
import { TestNode } from '../support/node.ts';

const submitter = makeSubmitter('api factory');
const devices = (name: string, count: number): Device[] =>
  Array.from({ length: count }, (_, i) => makeDevice(`${name} ${i}`, submitter.recordId));

let api: TestApi;

beforeAll(async () => {
  api = await startApi(await newDatabase('pglite'), newFolder());
  await api.node.submit(addSubmitter(TestNode.member, submitter));
});
afterAll(() => api.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${api.url}${path}`, { headers });
const post = (path: string, type: string, body: string | Uint8Array): Promise<Response> =>
  fetch(`${api.url}${path}`, { method: 'POST', headers: { 'content-type': type }, body: body as string });

const line = (transaction: Uint8Array): string => `${JSON.stringify({ transaction: toBase64(transaction) })}\n`;
const results = async (response: Response): Promise<Record<string, unknown>[]> =>
  (await response.text())
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Record<string, unknown>);
const sha256 = ({ der }: Device): string => toHex(ports.hasher.sha256(der));

describe('POST /v1/transactions', () => {
  it('answers with the code, its name and a sentence', async () => {
    const [device] = devices('single', 1) as [Device];
    const response = await post('/v1/transactions', 'application/cose', register(submitter, [device]));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      code: 0,
      result: 'accepted',
      items: [{ code: 0, result: 'accepted', recordId: toHex(device.recordId) }],
    });
  });

  it('answers a refusal by the ledger with its code, not with an HTTP error', async () => {
    const response = await post('/v1/transactions', 'application/cose', new Uint8Array([1, 2, 3]));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      code: 100,
      result: 'transaction_malformed',
      height: null,
      items: [],
    });
  });

  it('answers the same bytes sent again with the same result', async () => {
    const transaction = register(submitter, devices('again', 3));
    const first = await (await post('/v1/transactions', 'application/cose', transaction)).json();
    expect(await (await post('/v1/transactions', 'application/cose', transaction)).json()).toEqual(first);
  });

  it('refuses a body that is too large with a problem document', async () => {
    const response = await post('/v1/transactions', 'application/cose', new Uint8Array(TRANSACTION_BYTES_MAX + 1));
    expect(response.status).toBe(413);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'request_too_large', status: 413 });
  });
});

describe('POST /v1/registrations', () => {
  it('answers every device of every batch in order, and a refused batch with one line', async () => {
    const good = devices('stream', 3);
    const other = makeSubmitter('stranger');
    const body = [
      line(register(submitter, good.slice(0, 2))),
      line(register(other, good)),
      'no json\n',
      '{"transaction": 7}\n',
      '\n',
      line(register(submitter, [good[2] as Device, makeDevice('bound elsewhere', other.recordId)])),
    ].join('');
    const answered = await results(await post('/v1/registrations', 'application/x-ndjson', body));
    expect(answered.map(({ batch, item, result }) => [batch, item, result])).toEqual([
      [0, 0, 'accepted'],
      [0, 1, 'accepted'],
      [1, null, 'signer_unknown'],
      [2, null, 'transaction_malformed'],
      [3, null, 'transaction_malformed'],
      [4, 0, 'accepted'],
      [4, 1, 'binding_mismatch'],
    ]);
  });

  it('answers a batch while the request is still being sent', async () => {
    const first = register(submitter, devices('duplex a', 2));
    const second = register(submitter, devices('duplex b', 1));
    const { hostname, port } = new URL(api.url);
    const sending = request({ hostname, port, path: '/v1/registrations', method: 'POST' });
    sending.write(line(first));
    const received: Record<string, unknown>[] = [];
    await new Promise<void>((resolve, reject) => {
      sending.once('error', reject);
      sending.once('response', async (response) => {
        for await (const text of createInterface({ input: response })) {
          received.push(JSON.parse(text) as Record<string, unknown>);
          // Only the answer to the first batch lets the client send the second.
          if (received.length === 2) sending.end(line(second));
        }
        resolve();
      });
    });
    expect(received.map(({ batch, item, code }) => [batch, item, code])).toEqual([
      [0, 0, 0],
      [0, 1, 0],
      [1, 0, 0],
    ]);
  });

  it('ends the stream with a problem line when a line is too long, after the answers before it', async () => {
    const body = `${line(register(submitter, devices('before', 1)))}${'x'.repeat(2_000_000)}`;
    const { hostname, port } = new URL(api.url);
    const answered = await new Promise<string>((resolve, reject) => {
      // A connection of its own: the node closes one whose request it did not read to the end.
      const sending = request({ hostname, port, path: '/v1/registrations', method: 'POST', agent: false });
      sending.once('response', (response) => response.toArray().then((chunks) => resolve(chunks.join('')), reject));
      sending.on('error', () => {});
      sending.end(body);
    });
    expect(
      answered
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text) as unknown),
    ).toMatchObject([
      { batch: 0, code: 0 },
      { batch: 1, problem: 'request_too_large' },
    ]);
  });
});

describe('GET /v1/certificates', () => {
  it('tells the state of a certificate before and after its identity is revoked', async () => {
    const [device] = devices('life', 1) as [Device];
    expect((await get(`/v1/certificates/${sha256(device)}`)).status).toBe(404);
    await api.node.submit(register(submitter, [device]));
    const before = await (await get(`/v1/certificates/${sha256(device)}`)).json();
    expect(before).toMatchObject({ sha256: sha256(device), state: 'active', version: 1, isHeld: true });
    await api.node.submit(endIdentity(submitter, device.recordId));
    expect(await (await get(`/v1/identities/${toHex(device.recordId)}`)).json()).toMatchObject({
      state: 'ended',
      version: 2,
      controllerId: toHex(submitter.recordId),
      certificates: [sha256(device)],
    });
  });

  it('proves a certificate in both forms, and the SDK accepts them', async () => {
    const [device] = devices('proven', 1) as [Device];
    await api.node.submit(register(submitter, [device]));
    const verifier = createVerifier({ policy: TestNode.policy, clock: () => api.node.clock.time });
    for (const accept of ['text/plain', 'application/cbor', '*/*']) {
      const response = await get(`/v1/certificates/${sha256(device)}/proof`, { accept });
      const proof = new Uint8Array(await response.arrayBuffer());
      expect(verifier.verifyCertificate({ proof, certificate: device.der }).recordId).toEqual(device.recordId);
    }
    expect((await get(`/v1/certificates/${sha256(device)}/proof`, { accept: 'image/png' })).status).toBe(406);
  });

  it('refuses what is no digest, and knows no other routes', async () => {
    expect(await (await get('/v1/certificates/abc')).json()).toMatchObject({ status: 400, code: 'malformed_request' });
    expect(await (await get(`/v1/identities/${'0'.repeat(64)}`)).json()).toMatchObject({ code: 'identity_unknown' });
    expect(await (await get('/nothing')).json()).toMatchObject({ status: 404, code: 'route_unknown' });
  });
});

describe('the log', () => {
  it('serves tiles, partial tiles and entry bundles that lead to the checkpoint, and nothing else', async () => {
    const before = api.node.sequencer.published().checkpoint.size;
    await api.node.submit(register(submitter, devices('tiles', 300)));
    await api.node.sequencer.publishedAfter(before);
    const text = new TextEncoder().encode(await (await get('/log/checkpoint')).text());
    const checkpoint = parseCheckpoint(text);
    if (!checkpoint.ok) throw new Error(checkpoint.code);
    const { size, root } = checkpoint.value;
    const partial = size % 256;
    const tile = async (path: string): Promise<Uint8Array> => {
      const response = await get(`/log/tile/${path}`);
      expect(response.status, path).toBe(200);
      expect(response.headers.get('cache-control')).toContain('immutable');
      return new Uint8Array(await response.arrayBuffer());
    };
    const leaves = [await tile('0/000'), await tile(`0/001.p/${partial}`)].flatMap((bytes) =>
      Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(32 * i, 32 * i + 32)),
    );
    expect(leaves).toHaveLength(size);
    expect(toHex(naive.root(leaves))).toBe(toHex(root));
    expect(toHex(await tile('1/000.p/1'))).toBe(toHex(naive.root(leaves.slice(0, 256))));

    const bundle = await tile(`entries/001.p/${partial}`);
    const entryLength = ((bundle[0] as number) << 8) | (bundle[1] as number);
    const leafHash = ports.tree.leaf(bundle.subarray(2, 2 + entryLength));
    const path = naive.inclusionPath(256, leaves);
    expect(verifyInclusion({ index: 256, size, leafHash, path, root }, ports.tree).ok).toBe(true);

    for (const absent of [
      `0/001.p/${partial + 1}`,
      '0/001',
      '0/002',
      '2/000.p/1',
      '0/x000/000',
      '00/000',
      '0/000.p/0',
      '0/0',
      'entries/002',
    ]) {
      expect((await get(`/log/tile/${absent}`)).status, absent).toBe(404);
    }
  });
});

it('tells what it is and how durable it is', async () => {
  expect(await (await get('/health')).json()).toMatchObject({
    status: 'ok',
    database: 'pglite',
    durability: expect.stringContaining('power'),
  });
  expect(await (await get('/v1/network')).json()).toMatchObject({
    origin: 'ledger.example/test',
    epoch: 0,
    policy: TestNode.policy,
  });
  expect(api.errors).toEqual([]);
});
