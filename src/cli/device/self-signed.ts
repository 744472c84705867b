/** A device that makes its own key and certificate. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { BINDING_OID } from '../../../sdk/src/index.ts';
import { writeNewFiles } from '../new-files.ts';
import { type DeviceAlgorithm, type DevicePlan, type DeviceProfile, namesOf } from './plan.ts';

const KEY_ALGORITHMS = {
  p256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  ed25519: { name: 'Ed25519' },
} as const satisfies Record<DeviceAlgorithm, object>;

/** Writes the certificate, and the key readable by its owner only. Existing files are never overwritten. */
export async function makeSelfSigned({ number, algorithm }: DevicePlan, profile: DeviceProfile): Promise<void> {
  const { host, certificateFile, keyFile } = namesOf(profile, number);
  const keyAlgorithm = KEY_ALGORITHMS[algorithm];
  const keys = (await webcrypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const notBefore = new Date();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: Buffer.from(randomSerial()).toString('hex'),
    name: [{ CN: [host] }],
    notBefore,
    notAfter: new Date(notBefore.getTime() + profile.validDays * 86_400_000),
    signingAlgorithm: keyAlgorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
      ...(profile.binding === null ? [] : [new x509.Extension(BINDING_OID, false, profile.binding)]),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const content = profile.form === 'der' ? new Uint8Array(certificate.rawData) : `${certificate.toString('pem')}\n`;
  await writeNewFiles([
    { path: keyFile, content: `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`, isSecret: true },
    { path: certificateFile, content, isSecret: false },
  ]);
}

/** 20 octets, positive and without a leading zero, 158 bits of them random. @see RFC 5280 §4.1.2.2 */
function randomSerial(): Uint8Array {
  const serial = webcrypto.getRandomValues(new Uint8Array(20));
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40;
  return serial;
}
