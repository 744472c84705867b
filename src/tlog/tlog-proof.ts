/**
 * The portable proof file: a tlog-proof of the subject entry, with the whole Proof, less its signatures, as `extra` data.
 * Any tlog-proof reader can check the subject's inclusion in it; ours reads the status and the authorities too.
 * @see C2SP tlog-proof
 */
import { equal, fromBase64, fromUtf8, toBase64, toUtf8 } from '../core/bytes.ts';
import { HASH_LENGTH } from '../core/hash.ts';
import { accept, type Outcome, refuse } from '../core/outcome.ts';
import { formatCheckpoint, parseCheckpoint, parseDecimal } from './checkpoint.ts';
import { NOTE_BYTES_MAX } from './note.ts';
import { decodeProof, encodeProof, PROOF_BYTES_MAX, type Proof } from './proof.ts';
import type { Hash } from './tree.ts';

const HEADER = 'c2sp.org/tlog-proof@v1';

/** The Proof in base64, a path of at most 53 hashes and a checkpoint. */
const TEXT_BYTES_MAX = Math.ceil((PROOF_BYTES_MAX * 4) / 3) + NOTE_BYTES_MAX + 4096;

export interface TlogProof {
  readonly proof: Proof;
  /** The subject's index and inclusion path, which repeat what the Proof's multiproof says. */
  readonly index: number;
  readonly path: readonly Hash[];
}

export const isTlogProof = (bytes: Uint8Array): boolean => equal(bytes.subarray(0, 9), fromUtf8('c2sp.org/'));

export function formatTlogProof({ proof, index, path }: TlogProof): string {
  const unsigned = encodeProof({ ...proof, checkpoint: { ...proof.checkpoint, lines: [] } });
  const head = [HEADER, `extra ${toBase64(unsigned)}`, `index ${index}`, ...path.map(toBase64)];
  return `${head.join('\n')}\n\n${formatCheckpoint(proof.checkpoint)}`;
}

export function parseTlogProof(bytes: Uint8Array): Outcome<TlogProof, 'malformed' | 'extension_line'> {
  if (bytes.length > TEXT_BYTES_MAX) return refuse('malformed');
  const text = toUtf8(bytes);
  const gap = text?.indexOf('\n\n') ?? -1;
  if (text === undefined || gap < 0) return refuse('malformed');
  const [header, extraLine, indexLine, ...pathLines] = text.slice(0, gap).split('\n');
  if (header !== HEADER || !extraLine?.startsWith('extra ') || !indexLine?.startsWith('index '))
    return refuse('malformed');
  const extra = fromBase64(extraLine.slice('extra '.length));
  const unsigned = extra && decodeProof(extra);
  const index = parseDecimal(indexLine.slice('index '.length));
  const path: (Hash | undefined)[] = pathLines.map(fromBase64);
  if (unsigned === undefined || index === undefined || !path.every(isHash)) return refuse('malformed');
  const checkpoint = parseCheckpoint(fromUtf8(text.slice(gap + 2)));
  if (!checkpoint.ok) return checkpoint;
  const { origin, size, root } = unsigned.checkpoint;
  const isSame =
    origin === checkpoint.value.origin && size === checkpoint.value.size && equal(root, checkpoint.value.root);
  if (!isSame || unsigned.checkpoint.lines.length !== 0) return refuse('malformed');
  return accept({ proof: { ...unsigned, checkpoint: checkpoint.value }, index, path });
}

const isHash = (hash: Uint8Array | undefined): hash is Hash => hash?.length === HASH_LENGTH;
