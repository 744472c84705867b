/** What signature lines sign, and their verification by type. @see C2SP signed-note, tlog-cosignature */
import { concat, fromUtf8, toU64 } from '../core/bytes.ts';
import { assert } from '../core/outcome.ts';
import type { SignatureVerifier } from '../core/signature.ts';
import { type Checkpoint, checkpointText } from './checkpoint.ts';
import { KEY_ID_LENGTH, SIGNATURE_TYPES, type SignatureLine, type VerifierKey } from './note.ts';

const TIME_LENGTH = 8;

/** @see C2SP tlog-cosignature: a time stamp must not exceed 2^63 - 1 */
export const COSIGNATURE_TIME_MAX = 2n ** 63n - 1n;

const SIGNATURE_LENGTHS = { 1: 64, 4: 64, 6: 2420 } as const;

/** The message of an Ed25519 cosignature (type 0x04). `time` is in seconds. */
export const cosignedMessage = (checkpoint: Checkpoint, time: bigint): Uint8Array =>
  fromUtf8(`cosignature/v1\ntime ${time}\n${checkpointText(checkpoint)}`);

/** The message of an ML-DSA-44 cosignature (type 0x06): it names the cosigner and cannot carry extension lines. */
export function cosignedSubtreeMessage(checkpoint: Checkpoint, cosigner: string, time: bigint): Uint8Array {
  const start = toU64(0n);
  const end = toU64(BigInt(checkpoint.size));
  return concat(
    fromUtf8('subtree/v1\n\0'),
    withLength(cosigner),
    toU64(time),
    withLength(checkpoint.origin),
    start,
    end,
    checkpoint.root,
  );
}

function withLength(text: string): Uint8Array {
  const bytes = fromUtf8(text);
  assert(bytes.length > 0 && bytes.length < 256, 'a cosigned name has 1 to 255 bytes');
  return concat(Uint8Array.of(bytes.length), bytes);
}

/** A signature line for an Ed25519 cosignature. */
export const cosignatureLine = (key: VerifierKey, time: bigint, signature: Uint8Array): SignatureLine => ({
  name: key.name,
  data: concat(key.id, toU64(time), signature),
});

export const logLine = (key: VerifierKey, signature: Uint8Array): SignatureLine => ({
  name: key.name,
  data: concat(key.id, signature),
});

/** The time that a cosignature line of a known key states, in seconds; undefined when the line has another length. */
export function cosignatureTime(line: SignatureLine, key: VerifierKey): bigint | undefined {
  if (line.data.length !== KEY_ID_LENGTH + TIME_LENGTH + SIGNATURE_LENGTHS[key.type]) return undefined;
  return new DataView(line.data.buffer, line.data.byteOffset + KEY_ID_LENGTH, TIME_LENGTH).getBigUint64(0);
}

/** Verifies the log's own line (type 0x01). */
export function verifyLogLine(
  checkpoint: Checkpoint,
  line: SignatureLine,
  key: VerifierKey,
  verifier: SignatureVerifier,
): boolean {
  assert(key.type === SIGNATURE_TYPES.ed25519, 'a log key has type 0x01');
  const signature = line.data.subarray(KEY_ID_LENGTH);
  if (signature.length !== SIGNATURE_LENGTHS[key.type]) return false;
  return verifier.verifyEd25519(key.key, fromUtf8(checkpointText(checkpoint)), signature);
}

/** Verifies a cosignature line (types 0x04 and 0x06) whose length `cosignatureTime` accepted. */
export function verifyCosignature(
  checkpoint: Checkpoint,
  line: SignatureLine,
  key: VerifierKey,
  time: bigint,
  verifier: SignatureVerifier,
): boolean {
  const signature = line.data.subarray(KEY_ID_LENGTH + TIME_LENGTH);
  if (key.type === SIGNATURE_TYPES.mlDsa44Cosignature) {
    return verifier.verifyMlDsa44(key.key, cosignedSubtreeMessage(checkpoint, key.name, time), signature);
  }
  return verifier.verifyEd25519(key.key, cosignedMessage(checkpoint, time), signature);
}
