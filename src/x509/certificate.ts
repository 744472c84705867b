/**
 * X.509 certificates: version 3 in strict DER, as RFC 5280 §4 profiles them.
 *
 * The reader decides what every node and every relying party must decide alike, so it refuses whatever two readers could
 * understand differently. It checks no signature and follows no path.
 */
import { accept, type Outcome, refuse } from '../core/outcome.ts';
import type { SignatureAlgorithm } from '../core/signature.ts';
import { DerMalformed, DerReader, SEQUENCE } from './der.ts';
import { type Extensions, noExtensions, readExtensions } from './extensions.ts';
import { isEmptyName, readName } from './names.ts';
import { type PublicKey, readPublicKey, readSignatureAlgorithm } from './public-key.ts';
import { CertificateMalformed, type CertificateReason } from './reasons.ts';
import { readTime } from './time.ts';

/** All byte strings are views of the input, which the caller leaves unchanged. */
export interface Certificate extends Readonly<Extensions> {
  readonly der: Uint8Array;
  /** The whole TLV that is signed. */
  readonly tbs: Uint8Array;
  /** The content octets of the INTEGER: positive, 1 to 20. */
  readonly serial: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithm | 'unsupported';
  /** The whole TLV, the same in both places. */
  readonly signatureAlgorithmIdentifier: Uint8Array;
  readonly signature: Uint8Array;
  /** The whole TLV of the Name; never empty. */
  readonly issuer: Uint8Array;
  /** The whole TLV of the Name; empty only beside critical alternative names. */
  readonly subject: Uint8Array;
  /** Whole seconds since 1970; both ends belong to the validity. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** The whole TLV of the SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly publicKey: PublicKey;
}

/** `offset` is the octet of the certificate where the rule breaks. */
export interface CertificateRefusal {
  readonly reason: CertificateReason;
  readonly offset: number;
}

/**
 * A device certificate has 500 to 2,000 octets; 16 KiB leave room for ML-DSA-87 keys and signatures (7,219) and long lists
 * of names, and bound what one item of a batch can cost.
 */
export const CERTIFICATE_BYTES_MAX = 16_384;

/**
 * Parses exactly one certificate.
 * @see RFC 5280 §4.1
 */
export function parseCertificate(der: Uint8Array): Outcome<Certificate, CertificateRefusal> {
  if (der.length > CERTIFICATE_BYTES_MAX) {
    return refuse({ reason: 'certificate_too_large', offset: CERTIFICATE_BYTES_MAX });
  }
  try {
    const reader = new DerReader(der);
    const certificate = readCertificate(reader);
    reader.leave(der.length);
    return accept(certificate);
  } catch (error) {
    if (error instanceof DerMalformed || error instanceof CertificateMalformed) {
      return refuse({ reason: error.reason, offset: error.offset });
    }
    throw error;
  }
}

/** Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue BIT STRING } */
function readCertificate(reader: DerReader): Certificate {
  const outerEnd = reader.enter(SEQUENCE);
  const tbsStart = reader.at;
  const signed = readSigned(reader);
  const tbs = reader.view(tbsStart, reader.at);
  if (!reader.isNext(signed.signatureAlgorithmIdentifier)) {
    throw new CertificateMalformed('algorithm_mismatch', reader.at);
  }
  reader.skip(SEQUENCE);
  const signature = reader.octetBits();
  reader.leave(outerEnd);
  return { der: reader.view(0, reader.at), tbs, signature, ...signed };
}

type Signed = Omit<Certificate, 'der' | 'tbs' | 'signature'>;

/** TBSCertificate, its fields in the order of RFC 5280 §4.1. */
function readSigned(reader: DerReader): Signed {
  const outerEnd = reader.enter(SEQUENCE);
  checkVersion(reader);
  const serial = readSerial(reader);
  const algorithmStart = reader.at;
  const signatureAlgorithm = readSignatureAlgorithm(reader);
  const signatureAlgorithmIdentifier = reader.view(algorithmStart, reader.at);
  const issuer = readIssuer(reader);
  const validityStart = reader.at;
  const validityEnd = reader.enter(SEQUENCE);
  const notBefore = readTime(reader);
  const notAfter = readTime(reader);
  reader.leave(validityEnd);
  if (notBefore > notAfter) throw new CertificateMalformed('validity_reversed', validityStart);
  const subjectStart = reader.at;
  const subject = readName(reader);
  const spkiStart = reader.at;
  const publicKey = readPublicKey(reader);
  const spki = reader.view(spkiStart, reader.at);
  const known = readOptionalFields(reader);
  if (isEmptyName(subject) && !known.hasCriticalAltNames) throw new CertificateMalformed('empty_subject', subjectStart);
  reader.leave(outerEnd);
  return {
    serial,
    signatureAlgorithm,
    signatureAlgorithmIdentifier,
    issuer,
    notBefore,
    notAfter,
    subject,
    publicKey,
    spki,
    ...known,
  };
}

const VERSION = 0xa0;
const ISSUER_UNIQUE_ID = 0x81;
const SUBJECT_UNIQUE_ID = 0x82;
const EXTENSIONS = 0xa3;

function checkVersion(reader: DerReader): void {
  const start = reader.at;
  if (reader.peek() !== VERSION) throw new CertificateMalformed('version_not_3', start);
  const outerEnd = reader.enter(VERSION);
  const version = reader.integer();
  reader.leave(outerEnd);
  // RFC 5280 §4.1: v3(2)
  if (version.length !== 1 || version[0] !== 2) throw new CertificateMalformed('version_not_3', start);
}

function readSerial(reader: DerReader): Uint8Array {
  const start = reader.at;
  const serial = reader.integer();
  const first = serial[0] as number;
  const isZero = first === 0 && serial.length === 1;
  if (isZero || first >= 0x80) throw new CertificateMalformed('serial_not_positive', start);
  if (serial.length > 20) throw new CertificateMalformed('serial_too_long', start);
  return serial;
}

function readIssuer(reader: DerReader): Uint8Array {
  const start = reader.at;
  const issuer = readName(reader);
  if (isEmptyName(issuer)) throw new CertificateMalformed('empty_issuer', start);
  return issuer;
}

function readOptionalFields(reader: DerReader): Extensions {
  const tag = reader.peek();
  if (tag === ISSUER_UNIQUE_ID || tag === SUBJECT_UNIQUE_ID) {
    throw new CertificateMalformed('unique_id_present', reader.at);
  }
  if (reader.isAtEnd()) return noExtensions();
  const outerEnd = reader.enter(EXTENSIONS);
  const extensions = readExtensions(reader);
  reader.leave(outerEnd);
  return extensions;
}
