import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { concat, fromHex } from '../../../src/core/bytes.ts';
import { assert } from '../../../src/core/outcome.ts';
import { type Certificate, parseCertificate } from '../../../src/x509/certificate.ts';
import { checkSelfSigned } from '../../../src/x509/self-signed.ts';
import { buildCertificate, ed25519Key, type Fields } from './certificate-builder.ts';
import { bits, oid, raw, sequence } from './der-builder.ts';
import { nodeVerifier } from './node-verifier.ts';
import { loadCertificate } from './vectors.ts';

const ED25519 = sequence(oid('1.3.101.112'));
const ED25519_FIELDS = { innerAlgorithm: ED25519, outerAlgorithm: ED25519 };

function parse(der: Uint8Array): Certificate {
  const outcome = parseCertificate(der);
  assert(outcome.ok, 'the certificate is sound');
  return outcome.value;
}

/** A certificate whose key is that of `signer`, unless a field says otherwise, and which `signer` signs. */
function signed(signer: { publicKey: KeyObject; privateKey: KeyObject }, fields: Partial<Fields> = {}): Certificate {
  const isEd25519 = signer.publicKey.asymmetricKeyType === 'ed25519';
  const spki = new Uint8Array(signer.publicKey.export({ type: 'spki', format: 'der' }));
  const all = { spki, ...(isEd25519 ? ED25519_FIELDS : {}), ...fields };
  const { tbs } = parse(buildCertificate(all));
  return parse(
    buildCertificate({ signature: bits(0, sign(isEd25519 ? null : 'sha256', tbs, signer.privateKey)), ...all }),
  );
}

const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');

describe('accepts', () => {
  test.each([
    ['openssl-p256-binding', 'p256'],
    ['openssl-ed25519-binding', 'ed25519'],
    ['go-p256-binding', 'p256'],
    ['go-ed25519-binding', 'ed25519'],
    ['go-p256-ca', 'p256'],
    ['python-p256-binding', 'p256'],
    ['python-ed25519-binding', 'ed25519'],
  ])('%s and returns its %s key', (file, kind) => {
    const certificate = loadCertificate(file);
    expect(checkSelfSigned(certificate, nodeVerifier)).toEqual({ ok: true, value: certificate.publicKey });
    expect(certificate.publicKey.kind).toBe(kind);
  });

  test('what its own key signs', () => {
    expect(checkSelfSigned(signed(p256), nodeVerifier).ok).toBe(true);
    expect(checkSelfSigned(signed(ed), nodeVerifier).ok).toBe(true);
  });
});

describe('refuses', () => {
  const off = (length: number) => bits(0, new Uint8Array(length));
  const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' });
  const torsionKey = ed25519.Point.BASE.add(
    // A point of order 8: its sum with the base is a canonical key outside the prime-order subgroup.
    ed25519.Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
  ).toBytes();
  const identity = fromHex(`01${'00'.repeat(31)}`) as Uint8Array;
  const nonCanonical = fromHex(`ee${'ff'.repeat(30)}7f`) as Uint8Array;
  const offCurve = concat(raw(4), new Uint8Array(63), raw(1));
  const offCurveKey = sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')), bits(0, offCurve));

  test.each([
    ['a CA-issued certificate', 'issuer_not_subject', loadCertificate('openssl-issued-by-rsa')],
    ['an RSA key', 'unsupported_key', loadCertificate('openssl-rsa-ca')],
    ['a P-384 key', 'unsupported_key', loadCertificate('openssl-p384')],
    ['a P-256 key under Ed25519', 'algorithm_not_of_key', parse(buildCertificate(ED25519_FIELDS))],
    [
      'an Ed25519 key under ECDSA',
      'algorithm_not_of_key',
      parse(buildCertificate({ spki: ed25519Key(new Uint8Array(32)) })),
    ],
    ['r||s in a certificate', 'bad_signature_encoding', signed(p256, { signature: off(64) })],
    ['a short Ed25519 signature', 'bad_signature_encoding', signed(ed, { signature: off(63) })],
    ['a key of mixed order', 'key_with_torsion', signed(ed, { spki: ed25519Key(torsionKey) })],
    ['the neutral key', 'key_with_torsion', signed(ed, { spki: ed25519Key(identity) })],
    ['a key that is not canonical', 'key_with_torsion', signed(ed, { spki: ed25519Key(nonCanonical) })],
    ['the signature of another key', 'signature_invalid', signed(p256, { spki: new Uint8Array(otherKey) })],
    ['a point off the curve', 'signature_invalid', signed(p256, { spki: offCurveKey })],
    ['an Ed25519 signature of nothing', 'signature_invalid', signed(ed, { signature: off(64) })],
  ])('%s as %s', (_, code, certificate) => {
    expect(checkSelfSigned(certificate, nodeVerifier)).toEqual({ ok: false, code });
  });

  test.each(['go-p256-binding', 'go-ed25519-binding'])('any flipped byte of what %s signs', (file) => {
    const { der, tbs } = loadCertificate(file);
    const start = tbs.byteOffset - der.byteOffset;
    for (let at = start; at < start + tbs.length; at++) {
      const changed = der.slice();
      changed[at] = (der[at] as number) ^ 1;
      const outcome = parseCertificate(changed);
      if (outcome.ok) expect(checkSelfSigned(outcome.value, nodeVerifier).ok).toBe(false);
    }
  });
});
