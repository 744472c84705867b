/** Signed notes and the keys that verify them. @see C2SP signed-note */
import { concat, equal, fromBase64, fromHex, fromUtf8, toBase64, toHex, toUtf8 } from '../core/bytes.ts';
import type { Hasher } from '../core/hash.ts';
import { accept, type Outcome, refuse } from '../core/outcome.ts';

export const KEY_ID_LENGTH = 4;

/** Signature types of the signed-note registry that this project knows. */
export const SIGNATURE_TYPES = { ed25519: 0x01, ed25519Cosignature: 0x04, mlDsa44Cosignature: 0x06 } as const;

export type SignatureType = (typeof SIGNATURE_TYPES)[keyof typeof SIGNATURE_TYPES];

const KEY_LENGTHS: Readonly<Record<SignatureType, number>> = { 1: 32, 4: 32, 6: 1312 };

/** A key that verifies lines of a note: (name, id) says which lines. */
export interface VerifierKey {
  readonly name: string;
  readonly id: Uint8Array;
  readonly type: SignatureType;
  readonly key: Uint8Array;
}

/** One signature line: the signer's name and the key id followed by the signature. */
export interface SignatureLine {
  readonly name: string;
  readonly data: Uint8Array;
}

export const lineKeyId = (line: SignatureLine): Uint8Array => line.data.subarray(0, KEY_ID_LENGTH);

/** The first four bytes of SHA-256(name || LF || type || key). */
export function keyId(name: string, type: SignatureType, key: Uint8Array, hasher: Hasher): Uint8Array {
  return hasher.sha256(concat(fromUtf8(`${name}\n`), Uint8Array.of(type), key)).slice(0, KEY_ID_LENGTH);
}

export function createVerifierKey(name: string, type: SignatureType, key: Uint8Array, hasher: Hasher): VerifierKey {
  return { name, id: keyId(name, type, key, hasher), type, key };
}

export const formatVerifierKey = ({ name, id, type, key }: VerifierKey): string =>
  `${name}+${toHex(id)}+${toBase64(concat(Uint8Array.of(type), key))}`;

/** A cosigned message names its cosigner with a one-byte length. @see C2SP tlog-cosignature */
const KEY_NAME_BYTES_MAX = 255;

/** Key names are not empty and have neither Unicode spaces nor '+'. Control characters cannot stand in a note at all. */
export const isKeyName = (name: string): boolean =>
  name.length > 0 && !SPACE_OR_PLUS.test(name) && !hasControlCharacter(name, '');

/** Unicode's White_Space, spelled out: `\s` takes U+FEFF too, which other readers of notes accept, and leaves out U+0085. */
const SPACE_OR_PLUS = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]/;

/** True when a text has a character below U+0020 other than those in `allowed`. */
export function hasControlCharacter(text: string, allowed: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) < 0x20 && !allowed.includes(text[i] as string)) return true;
  }
  return false;
}

/** Parses a vkey; undefined when its form, its key id or the key's length is wrong. */
export function parseVerifierKey(text: string, hasher: Hasher): VerifierKey | undefined {
  const [name, idText, ...rest] = text.split('+');
  if (name === undefined || idText === undefined || !isKeyName(name)) return undefined;
  const id = fromHex(idText);
  const material = fromBase64(rest.join('+'));
  if (id === undefined || material === undefined) return undefined;
  const type = Object.values(SIGNATURE_TYPES).find((known) => known === material[0]);
  const key = material.subarray(1);
  if (type === undefined || key.length !== KEY_LENGTHS[type]) return undefined;
  if (fromUtf8(name).length > KEY_NAME_BYTES_MAX) return undefined;
  return equal(id, keyId(name, type, key, hasher)) ? { name, id, type, key } : undefined;
}

/** A note's text (ending in a newline) and its signature lines. */
export interface Note {
  readonly text: string;
  readonly lines: readonly SignatureLine[];
}

/** A checkpoint with 64 ML-DSA-44 cosignatures is 210 kB; nothing honest is longer. */
export const NOTE_BYTES_MAX = 262_144;

const DASH = '\u2014 ';

export const formatSignatureLine = ({ name, data }: SignatureLine): string => `${DASH}${name} ${toBase64(data)}\n`;

export const formatNote = ({ text, lines }: Note): string => `${text}\n${lines.map(formatSignatureLine).join('')}`;

/** Parses a note strictly: valid UTF-8, no control characters, canonical base64, a newline behind every line. */
export function parseNote(bytes: Uint8Array): Outcome<Note, 'malformed'> {
  if (bytes.length > NOTE_BYTES_MAX) return refuse('malformed');
  const note = toUtf8(bytes);
  if (note === undefined || hasControlCharacter(note, '\n')) return refuse('malformed');
  const gap = note.lastIndexOf('\n\n');
  if (gap < 0 || !note.endsWith('\n')) return refuse('malformed');
  const lines: SignatureLine[] = [];
  for (const line of note.slice(gap + 2, -1).split('\n')) {
    const parsed = parseSignatureLine(line);
    if (parsed === undefined) return refuse('malformed');
    lines.push(parsed);
  }
  return accept({ text: note.slice(0, gap + 1), lines });
}

function parseSignatureLine(line: string): SignatureLine | undefined {
  if (!line.startsWith(DASH)) return undefined;
  const [name, base64, ...rest] = line.slice(DASH.length).split(' ');
  if (name === undefined || base64 === undefined || rest.length > 0 || !isKeyName(name)) return undefined;
  const data = fromBase64(base64);
  return data === undefined || data.length <= KEY_ID_LENGTH ? undefined : { name, data };
}
