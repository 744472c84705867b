import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equal, toHex } from '../../../src/core/bytes.ts';
import { parseCertificate } from '../../../src/x509/certificate.ts';
import { KEY_USAGE } from '../../../src/x509/extensions.ts';
import { loadCertificate, loadDer } from './vectors.ts';

const BOUND = [
  'openssl-p256-binding',
  'openssl-ed25519-binding',
  'go-p256-binding',
  'go-ed25519-binding',
  'python-p256-binding',
  'python-ed25519-binding',
];
const OTHERS = ['openssl-issued-by-rsa', 'openssl-rsa-ca', 'openssl-p384', 'go-p256-ca', 'python-empty-subject'];
const ACCEPTED = [...BOUND, ...OTHERS];

test.each(ACCEPTED)('agrees with OpenSSL on %s', (file) => {
  const certificate = loadCertificate(file);
  const theirs = new X509Certificate(certificate.der);
  expect(certificate.notBefore * 1000).toBe(theirs.validFromDate.getTime());
  expect(certificate.notAfter * 1000).toBe(theirs.validToDate.getTime());
  expect(BigInt(`0x${toHex(certificate.serial)}`)).toBe(BigInt(`0x${theirs.serialNumber}`));
  expect(equal(certificate.spki, theirs.publicKey.export({ type: 'spki', format: 'der' }))).toBe(true);
  expect(equal(certificate.issuer, certificate.subject)).toBe(theirs.issuer === theirs.subject);
});

test.each(BOUND)('reads the binding of %s', (file) => {
  expect(loadCertificate(file).binding).toEqual(Uint8Array.from({ length: 32 }, (_, i) => i));
});

test.each(OTHERS)('finds no binding in %s', (file) => {
  expect(loadCertificate(file).binding).toBeNull();
});

test('reads keys, names and uses as they were asked for', () => {
  expect(loadCertificate('openssl-p256-binding')).toMatchObject({
    signatureAlgorithm: 'ecdsa-p256-sha256',
    publicKey: { kind: 'p256' },
    keyUsage: KEY_USAGE.digitalSignature,
    subjectAltNames: [{ tag: 2 }, { tag: 7 }],
    basicConstraints: { isCa: true, pathLength: null },
  });
  expect(loadCertificate('openssl-ed25519-binding')).toMatchObject({
    signatureAlgorithm: 'ed25519',
    publicKey: { kind: 'ed25519' },
  });
  expect(loadCertificate('go-p256-binding').keyUsage).toBe(KEY_USAGE.digitalSignature | KEY_USAGE.decipherOnly);
  expect(loadCertificate('go-p256-ca').basicConstraints).toEqual({ isCa: true, pathLength: 0 });
  expect(loadCertificate('openssl-rsa-ca')).toMatchObject({
    signatureAlgorithm: 'unsupported',
    publicKey: { kind: 'other' },
  });
  expect(loadCertificate('openssl-issued-by-rsa').subjectAltNames.map(({ tag }) => tag)).toEqual([6, 1, 0, 4, 8]);
  expect(loadCertificate('python-empty-subject').subject).toHaveLength(2);
});

test.each([
  ['openssl-version-1', 'version_not_3'],
  ['openssl-name-constraints', 'unknown_critical_extension'],
])('refuses %s as %s', (file, reason) => {
  expect(parseCertificate(loadDer(file))).toMatchObject({ ok: false, code: { reason } });
});

describe.each(ACCEPTED)('of %s', (file) => {
  const der = loadDer(file);
  const sound = loadCertificate(file);

  test('refuses every truncated prefix', () => {
    for (let length = 0; length < der.length; length++)
      expect(parseCertificate(der.subarray(0, length)).ok).toBe(false);
  });

  test('refuses any octets after the end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (tail) => {
        expect(parseCertificate(Uint8Array.of(...der, ...tail))).toEqual({
          ok: false,
          code: { reason: 'trailing_data', offset: der.length },
        });
      }),
    );
  });

  test('refuses every flipped byte, or shows it in what is signed or in the signature', () => {
    for (let at = 0; at < der.length; at++) {
      for (let bit = 0; bit < 8; bit++) expectChangeToShow(flip(at, 1 << bit));
    }
    const property = fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
      expectChangeToShow(flip(at, mask));
    });
    fc.assert(property, { numRuns: 500 });
  });

  function flip(at: number, mask: number): Uint8Array {
    const changed = der.slice();
    changed[at] = (der[at] as number) ^ mask;
    return changed;
  }

  function expectChangeToShow(changed: Uint8Array): void {
    const outcome = parseCertificate(changed);
    if (!outcome.ok) return;
    const { tbs, signature } = outcome.value;
    if (equal(tbs, sound.tbs) && equal(signature, sound.signature)) throw new Error(`hidden in ${toHex(changed)}`);
  }
});
