/** Shapes of the HTTP edge. Digests and ids are lower-case hexadecimal. */
import { z } from '@hono/zod-openapi';

export const sha256Hex = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .openapi({ description: 'SHA-256, 64 lower-case hex digits' });

const recordState = z.enum(['active', 'suspended', 'ended']);

export const networkSchema = z
  .object({
    networkId: sha256Hex,
    origin: z.string(),
    epoch: z.int(),
    name: z.string(),
    genesisHash: sha256Hex,
    height: z.int(),
    size: z.int(),
    policy: z.string().openapi({ description: 'The tlog-policy file. Take the one you verify by from elsewhere.' }),
  })
  .openapi('Network');

export const itemResultSchema = z
  .object({
    code: z.int(),
    result: z.string().openapi({ description: 'The name of the code, for people and scripts' }),
    recordId: sha256Hex.nullable(),
    index: z.int().nullable(),
  })
  .openapi('ItemResult');

export const receiptSchema = z
  .object({
    id: sha256Hex,
    height: z.int().nullable().openapi({ description: 'Null when the block changed nothing' }),
    code: z.int(),
    result: z.string(),
    message: z.string(),
    items: z.array(itemResultSchema),
  })
  .openapi('TransactionReceipt');

export const registrationResultSchema = z
  .union([
    z.object({
      batch: z.int(),
      item: z.int().nullable().openapi({ description: 'Null when the whole batch was refused' }),
      code: z.int(),
      result: z.string(),
      recordId: sha256Hex.nullable(),
      index: z.int().nullable(),
    }),
    z.object({ batch: z.int(), problem: z.string(), detail: z.string() }),
  ])
  .openapi('RegistrationResult', {
    description: 'One line a device. A line with `problem` is the last: send that batch and the following again.',
  });

export const certificateSchema = z
  .object({
    sha256: sha256Hex,
    recordId: sha256Hex,
    index: z.int(),
    version: z.int(),
    state: recordState,
    subjectKind: z.int(),
    controllerId: sha256Hex,
    isHeld: z.boolean().openapi({ description: 'False when the identity no longer holds the certificate' }),
    notBefore: z.int().nullable(),
    notAfter: z.int().nullable(),
  })
  .openapi('Certificate');

export const identitySchema = z
  .object({
    recordId: sha256Hex,
    index: z.int(),
    version: z.int(),
    state: recordState,
    subjectKind: z.int(),
    controllerId: sha256Hex,
    certificates: z.array(sha256Hex),
  })
  .openapi('Identity');

export const healthSchema = z
  .object({
    status: z.literal('ok'),
    database: z.enum(['postgres', 'pglite']),
    durability: z.string(),
    size: z.int(),
    height: z.int(),
  })
  .openapi('Health');

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: z.string(),
  })
  .openapi('Problem');
