/** The routes as the OpenAPI document describes them. Handlers are in `app.ts`. */
import { createRoute, z } from '@hono/zod-openapi';
import {
  certificateSchema,
  healthSchema,
  identitySchema,
  networkSchema,
  problemSchema,
  receiptSchema,
  registrationResultSchema,
  sha256Hex,
} from './schemas.ts';

const json = <T>(schema: T, description: string) => ({ description, content: { 'application/json': { schema } } });
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});
const binary = (description: string) => z.string().openapi({ format: 'binary', description });

export const networkRoute = createRoute({
  method: 'get',
  path: '/v1/network',
  summary: 'Which ledger this is',
  responses: { 200: json(networkSchema, 'The network') },
});

export const transactionsRoute = createRoute({
  method: 'post',
  path: '/v1/transactions',
  summary: 'Submit one signed transaction; answers when its block is durable',
  request: { body: { content: { 'application/cose': { schema: binary('COSE_Sign1') } }, required: true } },
  responses: {
    200: json(receiptSchema, 'What the ledger decided, refusals included'),
    413: problem('Larger than a transaction may be'),
    503: problem('Overloaded or shutting down: try again'),
  },
});

export const registrationsRoute = createRoute({
  method: 'post',
  path: '/v1/registrations',
  summary: 'Register devices: one signed batch a line in, one result a device out, streamed both ways',
  request: {
    body: {
      content: {
        'application/x-ndjson': {
          schema: z
            .string()
            .openapi({ description: '{"transaction": base64 of a signed register transaction} a line' }),
        },
      },
      required: true,
    },
  },
  responses: {
    200: {
      description: 'Results in the order of the batches, as they become durable',
      content: { 'application/x-ndjson': { schema: registrationResultSchema } },
    },
  },
});

export const certificateRoute = createRoute({
  method: 'get',
  path: '/v1/certificates/{sha256}',
  summary: 'What the ledger says of a certificate',
  request: { params: z.object({ sha256: sha256Hex }) },
  responses: {
    200: json(certificateSchema, 'The certificate'),
    400: problem('Not a digest'),
    404: problem('Not in the ledger'),
  },
});

export const proofRoute = createRoute({
  method: 'get',
  path: '/v1/certificates/{sha256}/proof',
  summary: 'The proof of the certificate, to be checked offline',
  request: { params: z.object({ sha256: sha256Hex }) },
  responses: {
    200: {
      description: 'A tlog-proof file, or the binary Proof',
      content: {
        'text/plain': { schema: z.string() },
        'application/cbor': { schema: binary('Proof in deterministic CBOR') },
      },
    },
    400: problem('Not a digest'),
    404: problem('Not in the ledger'),
    406: problem('Neither text/plain nor application/cbor is accepted'),
    503: problem('The block is not cosigned yet: try again'),
  },
});

export const identityRoute = createRoute({
  method: 'get',
  path: '/v1/identities/{recordId}',
  summary: 'The current version of an identity',
  request: { params: z.object({ recordId: sha256Hex }) },
  responses: {
    200: json(identitySchema, 'The identity'),
    400: problem('Not an id'),
    404: problem('Not in the ledger'),
  },
});

export const checkpointRoute = createRoute({
  method: 'get',
  path: '/log/checkpoint',
  summary: 'The newest cosigned checkpoint (C2SP tlog-tiles)',
  responses: { 200: { description: 'A signed note', content: { 'text/plain': { schema: z.string() } } } },
});

export const tileRoute = createRoute({
  method: 'get',
  path: '/log/tile/{path}',
  summary: 'Tiles and entry bundles (C2SP tlog-tiles): <L>/<N>[.p/<W>] or entries/<N>[.p/<W>]',
  request: { params: z.object({ path: z.string() }) },
  responses: {
    200: { description: 'The tile', content: { 'application/octet-stream': { schema: binary('Hashes or entries') } } },
    404: problem('No such tile'),
  },
});

export const healthRoute = createRoute({
  method: 'get',
  path: '/health',
  summary: 'Whether the node works, and on what',
  responses: { 200: json(healthSchema, 'It does') },
});

export const ROUTES = [
  networkRoute,
  transactionsRoute,
  registrationsRoute,
  certificateRoute,
  proofRoute,
  identityRoute,
  checkpointRoute,
  tileRoute,
  healthRoute,
];
