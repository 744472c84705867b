/** For each reason, certificates that are sound except for the rule it stands for. */
import { concat } from '../../../src/core/bytes.ts';
import type { CertificateReason } from '../../../src/x509/reasons.ts';
import {
  attribute,
  buildCertificate,
  CRITICAL,
  ed25519Key,
  extension,
  name,
  p256Key,
  withAltNames,
  withExtension,
  withSubject,
} from './certificate-builder.ts';
import {
  ascii,
  bits,
  boolean,
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

const SOUND = buildCertificate();
const SOUND_CONTENT = SOUND.subarray(4);
const BINDING = '1.3.6.1.4.1.32473.1.1';
const KEY_USAGE = '2.5.29.15';
const BASIC_CONSTRAINTS = '2.5.29.19';
const EXTENDED_KEY_USAGE = '2.5.29.37';

const zeros = (length: number): Uint8Array => new Uint8Array(length);
const point = (first: number, length: number): Uint8Array => concat(raw(first), zeros(length - 1));
const withTimes = (notBefore: Uint8Array, notAfter: Uint8Array): Uint8Array =>
  buildCertificate({ validity: sequence(notBefore, notAfter) });
const withNotBefore = (time: Uint8Array): Uint8Array => withTimes(time, generalizedTime('20600101000000Z'));
const withParameters = (...parameters: readonly Uint8Array[]): Uint8Array =>
  buildCertificate({ spki: sequence(sequence(oid('1.2.3'), ...parameters), bits(0, raw(1))) });
const withAttribute = (value: Uint8Array): Uint8Array => withSubject(set(attribute(value)));
const nested = (levels: number): Uint8Array => (levels === 0 ? NULL : sequence(nested(levels - 1)));
const parametersPresent = sequence(oid('1.2.840.10045.4.3.2'), NULL);
const many = (count: number, item: Uint8Array): Uint8Array[] => Array.from({ length: count }, () => item);
const manyExtensions = Array.from({ length: 65 }, (_, i) => extension(`1.3.${i}`, raw()));

type Refused = readonly [what: string, der: Uint8Array];

export const REFUSALS: Record<CertificateReason, readonly Refused[]> = {
  missing_element: [
    ['nothing', raw()],
    ['an empty certificate', sequence()],
    ['no signature', buildCertificate({ signature: raw() })],
    ['a validity without notAfter', buildCertificate({ validity: sequence(utcTime('250101000000Z')) })],
    ['an attribute without a value', withSubject(set(sequence(oid('2.5.4.3'))))],
    ['an extension without a value', buildCertificate({ extensions: [sequence(oid('1.2.3'))] })],
  ],
  truncated: [
    ['a tag alone', raw(0x30)],
    ['a half length', raw(0x30, 0x82, 1)],
    ['a certificate without its last octet', SOUND.subarray(0, -1)],
    ['an element that reaches past the one around it', withExtension(BASIC_CONSTRAINTS, raw(0x30, 1))],
  ],
  trailing_data: [
    ['an octet after the certificate', concat(SOUND, raw(0))],
    ['an element after the signature', buildCertificate({ afterSignature: NULL })],
    ['an element after the extensions', concatInTbs(NULL)],
    ['an element after the path length', withExtension(BASIC_CONSTRAINTS, sequence(CRITICAL, integer(0), NULL))],
    ['an element after an extension value', withExtension(BASIC_CONSTRAINTS, concat(sequence(), NULL))],
    [
      'a third time',
      buildCertificate({ validity: sequence(...['25', '30', '35'].map((yy) => utcTime(`${yy}0101000000Z`))) }),
    ],
    ['parameters after the parameters', withParameters(NULL, NULL)],
  ],
  unexpected_tag: [
    ['a SET in place of the certificate', tlv(0x31, SOUND_CONTENT)],
    ['a constructed BIT STRING', buildCertificate({ signature: tlv(0x23, bits(0, raw(1))) })],
    ['a constructed string', withAttribute(tlv(0x2c, tlv(0x0c, ascii('x'))))],
    ['a primitive SEQUENCE', withParameters(raw(0x10, 0))],
    ['an end-of-contents', withParameters(raw(0, 0))],
    ['a primitive dNSName marked constructed', buildCertificate({ afterKey: tlv(0xa1, raw()) })],
  ],
  multi_byte_tag: [['a tag number above 30', withParameters(raw(0x1f, 0x20, 0))]],
  indefinite_length: [['length octet 80', concat(raw(0x30, 0x80), SOUND_CONTENT, raw(0, 0))]],
  length_not_minimal: [
    ['a short length in the long form', buildCertificate({ serial: raw(2, 0x81, 1, 1) })],
    ['a leading zero in a length', concat(raw(0x30, 0x83, 0, SOUND[2] as number, SOUND[3] as number), SOUND_CONTENT)],
  ],
  length_too_large: [
    ['four length octets', raw(0x30, 0x84, 1, 0, 0, 0)],
    ['the reserved length octet', raw(0x30, 0xff)],
  ],
  too_deep: [['13 levels below parameters', withParameters(nested(12))]],
  bad_integer: [
    ['an empty serial number', buildCertificate({ serial: integer() })],
    ['a padded serial number', buildCertificate({ serial: integer(0, 1) })],
    ['a padded negative serial number', buildCertificate({ serial: integer(0xff, 0x80) })],
    ['a padded integer in parameters', withParameters(integer(0, 0))],
  ],
  bad_boolean: [
    ['critical 01', withExtension(BASIC_CONSTRAINTS, sequence(), boolean(1))],
    ['critical without content', withExtension(BASIC_CONSTRAINTS, sequence(), tlv(1))],
    ['cA in two octets', withExtension(BASIC_CONSTRAINTS, sequence(tlv(1, raw(0xff, 0xff))))],
    ['parameters that are BOOLEAN 7F', withParameters(boolean(0x7f))],
  ],
  default_encoded: [
    ['critical FALSE', withExtension(BASIC_CONSTRAINTS, sequence(), boolean(0))],
    ['cA FALSE', withExtension(BASIC_CONSTRAINTS, sequence(boolean(0)))],
  ],
  bad_null: [['a NULL with content', withParameters(raw(5, 1, 0))]],
  bad_oid: [
    ['an empty type', buildCertificate({ extensions: [sequence(raw(6, 0), octets())] })],
    ['a padded arc', buildCertificate({ extensions: [sequence(raw(6, 3, 0x55, 0x80, 1), octets())] })],
    ['an end inside an arc', buildCertificate({ extensions: [sequence(raw(6, 2, 0x55, 0x81), octets())] })],
    ['a padded arc in an attribute', withSubject(set(sequence(raw(6, 2, 0x80, 1), NULL)))],
    ['a padded registeredID', withAltNames(tlv(0x88, raw(0x80, 1)))],
  ],
  bad_bit_string: [
    ['no count of unused bits', buildCertificate({ signature: tlv(3) })],
    ['8 unused bits', buildCertificate({ signature: bits(8, raw(0)) })],
    ['unused bits of nothing', buildCertificate({ signature: bits(1, raw()) })],
    ['an unused bit that is set', withExtension(KEY_USAGE, bits(1, raw(0x81)))],
  ],
  unused_bits: [
    ['a signature that ends inside an octet', buildCertificate({ signature: bits(1, raw(2)) })],
    [
      'a key that ends inside an octet',
      buildCertificate({ spki: sequence(sequence(oid('1.2.3')), bits(4, raw(0x10))) }),
    ],
  ],
  named_bits_not_minimal: [
    ['a trailing zero bit', withExtension(KEY_USAGE, bits(6, raw(0x80)))],
    ['a trailing zero octet', withExtension(KEY_USAGE, bits(0, raw(0x80, 0)))],
    ['a zero octet alone', withExtension(KEY_USAGE, bits(0, raw(0)))],
  ],
  bad_time: [
    ['no seconds', withNotBefore(utcTime('2501010000Z'))],
    ['an offset', withNotBefore(utcTime('250101000000+0000'))],
    ['no Z', withNotBefore(utcTime('2501010000000'))],
    ['a fraction', withNotBefore(generalizedTime('20500101000000.5Z'))],
    ['a letter', withNotBefore(utcTime('25010100000AZ'))],
    ['month 0', withNotBefore(utcTime('250001000000Z'))],
    ['month 13', withNotBefore(utcTime('251301000000Z'))],
    ['day 0', withNotBefore(utcTime('250100000000Z'))],
    ['29 February 2025', withNotBefore(utcTime('250229000000Z'))],
    ['29 February 2100', withTimes(utcTime('250101000000Z'), generalizedTime('21000229000000Z'))],
    ['31 April', withNotBefore(utcTime('250431000000Z'))],
    ['hour 24', withNotBefore(utcTime('250101240000Z'))],
    ['minute 60', withNotBefore(utcTime('250101006000Z'))],
    ['a leap second', withNotBefore(utcTime('161231235960Z'))],
  ],
  wrong_time_type: [
    ['GeneralizedTime in 2049', withNotBefore(generalizedTime('20491231235959Z'))],
    ['GeneralizedTime in 1900', withNotBefore(generalizedTime('19000101000000Z'))],
  ],
  certificate_too_large: [
    ['16,385 octets', buildCertificate({ signature: bits(0, zeros(16_385 - SOUND.length + 6)) })],
  ],
  version_not_3: [
    ['no version (1)', buildCertificate({ version: raw() })],
    ['version 1 encoded', buildCertificate({ version: tlv(0xa0, integer(0)) })],
    ['version 2', buildCertificate({ version: tlv(0xa0, integer(1)) })],
    ['version 4', buildCertificate({ version: tlv(0xa0, integer(3)) })],
    ['version 515', buildCertificate({ version: tlv(0xa0, integer(2, 2)) })],
  ],
  serial_not_positive: [
    ['serial 0', buildCertificate({ serial: integer(0) })],
    ['serial -1', buildCertificate({ serial: integer(0xff) })],
    ['a serial with the high bit', buildCertificate({ serial: integer(0x80, 1) })],
  ],
  serial_too_long: [
    ['21 octets', buildCertificate({ serial: tlv(2, point(1, 21)) })],
    ['20 octets after a sign octet', buildCertificate({ serial: tlv(2, raw(0, 0x80), zeros(19)) })],
  ],
  algorithm_mismatch: [
    ['another outer algorithm', buildCertificate({ outerAlgorithm: sequence(oid('1.3.101.112')) })],
    ['outer parameters only', buildCertificate({ outerAlgorithm: parametersPresent })],
  ],
  algorithm_parameters_present: [
    ['ECDSA with NULL', buildCertificate({ innerAlgorithm: parametersPresent, outerAlgorithm: parametersPresent })],
    ['an Ed25519 key with NULL', buildCertificate({ spki: ed25519Key(zeros(32), NULL) })],
  ],
  empty_issuer: [['no issuer', buildCertificate({ issuer: sequence() })]],
  empty_rdn: [['a relative name without attribute', withSubject(set())]],
  rdn_not_sorted: [
    ['descending', withSubject(set(attribute(tlv(0x0c, ascii('b'))), attribute(tlv(0x0c, ascii('a')))))],
    ['the longer one first', withSubject(set(attribute(tlv(0x0c, ascii('ab'))), attribute(tlv(0x0c, ascii('z')))))],
    ['one twice', withSubject(set(attribute(tlv(0x0c, ascii('a'))), attribute(tlv(0x0c, ascii('a')))))],
  ],
  bad_name_string: [
    ['an empty UTF8String', withAttribute(tlv(0x0c))],
    ['an overlong UTF8String', withAttribute(tlv(0x0c, raw(0xc1, 0xa1)))],
    ['a surrogate in a UTF8String', withAttribute(tlv(0x0c, raw(0xed, 0xa0, 0x80)))],
    ['"_" in a PrintableString', withAttribute(tlv(0x13, ascii('a_b')))],
    ['"@" in a PrintableString', withAttribute(tlv(0x13, ascii('a@b')))],
    ['a letter in a NumericString', withAttribute(tlv(0x12, ascii('1a')))],
    ['an octet above 7F in an IA5String', withAttribute(tlv(0x16, raw(0x80)))],
    ['half a BMPString character', withAttribute(tlv(0x1e, raw(0, 0x61, 0)))],
    ['half a UniversalString character', withAttribute(tlv(0x1c, raw(0, 0x61)))],
    ['an empty string in the issuer', buildCertificate({ issuer: name('') })],
  ],
  nul_in_name: [
    ['in a UTF8String', withAttribute(tlv(0x0c, ascii('a\0b')))],
    ['in a PrintableString', withAttribute(tlv(0x13, ascii('a\0')))],
    ['in an IA5String', withAttribute(tlv(0x16, ascii('\0')))],
    ['in a TeletexString', withAttribute(tlv(0x14, ascii('a\0b')))],
    ['in a BMPString', withAttribute(tlv(0x1e, raw(0, 0x61, 0, 0)))],
    ['in a UniversalString', withAttribute(tlv(0x1c, raw(0, 0, 0, 0)))],
    ['in a dNSName', withAltNames(tlv(0x82, ascii('a.example\0.net')))],
    ['in a URI', withAltNames(tlv(0x86, ascii('a:\0')))],
    ['in a directoryName', withAltNames(tlv(0xa4, name('a\0b')))],
  ],
  validity_reversed: [['a second too early', withTimes(utcTime('250101000001Z'), utcTime('250101000000Z'))]],
  bad_p256_key: [
    ['a compressed point', buildCertificate({ spki: p256Key(point(2, 33)) })],
    ['a hybrid point', buildCertificate({ spki: p256Key(point(6, 65)) })],
    ['the point at infinity', buildCertificate({ spki: p256Key(raw(0)) })],
    ['a short point', buildCertificate({ spki: p256Key(point(4, 64)) })],
    ['a long point', buildCertificate({ spki: p256Key(point(4, 66)) })],
  ],
  bad_ed25519_key: [
    ['31 octets', buildCertificate({ spki: ed25519Key(zeros(31)) })],
    ['an OCTET STRING inside', buildCertificate({ spki: ed25519Key(octets(zeros(32))) })],
  ],
  unique_id_present: [
    ['of the issuer', buildCertificate({ afterKey: tlv(0x81, raw(0, 1)) })],
    ['of the subject', buildCertificate({ afterKey: tlv(0x82, raw(0, 1)) })],
  ],
  empty_extensions: [['an empty list', buildCertificate({ extensions: [] })]],
  too_many_extensions: [['65', buildCertificate({ extensions: manyExtensions })]],
  duplicate_extension: [
    ['two unknown ones', buildCertificate({ extensions: [extension('1.3.1', raw()), extension('1.3.1', raw(1))] })],
    [
      'two basic constraints apart',
      buildCertificate({
        extensions: [
          extension(BASIC_CONSTRAINTS, sequence()),
          extension('1.3.1', raw()),
          extension(BASIC_CONSTRAINTS, sequence(CRITICAL)),
        ],
      }),
    ],
  ],
  unknown_critical_extension: [
    ['an unknown one', withExtension('1.3.1', raw(), CRITICAL)],
    ['name constraints', withExtension('2.5.29.30', sequence(), CRITICAL)],
    ['certificate policies', withExtension('2.5.29.32', sequence(), CRITICAL)],
    ['a longer arc below basic constraints', withExtension('2.5.29.19.1', sequence(), CRITICAL)],
  ],
  path_length_without_ca: [['an end entity with one', withExtension(BASIC_CONSTRAINTS, sequence(integer(0)))]],
  bad_path_length: [
    ['-1', withExtension(BASIC_CONSTRAINTS, sequence(CRITICAL, integer(0xff)))],
    ['2^31', withExtension(BASIC_CONSTRAINTS, sequence(CRITICAL, integer(0, 0x80, 0, 0, 0)))],
  ],
  empty_key_usage: [['no bits', withExtension(KEY_USAGE, bits(0, raw()))]],
  unknown_key_usage: [
    ['bit 9', withExtension(KEY_USAGE, bits(6, raw(0x80, 0x40)))],
    ['bits 8 and 9', withExtension(KEY_USAGE, bits(6, raw(0x80, 0xc0)))],
    ['bit 16', withExtension(KEY_USAGE, bits(7, raw(0x80, 0x80, 0x80)))],
  ],
  empty_extended_key_usage: [['no purposes', withExtension(EXTENDED_KEY_USAGE, sequence())]],
  too_many_key_purposes: [['65', withExtension(EXTENDED_KEY_USAGE, sequence(...many(65, oid('1.2.3'))))]],
  too_many_alt_names: [['257', withAltNames(...many(257, tlv(0x82, ascii('x'))))]],
  empty_subject_alt_names: [['no names', withAltNames()]],
  unknown_general_name: [
    ['tag 9', withAltNames(tlv(0x89, ascii('x')))],
    ['an untagged string', withAltNames(tlv(0x16, ascii('x')))],
    ['a constructed dNSName', withAltNames(tlv(0xa2, ascii('x')))],
    ['a primitive directoryName', withAltNames(tlv(0x84, name('x')))],
  ],
  bad_general_name: [
    ['an empty dNSName', withAltNames(tlv(0x82))],
    ['a dNSName of 254 octets', withAltNames(tlv(0x82, ascii('x'.repeat(254))))],
    ['a blank dNSName', withAltNames(tlv(0x82, ascii(' ')))],
    ['a dNSName in Latin 1', withAltNames(tlv(0x82, raw(0x61, 0xe4)))],
    ['a line end in a mailbox', withAltNames(tlv(0x81, ascii('a@b\n')))],
    ['DEL in a URI', withAltNames(tlv(0x86, raw(0x61, 0x7f)))],
    ['an address with a mask', withAltNames(tlv(0x87, zeros(8)))],
    ['an address of 5 octets', withAltNames(tlv(0x87, zeros(5)))],
    ['an empty directoryName', withAltNames(tlv(0xa4, sequence()))],
    ['an empty otherName', withAltNames(tlv(0xa0))],
  ],
  empty_subject: [
    ['no alternative names', withSubject()],
    [
      'alternative names that are not critical',
      buildCertificate({ subject: sequence(), extensions: [extension('2.5.29.17', sequence(tlv(0x82, ascii('x'))))] }),
    ],
  ],
  binding_critical: [['32 octets, critical', withExtension(BINDING, octets(zeros(32)), CRITICAL)]],
  bad_binding: [
    ['31 octets', withExtension(BINDING, octets(zeros(31)))],
    ['33 octets', withExtension(BINDING, octets(zeros(33)))],
    ['no OCTET STRING around them', withExtension(BINDING, zeros(34))],
    ['a longer length form', withExtension(BINDING, concat(raw(4, 0x81, 32), zeros(31)))],
    ['an octet after them', withExtension(BINDING, concat(octets(zeros(32)), raw(0)))],
    ['nothing', withExtension(BINDING, raw())],
  ],
};

function concatInTbs(element: Uint8Array): Uint8Array {
  const basicConstraints = tlv(0xa3, sequence(extension(BASIC_CONSTRAINTS, sequence())));
  return buildCertificate({ extensions: null, afterKey: concat(basicConstraints, element) });
}
