/**
 * Transactions: untagged COSE_Sign1 messages with a header of the ledger's own.
 * @see RFC 9052 §4.2, §4.4
 */
import { concat, EMPTY, equal } from '../core/bytes.ts';
import { type Cbor, decode, encode, isArray, isBytes, isMap, isUnsigned } from '../core/cbor.ts';
import { accept, type Outcome, refuse } from '../core/outcome.ts';
import type { Code } from './codes.ts';
import { CODES } from './codes.ts';
import { isId } from './record.ts';

/** COSE algorithm identifiers. @see RFC 9053 §2 */
export const COSE_ALGORITHMS = { es256: -7, eddsa: -8 } as const;
export type CoseAlgorithm = (typeof COSE_ALGORITHMS)[keyof typeof COSE_ALGORITHMS];

/** Payload before compression. A batch of 1,000 certificates of 535 bytes takes half of it. */
export const PAYLOAD_EXPANDED_MAX = 1_048_576;
/** Header, signature and framing take 250 bytes; the rest is the payload's. */
export const TRANSACTION_BYTES_MAX = PAYLOAD_EXPANDED_MAX + 1024;
export const BATCH_ITEMS_MAX = 1_000;
/** A transaction that somebody withholds must lose its force within a day. */
export const VALID_SECONDS_MAX = 86_400;

const HEADER_VERSION = 1;
const SIGNATURE_LENGTH = 64;
const KEY_ID_LENGTH = 32;

export interface TransactionHeader {
  readonly algorithm: CoseAlgorithm;
  /** SHA-256 of the signing key's SubjectPublicKeyInfo. */
  readonly keyId: Uint8Array;
  readonly networkId: Uint8Array;
  readonly epoch: number;
  /** Seconds since 1970: refused in any block whose time is later. */
  readonly validUntil: number;
  readonly signerId: Uint8Array;
  readonly operation: number;
  /** The version that the operation changes; null where it changes no single record. */
  readonly expectedVersion: number | null;
  /** 0: none. */
  readonly encoding: number;
  readonly expandedLength: number | null;
}

/** A transaction as it travels: what is signed and by whom. The payload is not read yet. */
export interface Envelope {
  readonly header: TransactionHeader;
  readonly protectedHeader: Uint8Array;
  readonly payload: Uint8Array;
  /** r || s or Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
}

export interface Transaction extends Envelope {
  readonly body: Cbor;
  readonly hasApprovals: boolean;
}

const PAYLOAD_KEY = { body: 0, approvals: 1 } as const;

/** The fixed bytes of the protected header: map of 3, key 1, the algorithm, key 4, a bstr of 32; and key -65537 before the array. */
const HEADER_START = Uint8Array.of(0xa3, 0x01);
const KEY_ID_HEAD = Uint8Array.of(0x04, 0x58, 0x20);
const OWN_HEADER_KEY = Uint8Array.of(0x3a, 0x00, 0x01, 0x00, 0x00);
const HEADER_PREFIX_LENGTH = 2 + 1 + 3 + KEY_ID_LENGTH + 5;

/** A transaction that waits for its signature over `signedBytes`. */
export interface UnsignedTransaction {
  readonly signedBytes: Uint8Array;
  complete(signature: Uint8Array): Uint8Array;
}

export function prepareTransaction(header: TransactionHeader, body: Cbor): UnsignedTransaction {
  const protectedHeader = encodeHeader(header);
  const payload = encode(new Map([[PAYLOAD_KEY.body, body]]));
  return {
    signedBytes: signatureStructure(protectedHeader, payload),
    complete: (signature) => encode([protectedHeader, new Map(), payload, signature]),
  };
}

/** Decodes the envelope strictly; what it returns are views of the bytes. Nothing is verified: the signer's key is in the ledger. */
export function decodeEnvelope(bytes: Uint8Array): Outcome<Envelope, Code> {
  if (bytes.length > TRANSACTION_BYTES_MAX) return refuse(CODES.transaction_too_large);
  const message = decode(bytes);
  if (!isArray(message) || message.length !== 4) return refuse(CODES.transaction_malformed);
  const [protectedHeader, unprotectedHeader, payload, signature] = message;
  if (!isBytes(protectedHeader) || !isBytes(payload) || !isBytes(signature)) return refuse(CODES.transaction_malformed);
  if (!isMap(unprotectedHeader) || unprotectedHeader.size !== 0) return refuse(CODES.transaction_malformed);
  const header = decodeHeader(protectedHeader);
  if (header === undefined || signature.length !== SIGNATURE_LENGTH) return refuse(CODES.transaction_malformed);
  if (header.encoding !== 0 || header.expandedLength !== null) return refuse(CODES.unknown_encoding);
  return accept({ header, protectedHeader, payload, signature });
}

/** Decodes a transaction strictly, its payload included. */
export function decodeTransaction(bytes: Uint8Array): Outcome<Transaction, Code> {
  const envelope = decodeEnvelope(bytes);
  if (!envelope.ok) return envelope;
  const content = decode(envelope.value.payload);
  if (!isMap(content) || !content.has(PAYLOAD_KEY.body)) return refuse(CODES.transaction_malformed);
  const approvals = content.get(PAYLOAD_KEY.approvals);
  const hasApprovals = approvals !== undefined;
  if (content.size !== (hasApprovals ? 2 : 1)) return refuse(CODES.transaction_malformed);
  if (hasApprovals && (!isArray(approvals) || approvals.length === 0)) return refuse(CODES.transaction_malformed);
  return accept({ ...envelope.value, body: content.get(PAYLOAD_KEY.body) as Cbor, hasApprovals });
}

/** What the signature covers: the Sig_structure. @see RFC 9052 §4.4 */
export const signedBytesOf = ({ protectedHeader, payload }: Envelope): Uint8Array =>
  signatureStructure(protectedHeader, payload);

const signatureStructure = (protectedHeader: Uint8Array, payload: Uint8Array): Uint8Array =>
  encode(['Signature1', protectedHeader, EMPTY, payload]);

function encodeHeader(header: TransactionHeader): Uint8Array {
  return concat(
    HEADER_START,
    encode(header.algorithm),
    KEY_ID_HEAD,
    header.keyId,
    OWN_HEADER_KEY,
    encode([
      HEADER_VERSION,
      header.networkId,
      header.epoch,
      header.validUntil,
      header.signerId,
      header.operation,
      header.expectedVersion,
      header.encoding,
      header.expandedLength,
    ]),
  );
}

function decodeHeader(bytes: Uint8Array): TransactionHeader | undefined {
  if (bytes.length <= HEADER_PREFIX_LENGTH) return undefined;
  const algorithm = decode(bytes.subarray(2, 3));
  if (algorithm !== COSE_ALGORITHMS.es256 && algorithm !== COSE_ALGORITHMS.eddsa) return undefined;
  const keyId = bytes.subarray(6, 6 + KEY_ID_LENGTH);
  const own = decode(bytes.subarray(HEADER_PREFIX_LENGTH));
  if (!isArray(own) || own.length !== 9) return undefined;
  const [version, networkId, epoch, validUntil, signerId, operation, expectedVersion, encoding, expandedLength] = own;
  if (version !== HEADER_VERSION || !isId(networkId) || !isId(signerId)) return undefined;
  if (!isUnsigned(epoch) || !isUnsigned(validUntil) || !isUnsigned(operation) || !isUnsigned(encoding))
    return undefined;
  if (!isUnsignedOrNull(expectedVersion) || !isUnsignedOrNull(expandedLength)) return undefined;
  const header: TransactionHeader = {
    algorithm,
    keyId,
    networkId,
    epoch,
    validUntil,
    signerId,
    operation,
    expectedVersion,
    encoding,
    expandedLength,
  };
  // The fixed bytes are compared once, as a whole: there is one protected header for one content.
  return equal(encodeHeader(header), bytes) ? header : undefined;
}

const isUnsignedOrNull = (value: Cbor | undefined): value is number | null => value === null || isUnsigned(value);
