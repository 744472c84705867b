/** A small DER writer: it writes what it is told, also what is no DER. */
import { concat } from '../../../src/core/bytes.ts';

export function tlv(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concat(...contents);
  return concat(Uint8Array.of(tag, ...length(content.length)), content);
}

function length(value: number): number[] {
  if (value < 0x80) return [value];
  if (value < 0x100) return [0x81, value];
  return [0x82, value >> 8, value & 0xff];
}

export const raw = (...octets: readonly number[]): Uint8Array => Uint8Array.from(octets);
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

export const sequence = (...contents: readonly Uint8Array[]): Uint8Array => tlv(0x30, ...contents);
export const set = (...contents: readonly Uint8Array[]): Uint8Array => tlv(0x31, ...contents);
export const integer = (...octets: readonly number[]): Uint8Array => tlv(0x02, raw(...octets));
export const bits = (unused: number, octets: Uint8Array): Uint8Array => tlv(0x03, raw(unused), octets);
export const octets = (...contents: readonly Uint8Array[]): Uint8Array => tlv(0x04, ...contents);
export const boolean = (octet: number): Uint8Array => tlv(0x01, raw(octet));
export const utcTime = (text: string): Uint8Array => tlv(0x17, ascii(text));
export const generalizedTime = (text: string): Uint8Array => tlv(0x18, ascii(text));
export const NULL = raw(5, 0);

export function oid(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return tlv(0x06, raw(...[40 * first + second, ...rest].flatMap(base128)));
}

function base128(arc: number): number[] {
  const groups = [arc & 0x7f];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left & 0x7f) | 0x80);
  return groups;
}
