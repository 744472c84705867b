/** A sound certificate, field by field, so that a test can replace one. Its signature verifies nothing. */
import { ascii, bits, boolean, integer, octets, oid, raw, sequence, set, tlv, utcTime } from './der-builder.ts';

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const POINT = Uint8Array.from({ length: 65 }, (_, i) => (i === 0 ? 4 : i));

/** Long enough for the certificate's length to take two octets, as in most real ones. */
export const DEVICE = name('device 0001 of an example carrier, for tests');

const FIELDS = {
  version: tlv(0xa0, integer(2)),
  serial: integer(1),
  innerAlgorithm: ECDSA_SHA256,
  issuer: DEVICE,
  validity: sequence(utcTime('250101000000Z'), utcTime('350101000000Z')),
  subject: DEVICE,
  spki: p256Key(POINT),
  afterKey: raw(),
  extensions: [extension('2.5.29.19', sequence())] as readonly Uint8Array[] | null,
  outerAlgorithm: ECDSA_SHA256,
  signature: bits(0, raw(0x30, 6, 2, 1, 1, 2, 1, 1)),
  afterSignature: raw(),
};

export type Fields = typeof FIELDS;

export function buildCertificate(replaced: Partial<Fields> = {}): Uint8Array {
  const f = { ...FIELDS, ...replaced };
  const extensions = f.extensions === null ? raw() : tlv(0xa3, sequence(...f.extensions));
  const { version, serial, innerAlgorithm, issuer, validity, subject, spki, afterKey } = f;
  const tbs = sequence(version, serial, innerAlgorithm, issuer, validity, subject, spki, afterKey, extensions);
  return sequence(tbs, f.outerAlgorithm, f.signature, f.afterSignature);
}

/** A certificate with one extension. */
export const withExtension = (id: string, value: Uint8Array, critical?: Uint8Array): Uint8Array =>
  buildCertificate({ extensions: [extension(id, value, critical)] });

export const withAltNames = (...names: readonly Uint8Array[]): Uint8Array =>
  withExtension('2.5.29.17', sequence(...names));

export const withSubject = (...relativeNames: readonly Uint8Array[]): Uint8Array =>
  buildCertificate({ subject: sequence(...relativeNames) });

export const CRITICAL = boolean(0xff);

export function extension(id: string, value: Uint8Array, critical: Uint8Array = raw()): Uint8Array {
  return sequence(oid(id), critical, octets(value));
}

export function attribute(value: Uint8Array): Uint8Array {
  return sequence(oid('2.5.4.3'), value);
}

export function name(commonName: string): Uint8Array {
  return sequence(set(attribute(tlv(0x0c, ascii(commonName)))));
}

export function p256Key(point: Uint8Array, ...parameters: readonly Uint8Array[]): Uint8Array {
  const curve = parameters.length > 0 ? parameters : [oid('1.2.840.10045.3.1.7')];
  return sequence(sequence(oid('1.2.840.10045.2.1'), ...curve), bits(0, point));
}

export function ed25519Key(key: Uint8Array, ...parameters: readonly Uint8Array[]): Uint8Array {
  return sequence(sequence(oid('1.3.101.112'), ...parameters), bits(0, key));
}
