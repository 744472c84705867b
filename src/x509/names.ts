/** Distinguished names and alternative names: their structure and characters, never their meaning. */
import { compare, toUtf8 } from '../core/bytes.ts';
import { checkOid, type DerReader, SEQUENCE, SET } from './der.ts';
import { CertificateMalformed } from './reasons.ts';

export interface GeneralName {
  /** The context tag: 0 otherName, 1 rfc822Name, 2 dNSName, 4 directoryName, 6 URI, 7 iPAddress, 8 registeredID. */
  readonly tag: number;
  /** The content octets below that tag. */
  readonly bytes: Uint8Array;
}

/**
 * The whole TLV of a Name whose structure and characters are sound. A name without attributes is 2 octets long.
 * @see RFC 5280 §4.1.2.4
 */
export function readName(reader: DerReader): Uint8Array {
  const start = reader.at;
  const outerEnd = reader.enter(SEQUENCE);
  while (!reader.isAtEnd()) readRelativeName(reader);
  reader.leave(outerEnd);
  return reader.view(start, reader.at);
}

export const isEmptyName = (name: Uint8Array): boolean => name.length === 2;

function readRelativeName(reader: DerReader): void {
  const outerEnd = reader.enter(SET);
  if (reader.isAtEnd()) throw new CertificateMalformed('empty_rdn', reader.at);
  let previous = reader.at;
  readAttribute(reader);
  while (!reader.isAtEnd()) {
    const start = reader.at;
    readAttribute(reader);
    const order = compare(reader.view(previous, start), reader.view(start, reader.at));
    if (order >= 0) throw new CertificateMalformed('rdn_not_sorted', start);
    previous = start;
  }
  reader.leave(outerEnd);
}

const UTF8_STRING = 0x0c;
const NUMERIC_STRING = 0x12;
const PRINTABLE_STRING = 0x13;
const TELETEX_STRING = 0x14;
const IA5_STRING = 0x16;
const UNIVERSAL_STRING = 0x1c;
const BMP_STRING = 0x1e;

function readAttribute(reader: DerReader): void {
  const outerEnd = reader.enter(SEQUENCE);
  reader.skipOid();
  const tag = reader.peek();
  if (isStringTag(tag)) readString(reader, tag);
  else reader.any();
  reader.leave(outerEnd);
}

function isStringTag(tag: number): boolean {
  switch (tag) {
    case UTF8_STRING:
    case NUMERIC_STRING:
    case PRINTABLE_STRING:
    case TELETEX_STRING:
    case IA5_STRING:
    case UNIVERSAL_STRING:
    case BMP_STRING:
      return true;
    default:
      return false;
  }
}

function readString(reader: DerReader, tag: number): void {
  const outerEnd = reader.enter(tag);
  const { at, end } = reader;
  const width = tag === BMP_STRING ? 2 : tag === UNIVERSAL_STRING ? 4 : 1;
  if (at === end || (end - at) % width !== 0) throw new CertificateMalformed('bad_name_string', at);
  checkNoNul(reader, width);
  if (!hasAllowedOctets(reader, tag)) throw new CertificateMalformed('bad_name_string', at);
  reader.at = end;
  reader.leave(outerEnd);
}

function checkNoNul({ bytes, at, end }: DerReader, width: number): void {
  let zeros = 0;
  for (let i = at; i < end; i++) {
    zeros = bytes[i] === 0 ? zeros + 1 : 0;
    const isCharacterEnd = (i + 1 - at) % width === 0;
    if (isCharacterEnd && zeros >= width) throw new CertificateMalformed('nul_in_name', i);
  }
}

function hasAllowedOctets(reader: DerReader, tag: number): boolean {
  const { bytes, at, end } = reader;
  switch (tag) {
    case PRINTABLE_STRING:
      for (let i = at; i < end; i++) if (PRINTABLE[bytes[i] as number] === 0) return false;
      return true;
    case NUMERIC_STRING:
      for (let i = at; i < end; i++) if (NUMERIC[bytes[i] as number] === 0) return false;
      return true;
    case IA5_STRING:
      return isAscii(reader);
    case UTF8_STRING:
      return isAscii(reader) || toUtf8(reader.view(at, end)) !== undefined;
    default: // the repertoires of the old types are not worth a table: such names are compared octet by octet only
      return true;
  }
}

function isAscii({ bytes, at, end }: DerReader): boolean {
  for (let i = at; i < end; i++) if ((bytes[i] as number) >= 0x80) return false;
  return true;
}

/** X.680 §41.4, and '*' and '&', which Go reads too: carriers are called "AT&T", and CAs of theirs write it as a PrintableString. */
const PRINTABLE = octetSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?*&");
const NUMERIC = octetSet('0123456789 ');

function octetSet(characters: string): Uint8Array {
  const set = new Uint8Array(256);
  for (const character of characters) set[character.charCodeAt(0)] = 1;
  return set;
}

const OTHER_NAME = 0xa0;
const RFC822_NAME = 0x81;
const DNS_NAME = 0x82;
const X400_ADDRESS = 0xa3;
const DIRECTORY_NAME = 0xa4;
const EDI_PARTY_NAME = 0xa5;
const URI = 0x86;
const IP_ADDRESS = 0x87;
const REGISTERED_ID = 0x88;

/** RFC 1035 §3.1: 255 octets on the wire leave 253 characters. */
const DNS_NAME_OCTETS_MAX = 253;

/** @see RFC 5280 §4.2.1.6 */
export function readGeneralName(reader: DerReader): GeneralName {
  const tag = reader.peek();
  if (!isGeneralNameTag(tag)) throw new CertificateMalformed('unknown_general_name', reader.at);
  const outerEnd = reader.enter(tag);
  const { at, end } = reader;
  if (at === end) throw new CertificateMalformed('bad_general_name', at);
  checkGeneralName(reader, tag);
  reader.leave(outerEnd);
  return { tag: tag & 0x1f, bytes: reader.view(at, end) };
}

function isGeneralNameTag(tag: number): boolean {
  switch (tag) {
    case OTHER_NAME:
    case RFC822_NAME:
    case DNS_NAME:
    case X400_ADDRESS:
    case DIRECTORY_NAME:
    case EDI_PARTY_NAME:
    case URI:
    case IP_ADDRESS:
    case REGISTERED_ID:
      return true;
    default:
      return false;
  }
}

/** Reads the content of a GeneralName to its end. */
function checkGeneralName(reader: DerReader, tag: number): void {
  switch (tag) {
    case DNS_NAME:
      if (reader.end - reader.at > DNS_NAME_OCTETS_MAX) throw new CertificateMalformed('bad_general_name', reader.at);
      checkVisible(reader);
      break;
    case RFC822_NAME:
    case URI:
      checkVisible(reader);
      break;
    case IP_ADDRESS:
      checkAddress(reader);
      break;
    case REGISTERED_ID:
      checkOid(reader.bytes, reader.at, reader.end);
      reader.at = reader.end;
      break;
    case DIRECTORY_NAME:
      checkDirectoryName(reader);
      break;
    case OTHER_NAME:
      checkOtherName(reader);
      break;
    default:
      while (!reader.isAtEnd()) reader.any();
  }
}

/** IA5 without controls and spaces: RFC 5280 allows no space in a host name or URI, and a mailbox needs none. */
function checkVisible(reader: DerReader): void {
  const { bytes, at, end } = reader;
  for (let i = at; i < end; i++) {
    const octet = bytes[i] as number;
    if (octet === 0) throw new CertificateMalformed('nul_in_name', i);
    if (octet <= 0x20 || octet >= 0x7f) throw new CertificateMalformed('bad_general_name', i);
  }
  reader.at = end;
}

function checkAddress(reader: DerReader): void {
  const length = reader.end - reader.at;
  if (length !== 4 && length !== 16) throw new CertificateMalformed('bad_general_name', reader.at);
  reader.at = reader.end;
}

function checkDirectoryName(reader: DerReader): void {
  const start = reader.at;
  if (isEmptyName(readName(reader))) throw new CertificateMalformed('bad_general_name', start);
}

/** OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY } */
function checkOtherName(reader: DerReader): void {
  reader.skipOid();
  const outerEnd = reader.enter(0xa0);
  reader.any();
  reader.leave(outerEnd);
}
