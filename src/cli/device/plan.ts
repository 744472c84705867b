/** Which devices are made, and how each one's certificate reads. */

export type DeviceAlgorithm = 'p256' | 'ed25519';
export type CertificateForm = 'pem' | 'der';

/** What all devices of one run have in common; goes to workers by structured clone. */
export interface DeviceProfile {
  readonly folder: string;
  /** In front of the number: `cell-` makes `cell-000001`. */
  readonly prefix: string;
  /** Behind the number: `factory.example` makes `cell-000001.factory.example`. */
  readonly domain: string;
  readonly validDays: number;
  readonly form: CertificateForm;
  /** The content of the binding extension; null for certificates that a claim binds. */
  readonly binding: Uint8Array | null;
}

export interface DevicePlan {
  readonly number: number;
  readonly algorithm: DeviceAlgorithm;
  /** Made by the openssl command line instead of this program's own library. */
  readonly byOpenssl: boolean;
}

export interface DeviceNames {
  /** The host name: common name and dNSName. */
  readonly host: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

export function namesOf({ folder, prefix, domain, form }: DeviceProfile, number: number): DeviceNames {
  const name = `${prefix}${String(number).padStart(6, '0')}`;
  return {
    host: `${name}.${domain}`,
    certificateFile: `${folder}/${name}.crt.${form}`,
    keyFile: `${folder}/${name}.key.pem`,
  };
}

/** `mixed` alternates; the devices made by openssl are spread over both algorithms from the first number on. */
export function planDevices({
  count,
  start,
  algorithm,
  openssl,
}: {
  count: number;
  start: number;
  algorithm: DeviceAlgorithm | 'mixed';
  openssl: number;
}): DevicePlan[] {
  return Array.from({ length: count }, (_, i) => ({
    number: start + i,
    algorithm: algorithm === 'mixed' ? (i % 2 === 0 ? 'p256' : 'ed25519') : algorithm,
    byOpenssl: i < openssl,
  }));
}
