/** The extensions of a certificate: the list, and the contents of those that every certificate's reader must understand. */
import { equal } from '../core/bytes.ts';
import { type DerReader, OCTET_STRING, SEQUENCE } from './der.ts';
import { type GeneralName, readGeneralName } from './names.ts';
import { CertificateMalformed } from './reasons.ts';

export interface Extension {
  /** The content of the OBJECT IDENTIFIER. */
  readonly oid: Uint8Array;
  readonly critical: boolean;
  /** The content of the OCTET STRING. */
  readonly value: Uint8Array;
}

export interface BasicConstraints {
  readonly isCa: boolean;
  /** How many intermediates may follow below; null for any number. */
  readonly pathLength: number | null;
}

/** Bits of `keyUsage`. @see RFC 5280 §4.2.1.3 */
export const KEY_USAGE = {
  digitalSignature: 1 << 0,
  nonRepudiation: 1 << 1,
  keyEncipherment: 1 << 2,
  dataEncipherment: 1 << 3,
  keyAgreement: 1 << 4,
  keyCertSign: 1 << 5,
  cRLSign: 1 << 6,
  encipherOnly: 1 << 7,
  decipherOnly: 1 << 8,
} as const;

/** Null and the empty list stand for an absent extension: present ones are never empty. */
export interface Extensions {
  extensions: readonly Extension[];
  basicConstraints: BasicConstraints | null;
  /** Bits of KEY_USAGE; null allows every use. */
  keyUsage: number | null;
  /** Contents of OBJECT IDENTIFIERs; null allows every purpose. */
  extendedKeyUsage: readonly Uint8Array[] | null;
  subjectAltNames: readonly GeneralName[];
  hasCriticalAltNames: boolean;
  /** The 32 octets that bind a self-made certificate to its submitter. */
  binding: Uint8Array | null;
}

/** Real certificates have about 10, at most 20. The search for duplicates is quadratic, so a bound is due. */
export const EXTENSIONS_MAX = 64;

/** RFC 5280 has no bound; CAs that mean "any" write up to 2^31 - 1. */
const PATH_LENGTH_OCTETS_MAX = 4;

/** Public CAs allow 100 names. Thousands of one-byte names would cost a reader fifty times their octets in memory. */
export const ALT_NAMES_MAX = 256;

/** RFC 5280 and its successors define fewer than 40. */
export const KEY_PURPOSES_MAX = 64;

export const noExtensions = (): Extensions => ({
  extensions: [],
  basicConstraints: null,
  keyUsage: null,
  extendedKeyUsage: null,
  subjectAltNames: [],
  hasCriticalAltNames: false,
  binding: null,
});

/** The content of the field `extensions`. @see RFC 5280 §4.1.2.9, §4.2 */
export function readExtensions(reader: DerReader): Extensions {
  const found = noExtensions();
  const list: Extension[] = [];
  const outerEnd = reader.enter(SEQUENCE);
  if (reader.isAtEnd()) throw new CertificateMalformed('empty_extensions', reader.at);
  while (!reader.isAtEnd()) {
    if (list.length === EXTENSIONS_MAX) throw new CertificateMalformed('too_many_extensions', reader.at);
    readExtension(reader, list, found);
  }
  reader.leave(outerEnd);
  found.extensions = list;
  return found;
}

function readExtension(reader: DerReader, list: Extension[], found: Extensions): void {
  const start = reader.at;
  const extensionEnd = reader.enter(SEQUENCE);
  const oid = reader.oid();
  for (const earlier of list) {
    if (equal(oid, earlier.oid)) throw new CertificateMalformed('duplicate_extension', start);
  }
  const critical = reader.trueOrAbsent();
  const valueEnd = reader.enter(OCTET_STRING);
  const value = reader.view(reader.at, reader.end);
  const isKnown = readKnownExtension(reader, oid, critical, found);
  if (critical && !isKnown) throw new CertificateMalformed('unknown_critical_extension', start);
  reader.at = reader.end;
  reader.end = valueEnd;
  reader.leave(extensionEnd);
  list.push({ oid, critical, value });
}

const KEY_USAGE_ARC = 15;
const SUBJECT_ALT_NAME_ARC = 17;
const BASIC_CONSTRAINTS_ARC = 19;
const EXTENDED_KEY_USAGE_ARC = 37;

/** 1.3.6.1.4.1.32473.1.1, in the arc that RFC 5612 keeps for examples, until the project has one of its own. */
const BINDING = Uint8Array.of(0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 1, 1);

/**
 * Reads the value of an extension that this reader processes, and says whether it did. What path validation alone processes,
 * name constraints, policies, policy mappings, policy constraints and inhibitAnyPolicy, counts as unknown.
 */
function readKnownExtension(reader: DerReader, oid: Uint8Array, critical: boolean, found: Extensions): boolean {
  if (equal(oid, BINDING)) {
    if (critical) throw new CertificateMalformed('binding_critical', reader.at);
    found.binding = readBinding(reader);
    return true;
  }
  const isCertificateExtension = oid.length === 3 && oid[0] === 0x55 && oid[1] === 0x1d;
  switch (isCertificateExtension ? oid[2] : undefined) {
    case KEY_USAGE_ARC:
      found.keyUsage = readKeyUsage(reader);
      break;
    case SUBJECT_ALT_NAME_ARC:
      found.subjectAltNames = readSubjectAltNames(reader);
      found.hasCriticalAltNames = critical;
      break;
    case BASIC_CONSTRAINTS_ARC:
      found.basicConstraints = readBasicConstraints(reader);
      break;
    case EXTENDED_KEY_USAGE_ARC:
      found.extendedKeyUsage = readExtendedKeyUsage(reader);
      break;
    default:
      return false;
  }
  reader.leave(reader.end);
  return true;
}

function readBinding(reader: DerReader): Uint8Array {
  const { bytes, at, end } = reader;
  const isSound = end - at === 34 && bytes[at] === OCTET_STRING && bytes[at + 1] === 32;
  if (!isSound) throw new CertificateMalformed('bad_binding', at);
  return reader.view(at + 2, end);
}

function readBasicConstraints(reader: DerReader): BasicConstraints {
  const outerEnd = reader.enter(SEQUENCE);
  const isCa = reader.trueOrAbsent();
  const pathLength = reader.isAtEnd() ? null : readPathLength(reader, isCa);
  reader.leave(outerEnd);
  return { isCa, pathLength };
}

function readPathLength(reader: DerReader, isCa: boolean): number {
  const start = reader.at;
  const octets = reader.integer();
  if (!isCa) throw new CertificateMalformed('path_length_without_ca', start);
  const isNegative = (octets[0] as number) >= 0x80;
  if (isNegative || octets.length > PATH_LENGTH_OCTETS_MAX) throw new CertificateMalformed('bad_path_length', start);
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}

function readKeyUsage(reader: DerReader): number {
  const start = reader.at;
  const octets = reader.namedBits();
  if (octets.length === 0) throw new CertificateMalformed('empty_key_usage', start);
  let usage = 0;
  for (let bit = 0; bit < 8; bit++) if (((octets[0] as number) & (0x80 >> bit)) !== 0) usage |= 1 << bit;
  if (octets.length === 1) return usage;
  // A minimal list of two octets has a bit in the second: it must be the first one, decipherOnly.
  if (octets.length !== 2 || octets[1] !== 0x80) throw new CertificateMalformed('unknown_key_usage', start);
  return usage | KEY_USAGE.decipherOnly;
}

function readExtendedKeyUsage(reader: DerReader): Uint8Array[] {
  const outerEnd = reader.enter(SEQUENCE);
  if (reader.isAtEnd()) throw new CertificateMalformed('empty_extended_key_usage', reader.at);
  const purposes: Uint8Array[] = [];
  while (!reader.isAtEnd()) {
    if (purposes.length === KEY_PURPOSES_MAX) throw new CertificateMalformed('too_many_key_purposes', reader.at);
    purposes.push(reader.oid());
  }
  reader.leave(outerEnd);
  return purposes;
}

function readSubjectAltNames(reader: DerReader): GeneralName[] {
  const outerEnd = reader.enter(SEQUENCE);
  if (reader.isAtEnd()) throw new CertificateMalformed('empty_subject_alt_names', reader.at);
  const names: GeneralName[] = [];
  while (!reader.isAtEnd()) {
    if (names.length === ALT_NAMES_MAX) throw new CertificateMalformed('too_many_alt_names', reader.at);
    names.push(readGeneralName(reader));
  }
  reader.leave(outerEnd);
  return names;
}
