/** Checkpoints: origin, size and root of a log, as three lines of a note. @see C2SP tlog-checkpoint */
import { fromBase64, toBase64 } from '../core/bytes.ts';
import { HASH_LENGTH } from '../core/hash.ts';
import { accept, type Outcome, refuse } from '../core/outcome.ts';
import { formatNote, isKeyName, parseNote, type SignatureLine } from './note.ts';

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

export interface SignedCheckpoint extends Checkpoint {
  readonly lines: readonly SignatureLine[];
}

/** Leaves room for the `/m/<memberId>` that cosigner names add, within the 255 bytes that a cosigned message can name. */
const ORIGIN_BYTES_MAX = 190;

/** ASCII without space and '+', so that the origin can name keys. */
export const isOrigin = (text: string): boolean =>
  text.length <= ORIGIN_BYTES_MAX && /^[\x21-\x7e]+$/.test(text) && isKeyName(text);

export const checkpointText = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${toBase64(root)}\n`;

export const formatCheckpoint = (checkpoint: SignedCheckpoint): string =>
  formatNote({ text: checkpointText(checkpoint), lines: checkpoint.lines });

/**
 * Parses a signed checkpoint of exactly three body lines. Extension lines are refused: ML-DSA-44 cosignatures do not sign them, so
 * their meaning would depend on who cosigned.
 */
export function parseCheckpoint(bytes: Uint8Array): Outcome<SignedCheckpoint, 'malformed' | 'extension_line'> {
  const note = parseNote(bytes);
  if (!note.ok) return note;
  const [origin, size, root, ...extensions] = note.value.text.slice(0, -1).split('\n');
  if (origin === undefined || size === undefined || root === undefined || !isOrigin(origin)) return refuse('malformed');
  const sizeValue = parseDecimal(size);
  const rootBytes = fromBase64(root);
  if (sizeValue === undefined || rootBytes?.length !== HASH_LENGTH) return refuse('malformed');
  if (extensions.length > 0) return refuse('extension_line');
  return accept({ origin, size: sizeValue, root: rootBytes, lines: note.value.lines });
}

/** An ASCII decimal without leading zeroes, below 2^53. */
export function parseDecimal(text: string): number | undefined {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
