/** The HTTP API: routes joined to use cases. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { fromHex, toHex } from '../core/bytes.ts';
import { assert } from '../core/outcome.ts';
import { TRANSACTION_BYTES_MAX } from '../protocol/transaction.ts';
import { lookUpCertificate, lookUpIdentity } from '../service/lookup.ts';
import type { CheckpointSource, LedgerReader, TransactionSequencer } from '../service/ports.ts';
import type { Prover } from '../service/prove.ts';
import { ServiceError } from '../service/service-error.ts';
import { readTile } from '../service/tiles.ts';
import { formatCheckpoint } from '../tlog/checkpoint.ts';
import { encodeProof } from '../tlog/proof.ts';
import { formatTlogProof } from '../tlog/tlog-proof.ts';
import { presentCertificate, presentIdentity, presentReceipt } from './presenters.ts';
import { problemOf, respondProblem, routeUnknown } from './problems.ts';
import { readBody } from './read-body.ts';
import { registerStream } from './registrations.ts';
import {
  certificateRoute,
  checkpointRoute,
  healthRoute,
  identityRoute,
  networkRoute,
  proofRoute,
  transactionsRoute,
} from './routes.ts';

export interface ApiServices {
  readonly network: {
    readonly networkId: Uint8Array;
    readonly origin: string;
    readonly epoch: number;
    readonly name: string;
    readonly genesisHash: Uint8Array;
    readonly policy: string;
  };
  readonly database: 'postgres' | 'pglite';
  readonly reader: LedgerReader;
  readonly sequencer: TransactionSequencer;
  readonly checkpoints: CheckpointSource;
  readonly prover: Prover;
  /** Told of every error whose cause the caller does not get. */
  readonly logError: (error: unknown) => void;
}

const DURABILITY = {
  postgres: 'what is acknowledged survives the loss of power, as Postgres is configured',
  pglite: 'what is acknowledged survives the end of the process, not the loss of power: use Postgres for that',
} as const;

const IMMUTABLE = 'public, max-age=31536000, immutable';

export function createApi(services: ApiServices): OpenAPIHono {
  const { network, reader, sequencer, checkpoints, prover } = services;
  const app = new OpenAPIHono({
    defaultHook: (result) => {
      if (!result.success)
        throw new ServiceError('malformed_request', result.error.issues.map(({ message }) => message).join('; '));
    },
  });
  app.onError((error, context) => {
    const problem = problemOf(error);
    if (problem.status >= 500) services.logError(error);
    return respondProblem(context, problem);
  });
  app.notFound((context) => respondProblem(context, routeUnknown()));

  app.openapi(networkRoute, (context) => {
    const { checkpoint, height } = checkpoints.published();
    const { networkId, genesisHash, origin, epoch, name, policy } = network;
    const ids = { networkId: toHex(networkId), genesisHash: toHex(genesisHash) };
    return context.json({ ...ids, origin, epoch, name, policy, height, size: checkpoint.size }, 200);
  });
  // Bodies are read here, bounded, and not by the library.
  app.post(transactionsRoute.getRoutingPath(), async (context) => {
    const bytes = await readBody(context.req.raw.body, TRANSACTION_BYTES_MAX);
    return context.json(presentReceipt(await sequencer.submit(bytes)), 200);
  });
  app.post('/v1/registrations', (context) => {
    const results = registerStream(context.req.raw.body, sequencer);
    return context.body(ReadableStream.from(encodeUtf8(results)), 200, { 'content-type': 'application/x-ndjson' });
  });
  app.openapi(certificateRoute, async (context) => {
    const view = await lookUpCertificate(reader, digestOf(context.req.valid('param').sha256));
    return context.json(presentCertificate(view), 200);
  });
  app.openapi(proofRoute, async (context) => {
    const form = proofForm(context);
    const proof = await prover.prove(digestOf(context.req.valid('param').sha256));
    if (form === 'cbor')
      return context.body(encodeProof(proof.proof).slice().buffer, 200, { 'content-type': 'application/cbor' });
    return context.body(formatTlogProof(proof), 200, { 'content-type': 'text/plain; charset=utf-8' });
  });
  app.openapi(identityRoute, async (context) => {
    const view = await lookUpIdentity(reader, digestOf(context.req.valid('param').recordId));
    return context.json(presentIdentity(view), 200);
  });
  app.openapi(checkpointRoute, (context) =>
    context.text(formatCheckpoint(checkpoints.published().checkpoint), 200, { 'cache-control': 'no-cache' }),
  );
  app.get('/log/tile/:path{.+}', async (context) => {
    const tile = await readTile(reader, checkpoints, context.req.param('path'));
    return context.body(tile.slice().buffer, 200, {
      'content-type': 'application/octet-stream',
      'cache-control': IMMUTABLE,
    });
  });
  app.openapi(healthRoute, (context) => {
    const { checkpoint, height } = checkpoints.published();
    const { database } = services;
    return context.json(
      { status: 'ok' as const, database, durability: DURABILITY[database], size: checkpoint.size, height },
      200,
    );
  });
  return app;
}

function digestOf(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  assert(bytes !== undefined, 'the schema admits hexadecimal only');
  return bytes;
}

/** @throws ServiceError `not_acceptable` */
function proofForm(context: Context): 'text' | 'cbor' {
  const accept = context.req.header('accept') ?? '*/*';
  const types = accept.split(',').map((part) => part.split(';')[0]?.trim());
  for (const type of types) {
    if (type === 'application/cbor') return 'cbor';
    if (type === 'text/plain' || type === 'text/*' || type === '*/*') return 'text';
  }
  throw new ServiceError('not_acceptable', 'a proof is text/plain or application/cbor');
}

async function* encodeUtf8(
  texts: AsyncGenerator<string, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield encoder.encode(text);
}
