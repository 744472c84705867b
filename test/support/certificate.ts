/** Self-made device certificates, byte by byte, so that they are the same in every run. */
import { concat } from '../../src/core/bytes.ts';
import { name } from '../unit/x509/certificate-builder.ts';
import { bits, generalizedTime, integer, octets, oid, raw, sequence, tlv, utcTime } from '../unit/x509/der-builder.ts';
import type { TestKey } from './keys.ts';

export interface CertificateOptions {
  readonly key: TestKey;
  readonly commonName?: string;
  /** The common name of another issuer; the key still signs. */
  readonly issuerName?: string;
  readonly serial?: Uint8Array;
  readonly notBefore?: number;
  readonly notAfter?: number;
  /** The 32 bytes of the binding extension. */
  readonly binding?: Uint8Array | null;
  readonly dnsNames?: readonly string[];
  readonly addresses?: readonly Uint8Array[];
  /** Key purposes, dotted. */
  readonly extendedKeyUsage?: readonly string[];
  /** Whole extensions. */
  readonly extensions?: readonly Uint8Array[];
  /** Instead of the key's own SubjectPublicKeyInfo. */
  readonly spki?: Uint8Array;
  /** Changes the signature value (DER for ECDSA) before it is put in. */
  readonly alterSignature?: (signature: Uint8Array) => Uint8Array;
}

export const BINDING_OID = '1.3.6.1.4.1.32473.1.1';
export const NOT_BEFORE = 1_790_000_000;
export const NOT_AFTER = 1_890_000_000;

const SIGNATURE_ALGORITHMS = { p256: sequence(oid('1.2.840.10045.4.3.2')), ed25519: sequence(oid('1.3.101.112')) };

export function makeCertificate(options: CertificateOptions): Uint8Array {
  const { key, commonName = 'device', issuerName = commonName } = options;
  const algorithm = SIGNATURE_ALGORITHMS[key.kind];
  const tbs = sequence(
    tlv(0xa0, integer(2)),
    tlv(0x02, options.serial ?? raw(1)),
    algorithm,
    name(issuerName),
    sequence(time(options.notBefore ?? NOT_BEFORE), time(options.notAfter ?? NOT_AFTER)),
    name(commonName),
    options.spki ?? key.spki,
    tlv(0xa3, sequence(...extensionsOf(options))),
  );
  const signature = key.kind === 'p256' ? ecdsaToDer(key.sign(tbs)) : key.sign(tbs);
  return sequence(tbs, algorithm, bits(0, options.alterSignature?.(signature) ?? signature));
}

export const extension = (id: string, value: Uint8Array, critical = false): Uint8Array =>
  sequence(oid(id), ...(critical ? [raw(1, 1, 0xff)] : []), octets(value));

function extensionsOf(options: CertificateOptions): Uint8Array[] {
  const names = [
    ...(options.dnsNames ?? []).map((text) => tlv(0x82, new TextEncoder().encode(text))),
    ...(options.addresses ?? []).map((address) => tlv(0x87, address)),
  ];
  const usages = options.extendedKeyUsage?.map(oid) ?? [];
  return [
    extension('2.5.29.19', sequence(), true),
    ...(names.length > 0 ? [extension('2.5.29.17', sequence(...names))] : []),
    ...(usages.length > 0 ? [extension('2.5.29.37', sequence(...usages))] : []),
    ...(options.binding ? [extension(BINDING_OID, octets(options.binding))] : []),
    ...(options.extensions ?? []),
  ];
}

/** RFC 5280 §4.1.2.5: UTCTime through 2049. */
function time(seconds: number): Uint8Array {
  const digits = new Date(seconds * 1000).toISOString().replaceAll(/[-:T]|\.000/g, '');
  const year = Number(digits.slice(0, 4));
  return year >= 1950 && year < 2050 ? utcTime(digits.slice(2)) : generalizedTime(digits);
}

export const ecdsaToDer = (rs: Uint8Array): Uint8Array => sequence(scalar(rs.subarray(0, 32)), scalar(rs.subarray(32)));

function scalar(octetsOfScalar: Uint8Array): Uint8Array {
  let content = octetsOfScalar;
  while (content.length > 1 && content[0] === 0) content = content.subarray(1);
  return tlv(0x02, (content[0] as number) >= 0x80 ? concat(raw(0), content) : content);
}
