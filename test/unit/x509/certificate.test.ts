import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, equal } from '../../../src/core/bytes.ts';
import { CERTIFICATE_BYTES_MAX, type Certificate, parseCertificate } from '../../../src/x509/certificate.ts';
import { DER_DEPTH_MAX } from '../../../src/x509/der.ts';
import { EXTENSIONS_MAX, KEY_USAGE } from '../../../src/x509/extensions.ts';
import {
  attribute,
  buildCertificate,
  CRITICAL,
  DEVICE,
  ed25519Key,
  extension,
  name,
  p256Key,
  withAltNames,
  withExtension,
  withSubject,
} from './certificate-builder.ts';
import { REFUSALS } from './certificate-refusals.ts';
import {
  ascii,
  bits,
  generalizedTime,
  integer,
  NULL,
  octets,
  oid,
  raw,
  sequence,
  set,
  tlv,
  utcTime,
} from './der-builder.ts';

function parse(der: Uint8Array): Certificate {
  const outcome = parseCertificate(der);
  if (!outcome.ok) throw new Error(`refused: ${outcome.code.reason} at ${outcome.code.offset}`);
  return outcome.value;
}

describe.each(Object.entries(REFUSALS))('refuses as %s', (reason, cases) => {
  test.each(cases)('%s', (_, der) => {
    const outcome = parseCertificate(der);
    expect(outcome).toMatchObject({ ok: false, code: { reason } });
    const offset = outcome.ok ? -1 : outcome.code.offset;
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(offset).toBeLessThanOrEqual(der.length);
  });
});

describe('reads', () => {
  test('each field as the octets that encode it', () => {
    const spki = p256Key(concat(raw(4), new Uint8Array(64).fill(7)));
    const der = buildCertificate({ serial: integer(0, 0xff), issuer: name('issuer'), spki });
    const certificate = parse(der);
    expect(certificate.der).toEqual(der);
    expect(certificate.tbs).toEqual(der.subarray(4, 4 + certificate.tbs.length));
    expect(certificate.serial).toEqual(raw(0, 0xff));
    expect(certificate.issuer).toEqual(name('issuer'));
    expect(certificate.subject).toEqual(DEVICE);
    expect(certificate.spki).toEqual(spki);
    expect(certificate.publicKey).toEqual({ kind: 'p256', point: concat(raw(4), new Uint8Array(64).fill(7)) });
    expect(certificate.signatureAlgorithm).toBe('ecdsa-p256-sha256');
    expect(certificate.signatureAlgorithmIdentifier).toEqual(sequence(oid('1.2.840.10045.4.3.2')));
    expect(certificate.signature).toEqual(raw(0x30, 6, 2, 1, 1, 2, 1, 1));
    expect(certificate.extensions).toEqual([{ oid: raw(0x55, 0x1d, 19), critical: false, value: sequence() }]);
    expect(certificate.basicConstraints).toEqual({ isCa: false, pathLength: null });
  });

  test('a certificate without extensions', () => {
    expect(parse(buildCertificate({ extensions: null }))).toMatchObject({
      extensions: [],
      basicConstraints: null,
      keyUsage: null,
      extendedKeyUsage: null,
      subjectAltNames: [],
      hasCriticalAltNames: false,
      binding: null,
    });
  });

  test('views of the input, plain ones also of a Buffer', () => {
    const buffer = Buffer.concat([Buffer.from([1, 2, 3]), buildCertificate()]).subarray(3);
    const { serial, der } = parse(buffer);
    expect(serial.buffer).toBe(buffer.buffer);
    expect(Buffer.isBuffer(serial)).toBe(false);
    expect(Buffer.isBuffer(der)).toBe(false);
    expect(equal(der, buffer)).toBe(true);
  });

  test.each([
    ['UTCTime 1950', utcTime('500101000000Z'), Date.UTC(1950, 0, 1)],
    ['UTCTime 1969', utcTime('691231235959Z'), -1000],
    ['UTCTime 1970', utcTime('700101000000Z'), 0],
    ['a leap day', utcTime('240229235959Z'), Date.UTC(2024, 1, 29, 23, 59, 59)],
    ['UTCTime 2049', utcTime('491231235959Z'), Date.UTC(2049, 11, 31, 23, 59, 59)],
    ['GeneralizedTime 2050', generalizedTime('20500101000000Z'), Date.UTC(2050, 0, 1)],
    ['the leap day of 2400', generalizedTime('24000229000000Z'), Date.UTC(2400, 1, 29)],
    ['no expiry (RFC 5280 §4.1.2.5)', generalizedTime('99991231235959Z'), Date.UTC(9999, 11, 31, 23, 59, 59)],
  ])('%s', (_, time, milliseconds) => {
    const certificate = parse(buildCertificate({ validity: sequence(time, time) }));
    expect(certificate.notBefore).toBe(milliseconds / 1000);
    expect(certificate.notAfter).toBe(milliseconds / 1000);
  });

  test('every second of the calendar as Date does', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1950, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 }), (seconds) => {
        const digits = new Date(seconds * 1000).toISOString().replace(/[-T:]|\.\d+/g, '');
        const time = digits < '2050' ? utcTime(digits.slice(2)) : generalizedTime(digits);
        expect(parse(buildCertificate({ validity: sequence(time, time) })).notBefore).toBe(seconds);
      }),
    );
  });

  test.each([
    ['one bit', bits(7, raw(0x80)), KEY_USAGE.digitalSignature],
    ['bit 7', bits(0, raw(0x01)), KEY_USAGE.encipherOnly],
    ['both bits of a CA', bits(1, raw(0x06)), KEY_USAGE.keyCertSign | KEY_USAGE.cRLSign],
    ['all bits', bits(7, raw(0xff, 0x80)), 0x1ff],
    ['decipherOnly alone', bits(7, raw(0, 0x80)), KEY_USAGE.decipherOnly],
  ])('key usage with %s', (_, value, usage) => {
    expect(parse(withExtension('2.5.29.15', value, CRITICAL)).keyUsage).toBe(usage);
  });

  test.each([
    ['nothing', sequence(), { isCa: false, pathLength: null }],
    ['cA', sequence(CRITICAL), { isCa: true, pathLength: null }],
    ['path length 0', sequence(CRITICAL, integer(0)), { isCa: true, pathLength: 0 }],
    [
      'path length 2^31 - 1',
      sequence(CRITICAL, integer(0x7f, 0xff, 0xff, 0xff)),
      { isCa: true, pathLength: 0x7fffffff },
    ],
  ])('basic constraints with %s', (_, value, constraints) => {
    expect(parse(withExtension('2.5.29.19', value, CRITICAL)).basicConstraints).toEqual(constraints);
  });

  test('the purposes of the extended key usage', () => {
    const value = sequence(oid('1.3.6.1.5.5.7.3.2'), oid('1.3.6.1.4.1.32473.7'));
    const purposes = [oid('1.3.6.1.5.5.7.3.2').subarray(2), oid('1.3.6.1.4.1.32473.7').subarray(2)];
    expect(parse(withExtension('2.5.29.37', value)).extendedKeyUsage).toEqual(purposes);
  });

  test('alternative names of every form', () => {
    const contents: [number, Uint8Array][] = [
      [0xa0, concat(oid('1.2.3'), tlv(0xa0, tlv(0x0c, ascii('x'))))],
      [0x81, ascii('ops@example.net')],
      [0x82, ascii('*.example.net')],
      [0xa3, sequence(NULL)],
      [0xa4, name('alias')],
      [0xa5, tlv(0xa1, tlv(0x0c, ascii('x')))],
      [0x86, ascii('urn:uuid:1')],
      [0x87, raw(192, 0, 2, 1)],
      [0x87, new Uint8Array(16)],
      [0x88, raw(0x2a, 3)],
    ];
    const { subjectAltNames } = parse(withAltNames(...contents.map(([tag, content]) => tlv(tag, content))));
    expect(subjectAltNames).toEqual(contents.map(([tag, bytes]) => ({ tag: tag & 0x1f, bytes })));
  });

  test('an empty subject beside critical alternative names', () => {
    const names = extension('2.5.29.17', sequence(tlv(0x82, ascii('x'))), CRITICAL);
    const certificate = parse(buildCertificate({ subject: sequence(), extensions: [names] }));
    expect(certificate.subject).toEqual(sequence());
    expect(certificate.hasCriticalAltNames).toBe(true);
  });

  test('the binding', () => {
    const binding = Uint8Array.from({ length: 32 }, (_, i) => i);
    expect(parse(withExtension('1.3.6.1.4.1.32473.1.1', octets(binding))).binding).toEqual(binding);
  });

  test('an unknown extension without looking into it', () => {
    const value = raw(0x30, 0x80, 0xff);
    expect(parse(withExtension('1.2.3', value)).extensions).toEqual([{ oid: raw(0x2a, 3), critical: false, value }]);
  });

  test('keys and algorithms of other kinds', () => {
    const rsa = sequence(oid('1.2.840.113549.1.1.11'), NULL);
    const spki = sequence(sequence(oid('1.2.840.113549.1.1.1'), NULL), bits(0, raw(1)));
    const certificate = parse(buildCertificate({ innerAlgorithm: rsa, outerAlgorithm: rsa, spki }));
    expect(certificate.signatureAlgorithm).toBe('unsupported');
    expect(certificate.signatureAlgorithmIdentifier).toEqual(rsa);
    expect(certificate.publicKey).toEqual({ kind: 'other', algorithm: oid('1.2.840.113549.1.1.1').subarray(2) });
  });

  test('another curve, or one written out, as an unsupported key', () => {
    const algorithm = oid('1.2.840.10045.2.1').subarray(2);
    for (const curve of [oid('1.3.132.0.34'), sequence(integer(1))]) {
      const spki = p256Key(concat(raw(4), new Uint8Array(64)), curve);
      expect(parse(buildCertificate({ spki })).publicKey).toEqual({ kind: 'other', algorithm });
    }
  });

  test('Ed25519 keys', () => {
    const key = new Uint8Array(32).fill(9);
    expect(parse(buildCertificate({ spki: ed25519Key(key) })).publicKey).toEqual({ kind: 'ed25519', key });
  });

  test.each([
    ['UTF8String', tlv(0x0c, new TextEncoder().encode('Zürich 東京'))],
    ['PrintableString', tlv(0x13, ascii("AT&T *.a-b, (c) 'd'"))],
    ['TeletexString', tlv(0x14, raw(0xe4))],
    ['IA5String', tlv(0x16, ascii('a@b_c'))],
    ['BMPString', tlv(0x1e, raw(0, 0x61, 1, 0, 0, 0x62))],
    ['UniversalString', tlv(0x1c, raw(0, 0, 0, 0x61))],
    ['NumericString', tlv(0x12, ascii('0 1'))],
    ['BIT STRING (x500UniqueIdentifier)', bits(0, raw(1))],
  ])('a name with a %s', (_, value) => {
    expect(parse(withSubject(set(attribute(value)))).subject).toEqual(sequence(set(attribute(value))));
  });

  test('a relative name with sorted attributes', () => {
    const relativeName = set(attribute(tlv(0x0c, ascii('z'))), attribute(tlv(0x0c, ascii('ab'))));
    expect(parse(withSubject(relativeName)).subject).toEqual(sequence(relativeName));
  });

  test('what reaches each limit', () => {
    const spare = CERTIFICATE_BYTES_MAX - buildCertificate().length + 6;
    expect(parse(buildCertificate({ signature: bits(0, new Uint8Array(spare)) })).der).toHaveLength(
      CERTIFICATE_BYTES_MAX,
    );
    const extensions = Array.from({ length: EXTENSIONS_MAX }, (_, i) => extension(`1.3.${i}`, raw()));
    expect(parse(buildCertificate({ extensions })).extensions).toHaveLength(EXTENSIONS_MAX);
    expect(parse(buildCertificate({ serial: tlv(2, new Uint8Array(20).fill(1)) })).serial).toHaveLength(20);
    let nested = NULL;
    for (let level = 1; level < DER_DEPTH_MAX; level++) nested = sequence(nested);
    const spki = sequence(sequence(oid('1.2.3'), nested), bits(0, raw(1)));
    expect(parse(buildCertificate({ spki })).publicKey.kind).toBe('other');
  });
});

describe('never throws', () => {
  test('on random octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => !parseCertificate(bytes).ok),
      { numRuns: 1000 },
    );
  });

  test('on random octets in place of any field', () => {
    const fields = fc.constantFrom(
      'serial',
      'innerAlgorithm',
      'issuer',
      'validity',
      'subject',
      'spki',
      'afterKey',
      'signature',
    );
    const tags = fc.constantFrom(0x02, 0x03, 0x30, 0x31, 0xa3);
    const property = fc.property(fields, tags, fc.uint8Array({ maxLength: 40 }), (field, tag, content) => {
      parseCertificate(buildCertificate({ [field]: tlv(tag, content) }));
    });
    fc.assert(property, { numRuns: 2000 });
  });

  test('on random octets in any extension', () => {
    const ids = fc.constantFrom('2.5.29.15', '2.5.29.17', '2.5.29.19', '2.5.29.37', '1.3.6.1.4.1.32473.1.1');
    const property = fc.property(ids, fc.uint8Array({ maxLength: 40 }), (id, content) => {
      parseCertificate(withExtension(id, content));
      parseCertificate(withExtension(id, sequence(content)));
    });
    fc.assert(property, { numRuns: 2000 });
  });
});
