/**
 * The Proof: a signed checkpoint, some entries of its log, one multiproof for them and one for the status words.
 * Here it is only read and written; what it proves is decided by the verifier.
 */
import { concat, split } from '../core/bytes.ts';
import { type Cbor, decode, encode, isArray, isBytes, isUnsigned } from '../core/cbor.ts';
import { HASH_LENGTH } from '../core/hash.ts';
import { isOrigin, type SignedCheckpoint } from './checkpoint.ts';
import { isKeyName, KEY_ID_LENGTH, type SignatureLine } from './note.ts';
import { WORD_LENGTH } from './status-tree.ts';

/** 1: current status at the checkpoint; 2: status at an earlier block. A verifier never takes one for the other. */
export type ProofForm = 1 | 2;
export const CURRENT: ProofForm = 1;
export const HISTORIC: ProofForm = 2;

/** Subject, six authorities and the block entry; a HistoricStatus has two block entries more. */
export const PROOF_ENTRIES_MAX: Readonly<Record<ProofForm, number>> = { 1: 8, 2: 10 };
/** Far above eight entries of 64 kB with 64 lines of ML-DSA-44: a larger input is no proof. */
export const PROOF_BYTES_MAX = 1_048_576;

export interface ProofEntry {
  readonly index: number;
  readonly bytes: Uint8Array;
}

export interface ProofWord {
  readonly index: number;
  readonly word: Uint8Array;
}

export interface Proof {
  readonly form: ProofForm;
  readonly checkpoint: SignedCheckpoint;
  /** Ascending by index; the block entry at size - 1 is the last. */
  readonly entries: readonly ProofEntry[];
  readonly logHashes: readonly Uint8Array[];
  /** Ascending by index. */
  readonly words: readonly ProofWord[];
  readonly statusHashes: readonly Uint8Array[];
}

export function encodeProof({ form, checkpoint, entries, logHashes, words, statusHashes }: Proof): Uint8Array {
  return encode([
    form,
    checkpoint.origin,
    checkpoint.size,
    checkpoint.root,
    checkpoint.lines.map(({ name, data }) => [name, data]),
    entries.map(({ index, bytes }) => [index, bytes]),
    concat(...logHashes),
    words.map(({ index, word }) => [index, word]),
    concat(...statusHashes),
  ]);
}

/** Undefined for everything that is not exactly one proof in its one encoding. */
export function decodeProof(bytes: Uint8Array): Proof | undefined {
  if (bytes.length > PROOF_BYTES_MAX) return undefined;
  const value = decode(bytes);
  if (!isArray(value) || value.length !== 9) return undefined;
  const [form, origin, size, root, lines, entries, logHashes, words, statusHashes] = value;
  if (form !== CURRENT && form !== HISTORIC) return undefined;
  if (typeof origin !== 'string' || !isOrigin(origin) || !isUnsigned(size)) return undefined;
  if (!isBytes(root) || root.length !== HASH_LENGTH) return undefined;
  const parsedLines = decodeList(lines, decodeLine);
  const parsedEntries = decodeList(entries, decodeEntry);
  const parsedWords = decodeList(words, decodeWord);
  const parsedLogHashes = isBytes(logHashes) ? split(logHashes, HASH_LENGTH) : undefined;
  const parsedStatusHashes = isBytes(statusHashes) ? split(statusHashes, HASH_LENGTH) : undefined;
  if (!parsedLines || !parsedEntries || !parsedWords || !parsedLogHashes || !parsedStatusHashes) return undefined;
  if (parsedEntries.length > PROOF_ENTRIES_MAX[form]) return undefined;
  if (!isAscending(parsedEntries) || !isAscending(parsedWords)) return undefined;
  return {
    form,
    checkpoint: { origin, size, root, lines: parsedLines },
    entries: parsedEntries,
    logHashes: parsedLogHashes,
    words: parsedWords,
    statusHashes: parsedStatusHashes,
  };
}

function decodeList<T>(
  value: Cbor | undefined,
  decodeItem: (first: Cbor, second: Cbor) => T | undefined,
): T[] | undefined {
  if (!isArray(value)) return undefined;
  const items: T[] = [];
  for (const pair of value) {
    if (!isArray(pair) || pair.length !== 2) return undefined;
    const item = decodeItem(pair[0] as Cbor, pair[1] as Cbor);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

function decodeLine(name: Cbor, data: Cbor): SignatureLine | undefined {
  if (typeof name !== 'string' || !isKeyName(name) || !isBytes(data) || data.length <= KEY_ID_LENGTH) return undefined;
  return { name, data };
}

const decodeEntry = (index: Cbor, bytes: Cbor): ProofEntry | undefined =>
  isUnsigned(index) && isBytes(bytes) ? { index, bytes } : undefined;

const decodeWord = (index: Cbor, word: Cbor): ProofWord | undefined =>
  isUnsigned(index) && isBytes(word) && word.length === WORD_LENGTH ? { index, word } : undefined;

function isAscending(items: readonly { readonly index: number }[]): boolean {
  return items.every((item, i) => i === 0 || (items[i - 1] as { index: number }).index < item.index);
}
