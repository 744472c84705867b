/**
 * Outcome codes of transactions and of the items in them. They are part of every block's result: a number never changes its meaning
 * and is never used again. Hundreds group: 1 transaction, 2 records in general, 3 submitters, 4 certificates, 5 identities.
 */
export const CODES = {
  accepted: 0,

  transaction_malformed: 100,
  transaction_too_large: 101,
  wrong_network: 102,
  wrong_epoch: 103,
  transaction_expired: 104,
  valid_too_long: 105,
  unknown_operation: 106,
  unknown_encoding: 107,
  signer_unknown: 108,
  signer_not_active: 109,
  signer_key_unknown: 110,
  bad_transaction_signature: 111,
  not_authorized: 112,
  body_malformed: 113,
  too_many_items: 114,
  approvals_not_expected: 115,
  expected_version_missing: 116,
  expected_version_not_expected: 117,

  record_unknown: 200,
  record_exists: 201,
  record_ended: 202,
  version_mismatch: 203,
  entry_too_large: 204,

  name_invalid: 300,
  scope_invalid: 301,
  account_key_invalid: 302,

  certificate_malformed: 400,
  not_self_signed: 401,
  key_not_admitted: 402,
  bad_certificate_signature: 403,
  binding_missing: 404,
  binding_mismatch: 405,
  claim_expired: 406,
  bad_claim_signature: 407,
  certificate_not_yet_valid: 408,
  certificate_expired: 409,
  out_of_scope: 410,
  twin_signature: 411,
  registered_by_other: 412,
  certificate_revoked: 413,
  issuer_not_supported: 414,

  identity_exists: 500,
  identity_suspended: 501,
  identity_ended: 502,
  reason_invalid: 503,
  subject_kind_invalid: 504,
} as const;

export type CodeName = keyof typeof CODES;
export type Code = (typeof CODES)[CodeName];

/** What happened and what to do, for the person at the factory's terminal. */
const SENTENCES: Readonly<Record<CodeName, string>> = {
  accepted: 'Accepted.',
  transaction_malformed:
    'The transaction is not a COSE_Sign1 message of this protocol. Sign it with the SDK or the command line.',
  transaction_too_large: 'The transaction is larger than 1 MiB. Send smaller batches.',
  wrong_network: 'The transaction was signed for another ledger. Check which network the signer is configured for.',
  wrong_epoch:
    'The transaction was signed for another epoch of this ledger. Fetch the network record again and sign anew.',
  transaction_expired:
    'The transaction was valid until an earlier time than its block. Sign it again; check the clock if it repeats.',
  valid_too_long: 'The transaction is valid for more than 24 hours. Sign it with an earlier validUntil.',
  unknown_operation: 'This ledger knows no such operation. Upgrade the node or the client.',
  unknown_encoding: 'The payload encoding is not supported. Send it uncompressed.',
  signer_unknown: 'The signer has no record in the ledger. Ask the member to add the submitter first.',
  signer_not_active: 'The signer, or the member above it, is suspended or ended. Ask the member.',
  signer_key_unknown: 'The signing key is not an account key of the signer. Check which key file is used.',
  bad_transaction_signature:
    'The signature of the transaction does not verify. The bytes were changed, or another key signed.',
  not_authorized: 'The signer may not do this. It takes the controller of the record or its member.',
  body_malformed: 'The body is not of the form that the operation needs.',
  too_many_items: 'The batch has more than 1,000 items. Send smaller batches.',
  approvals_not_expected: 'The operation takes no approvals.',
  expected_version_missing: 'The operation changes a record and must name the version that it changes.',
  expected_version_not_expected: 'The operation changes no single record and must not name a version.',
  record_unknown: 'There is no record with this id.',
  record_exists: 'A record with this id exists, or existed: ids are never used again.',
  record_ended: 'The record was ended for good.',
  version_mismatch:
    'The record has another version than the transaction names: somebody changed it. Read it and sign again.',
  entry_too_large: 'The record would exceed the size of an entry.',
  name_invalid: 'The name is empty or longer than 256 bytes.',
  scope_invalid: 'The scope has an unknown key, a wrong form, unsorted lists or more than 256 items.',
  account_key_invalid: 'An account key is no canonical P-256 or Ed25519 SubjectPublicKeyInfo, or occurs twice.',
  certificate_malformed: 'The certificate is not strict DER, or breaks a rule of RFC 5280.',
  not_self_signed: 'The issuer is not the subject. A certificate issued by a CA needs its trust anchor.',
  key_not_admitted: 'Key or signature algorithm is not admitted. Use P-256 with SHA-256 or Ed25519.',
  bad_certificate_signature: "The certificate's own signature does not verify.",
  binding_missing: 'The certificate has no binding to its submitter. Add the extension or sign a claim.',
  binding_mismatch: 'The certificate is bound to another submitter or network.',
  claim_expired: 'The claim was valid until an earlier time. Let the device sign it again.',
  bad_claim_signature: "The claim is not signed by the certificate's key.",
  certificate_not_yet_valid:
    'The certificate begins more than 10 minutes ahead. Check the clock of the machine that made it.',
  certificate_expired: 'The certificate has expired.',
  out_of_scope: 'The submitter or its member may not register this kind of subject, name or key usage.',
  twin_signature: 'The same certificate was registered with another signature.',
  registered_by_other: 'Another submitter registered this certificate.',
  certificate_revoked: 'The certificate was dropped or revoked. It is never admitted again: make a new one.',
  issuer_not_supported: 'This ledger does not yet register certificates under trust anchors.',
  identity_exists: 'The key has an identity already. Renew its certificate instead of registering another.',
  identity_suspended: 'The identity is suspended.',
  identity_ended: 'The identity was revoked for good. Make a new key.',
  reason_invalid: 'The reason is none of RFC 5280 that ends a certificate.',
  subject_kind_invalid: 'There is no such kind of subject.',
};

const NAMES: ReadonlyMap<number, CodeName> = new Map(
  Object.entries(CODES).map(([name, code]) => [code, name as CodeName]),
);

/** Undefined for a number that this version does not know. */
export const codeName = (code: number): CodeName | undefined => NAMES.get(code);

export const codeSentence = (name: CodeName): string => SENTENCES[name];
