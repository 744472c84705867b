/** Byte strings: comparison, joining and the text encodings that the formats use, all strict on input. */

export const EMPTY: Uint8Array = new Uint8Array(0);

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Orders byte strings as dCBOR orders encoded items: bytewise lexicographic, a prefix first. */
export function compare(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Splits a list of equally long pieces; undefined when the length is no multiple of the piece's. */
export function split(list: Uint8Array, pieceLength: number): Uint8Array[] | undefined {
  if (list.length % pieceLength !== 0) return undefined;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < list.length; at += pieceLength) pieces.push(list.subarray(at, at + pieceLength));
  return pieces;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const fromUtf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

/** Decodes valid UTF-8; undefined for anything else. */
export function toUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += HEX[byte];
  return out;
}

/** Decodes lower-case hexadecimal; undefined for anything else. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return undefined;
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
}

export function toU64(value: bigint): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, value);
  return out;
}

interface Alphabet {
  readonly characters: string;
  readonly values: ReadonlyMap<string, number>;
  readonly bits: number;
  /** Characters of one full group; a padded text is a multiple of it. */
  readonly group: number;
  readonly padded: boolean;
}

const alphabet = (characters: string, bits: number, group: number, padded: boolean): Alphabet => ({
  characters,
  values: new Map([...characters].map((character, value) => [character, value])),
  bits,
  group,
  padded,
});

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE64 = alphabet(`${ALPHANUMERIC}+/`, 6, 4, true);
const BASE64URL = alphabet(`${ALPHANUMERIC}-_`, 6, 4, false);
const BASE32 = alphabet('abcdefghijklmnopqrstuvwxyz234567', 5, 8, false);

function encodeText(bytes: Uint8Array, { characters, bits, group, padded }: Alphabet): string {
  let out = '';
  let buffer = 0;
  let held = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff;
    held += 8;
    while (held >= bits) {
      held -= bits;
      out += characters[(buffer >> held) & ((1 << bits) - 1)];
    }
  }
  if (held > 0) out += characters[(buffer << (bits - held)) & ((1 << bits) - 1)];
  if (padded) while (out.length % group !== 0) out += '=';
  return out;
}

/** At most two: more are met as characters that the alphabet lacks. */
const countPadding = (text: string): number => (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);

/** One text for one byte string: stray padding, white space and non-zero spare bits are refused. */
function decodeText(text: string, { values, bits, group, padded }: Alphabet): Uint8Array<ArrayBuffer> | undefined {
  if (padded && text.length % group !== 0) return undefined;
  const padding = padded ? countPadding(text) : 0;
  const length = text.length - padding;
  const out = new Uint8Array(Math.floor((length * bits) / 8));
  let buffer = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < length; i++) {
    const value = values.get(text[i] as string);
    if (value === undefined) return undefined;
    buffer = ((buffer << bits) | value) & 0xffff;
    held += bits;
    if (held < 8) continue;
    held -= 8;
    out[at++] = (buffer >> held) & 0xff;
  }
  const hasSpareBits = held >= bits || (buffer & ((1 << held) - 1)) !== 0;
  if (hasSpareBits || padding > (group - (length % group)) % group) return undefined;
  return out;
}

/** Base64 with padding. @see RFC 4648 §4 */
export const toBase64 = (bytes: Uint8Array): string => encodeText(bytes, BASE64);
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> | undefined => decodeText(text, BASE64);

/** Base64url without padding. @see RFC 4648 §5 */
export const toBase64Url = (bytes: Uint8Array): string => encodeText(bytes, BASE64URL);
export const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> | undefined => decodeText(text, BASE64URL);

/** Base32 in lower case without padding. @see RFC 4648 §6 */
export const toBase32 = (bytes: Uint8Array): string => encodeText(bytes, BASE32);
export const fromBase32 = (text: string): Uint8Array<ArrayBuffer> | undefined => decodeText(text, BASE32);
