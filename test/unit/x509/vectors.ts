/** Certificates that other software made. @see test/vectors/x509/README.md */
import { readFileSync } from 'node:fs';
import { fromBase64 } from '../../../src/core/bytes.ts';
import { assert } from '../../../src/core/outcome.ts';
import { type Certificate, parseCertificate } from '../../../src/x509/certificate.ts';

export function loadDer(file: string): Uint8Array {
  const pem = readFileSync(new URL(`../../vectors/x509/${file}.pem`, import.meta.url), 'utf8');
  const der = fromBase64(pem.replaceAll(/-----[A-Z ]+-----|\s/g, ''));
  assert(der !== undefined, `${file} is no PEM`);
  return der;
}

export function loadCertificate(file: string): Certificate {
  const outcome = parseCertificate(loadDer(file));
  assert(outcome.ok, `${file} is refused`);
  return outcome.value;
}
