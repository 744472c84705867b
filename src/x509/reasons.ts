/** Why a certificate is refused: one reason per rule. Positions are octets from the start of the certificate. */
import type { DerReason } from './der.ts';

export type CertificateReason =
  | DerReason
  /** More than CERTIFICATE_BYTES_MAX octets. */
  | 'certificate_too_large'
  /** Another version than 3 (RFC 5280 §4.1.2.1: extensions need version 3; versions 1 and 2 cannot say what the key is for). */
  | 'version_not_3'
  /** A serial number of zero or below (RFC 5280 §4.1.2.2). */
  | 'serial_not_positive'
  /** A serial number of more than 20 octets (RFC 5280 §4.1.2.2). */
  | 'serial_too_long'
  /** The signed and the outer AlgorithmIdentifier differ (RFC 5280 §4.1.1.2). */
  | 'algorithm_mismatch'
  /** ECDSA with SHA-256 or Ed25519 with parameters (RFC 5758 §3.2, RFC 8410 §3: absent). */
  | 'algorithm_parameters_present'
  /** The issuer has no name (RFC 5280 §4.1.2.4). */
  | 'empty_issuer'
  /** A relative distinguished name without an attribute (RFC 5280 §4.1.2.4: SIZE (1..MAX)). */
  | 'empty_rdn'
  /** The attributes of a relative distinguished name are not in ascending order, or one occurs twice (X.690 §11.6). */
  | 'rdn_not_sorted'
  /** An attribute's string is empty or has octets that its type does not allow (RFC 5280 §4.1.2.4, X.680 §41). */
  | 'bad_name_string'
  /** A NUL in a name: it ends the name for one reader and not for another (CVE-2009-2408). */
  | 'nul_in_name'
  /** notBefore is after notAfter (RFC 5280 §4.1.2.5). */
  | 'validity_reversed'
  /** A P-256 key that is no uncompressed point of 65 octets (RFC 5480 §2.2). */
  | 'bad_p256_key'
  /** An Ed25519 key of another length than 32 (RFC 8410 §4). */
  | 'bad_ed25519_key'
  /** issuerUniqueID or subjectUniqueID (RFC 5280 §4.1.2.8: must not be generated). */
  | 'unique_id_present'
  /** An extension list without an extension (RFC 5280 §4.1.2.9: SIZE (1..MAX)). */
  | 'empty_extensions'
  /** More than EXTENSIONS_MAX extensions. */
  | 'too_many_extensions'
  /** Two extensions of one type (RFC 5280 §4.2). */
  | 'duplicate_extension'
  /** A critical extension that this reader does not process (RFC 5280 §4.2). */
  | 'unknown_critical_extension'
  /** A path length without cA (RFC 5280 §4.2.1.9). */
  | 'path_length_without_ca'
  /** A path length that is negative or has more than PATH_LENGTH_OCTETS_MAX octets (RFC 5280 §4.2.1.9). */
  | 'bad_path_length'
  /** A key usage without a bit (RFC 5280 §4.2.1.3). */
  | 'empty_key_usage'
  /** A key usage bit above decipherOnly (RFC 5280 §4.2.1.3). */
  | 'unknown_key_usage'
  /** An extended key usage without a purpose (RFC 5280 §4.2.1.12: SIZE (1..MAX)). */
  | 'empty_extended_key_usage'
  /** More than KEY_PURPOSES_MAX key purposes. */
  | 'too_many_key_purposes'
  /** More than ALT_NAMES_MAX alternative names. */
  | 'too_many_alt_names'
  /** A subject alternative name extension without a name (RFC 5280 §4.2.1.6). */
  | 'empty_subject_alt_names'
  /** A GeneralName with a tag that RFC 5280 §4.2.1.6 does not define. */
  | 'unknown_general_name'
  /**
   * An alternative name that is empty, or not of its form: visible ASCII, a host name of at most 253 octets (RFC 1035 §3.1), or an
   * address of 4 or 16 octets (RFC 5280 §4.2.1.6).
   */
  | 'bad_general_name'
  /** No subject, and no critical subject alternative name instead (RFC 5280 §4.1.2.6). */
  | 'empty_subject'
  /** The binding extension is marked critical: relying parties that do not know the ledger would refuse the certificate. */
  | 'binding_critical'
  /** The binding extension holds anything but an OCTET STRING of 32 octets. */
  | 'bad_binding';

/** Ends the reading of one certificate; `parseCertificate` catches it. */
export class CertificateMalformed extends Error {
  override readonly name = 'CertificateMalformed';
  readonly reason: CertificateReason;
  readonly offset: number;

  constructor(reason: CertificateReason, offset: number) {
    super(reason);
    this.reason = reason;
    this.offset = offset;
  }
}
