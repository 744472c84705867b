/** Signing transactions: what a member, a submitter or a device says to the ledger. */
import { type Cbor, encode } from '../../src/core/cbor.ts';
import { type Claim, claimMessage, claimToCbor } from '../../src/protocol/binding.ts';
import type { Reason, SubjectKind } from '../../src/protocol/identity.ts';
import {
  type AddSubmitter,
  addSubmitterToCbor,
  endIdentityToCbor,
  OPERATIONS,
  type RegistrationItem,
  registrationToCbor,
} from '../../src/protocol/operation.ts';
import { BATCH_ITEMS_MAX, PAYLOAD_EXPANDED_MAX, prepareTransaction } from '../../src/protocol/transaction.ts';
import { platformCrypto } from '../../src/runtime/crypto.ts';
import type { NetworkRef } from './ids.ts';
import { LedgerError } from './ledger-error.ts';
import type { Signer } from './signer.ts';

/** Who signs: the record of a member or submitter, and one of its account keys. */
export interface Signatory {
  readonly network: NetworkRef;
  /** 32 bytes: the id of the member or submitter. */
  readonly recordId: Uint8Array;
  readonly signer: Signer;
}

export interface SigningOptions {
  /** Until when the ledger may accept it, in seconds since 1970, at most 24 hours ahead. Default: 15 minutes from now. */
  readonly validUntil?: number;
}

/** Long enough for retries and a clock that is some minutes off, short enough that a withheld transaction soon dies. */
const VALID_SECONDS = 900;
/** A device signs at its production, the factory's upload may wait for the shift's end. */
const CLAIM_VALID_SECONDS = 7 * 86_400;

/** Adds a submitter under the signing member. Bytes for `LedgerClient.submit`. */
export const signAddSubmitter = (
  submitter: AddSubmitter,
  signatory: Signatory,
  options?: SigningOptions,
): Promise<Uint8Array> => sign(OPERATIONS.addSubmitter, null, addSubmitterToCbor(submitter), signatory, options);

export interface RegistrationBatch {
  readonly subjectKind: SubjectKind;
  /** At most 1,000 and 1 MiB; `splitBatches` makes such lists. */
  readonly items: readonly RegistrationItem[];
}

/**
 * Registers new devices by their self-made certificates. Bytes for `LedgerClient.register` or `submit`.
 * @throws LedgerError `batch_too_large`
 */
export async function signRegistration(
  { subjectKind, items }: RegistrationBatch,
  signatory: Signatory,
  options?: SigningOptions,
): Promise<Uint8Array> {
  const bytes = items.reduce((sum, item) => sum + itemLength(item), BATCH_OVERHEAD_BYTES);
  if (items.length > BATCH_ITEMS_MAX || bytes > PAYLOAD_EXPANDED_MAX) {
    throw new LedgerError('batch_too_large', `a batch has at most ${BATCH_ITEMS_MAX} items and 1 MiB`);
  }
  const body = registrationToCbor({ subjectKind, issuerId: null, intermediateIds: [], items });
  return await sign(OPERATIONS.register, null, body, signatory, options);
}

export interface IdentityEnd {
  /** 32 bytes. */
  readonly recordId: Uint8Array;
  /** The version that ends; the ledger refuses when somebody changed the identity meanwhile. */
  readonly version: number;
  /** A CRLReason number: see `REASONS`. */
  readonly reason: Reason;
  /** SHA-256 of evidence that is kept elsewhere. */
  readonly evidenceDigest?: Uint8Array;
}

/** Revokes an identity, and its certificates with it, for ever. Bytes for `LedgerClient.submit`. */
export function signEndIdentity(
  { recordId, version, reason, evidenceDigest }: IdentityEnd,
  signatory: Signatory,
  options?: SigningOptions,
): Promise<Uint8Array> {
  const body = endIdentityToCbor({ recordId, reason, evidenceDigest: evidenceDigest ?? null });
  return sign(OPERATIONS.endIdentity, version, body, signatory, options);
}

/**
 * Signs a claim with a device's own key: it stands in place of the binding extension where a certificate has none. Valid for seven days
 * by default.
 */
export async function signClaim(
  {
    network: { networkId, epoch },
    submitterId,
    certificate,
  }: { network: NetworkRef; submitterId: Uint8Array; certificate: Uint8Array },
  deviceKey: Signer,
  { validUntil = now() + CLAIM_VALID_SECONDS }: SigningOptions = {},
): Promise<Claim> {
  const derHash = platformCrypto().hasher.sha256(certificate);
  const signature = await deviceKey.sign(claimMessage({ networkId, epoch, submitterId, derHash, validUntil }));
  return { validUntil, signature };
}

/**
 * Groups items into batches of at most `itemsMax` (default and limit 1,000) and 1 MiB, in their order. A smaller `itemsMax` brings the
 * first answers sooner.
 * @throws LedgerError `item_too_large`
 */
export async function* splitBatches<Item extends RegistrationItem>(
  items: Iterable<Item> | AsyncIterable<Item>,
  { itemsMax = BATCH_ITEMS_MAX }: { itemsMax?: number } = {},
): AsyncGenerator<Item[], void> {
  const most = Math.min(itemsMax, BATCH_ITEMS_MAX);
  let batch: Item[] = [];
  let bytes = BATCH_OVERHEAD_BYTES;
  for await (const item of items) {
    const length = itemLength(item);
    if (BATCH_OVERHEAD_BYTES + length > PAYLOAD_EXPANDED_MAX) {
      throw new LedgerError('item_too_large', `a certificate of ${item.der.length} bytes fits into no batch`);
    }
    if (batch.length >= most || bytes + length > PAYLOAD_EXPANDED_MAX) {
      yield batch;
      batch = [];
      bytes = BATCH_OVERHEAD_BYTES;
    }
    batch.push(item);
    bytes += length;
  }
  if (batch.length > 0) yield batch;
}

/** The payload around the items: heads, subject kind, an issuer and some intermediates. */
const BATCH_OVERHEAD_BYTES = 256;

const itemLength = ({ der, claim }: RegistrationItem): number => encode([der, claimToCbor(claim)]).length;

async function sign(
  operation: number,
  expectedVersion: number | null,
  body: Cbor,
  { network, recordId, signer }: Signatory,
  { validUntil = now() + VALID_SECONDS }: SigningOptions = {},
): Promise<Uint8Array> {
  const header = {
    algorithm: signer.algorithm,
    keyId: signer.keyId,
    networkId: network.networkId,
    epoch: network.epoch,
    validUntil,
    signerId: recordId,
    operation,
    expectedVersion,
    encoding: 0,
    expandedLength: null,
  };
  const unsigned = prepareTransaction(header, body);
  return unsigned.complete(await signer.sign(unsigned.signedBytes));
}

const now = (): number => Math.floor(Date.now() / 1000);
