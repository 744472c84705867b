/** Steps 4, 6 and 7: the identity and its certificate, the authorities above it, the verifier's time and the scope. */
import { equal, toHex } from '../../../src/core/bytes.ts';
import type { Hasher } from '../../../src/core/hash.ts';
import { type CertificateRow, type Identity, parseIdentity } from '../../../src/protocol/identity.ts';
import { KINDS, STATES } from '../../../src/protocol/record.ts';
import { isWithinScope } from '../../../src/protocol/scope.ts';
import { type Located, type Standing, walkAuthorities } from '../../../src/protocol/standing.ts';
import { type Certificate, parseCertificate } from '../../../src/x509/certificate.ts';
import { fail } from '../errors.ts';
import type { StatusReader } from './status.ts';

/** The subject of a proof: its identity's version, and the row of the presented certificate. */
export interface Subject extends Located {
  readonly identity: Identity;
  readonly row: CertificateRow;
  readonly certificate: Certificate;
}

/** Step 4. The state decides too: the entry that revokes is itself never superseded. */
export function checkSubject(
  located: Located,
  { der, recordId }: { der: Uint8Array; recordId: Uint8Array | undefined },
  hasher: Hasher,
): Subject {
  const { record } = located;
  if (record.kind !== KINDS.identity || record.authorityIds.length !== 1) fail('subject', 'the entry is no identity');
  if (recordId !== undefined && !equal(record.recordId, recordId))
    fail('record_id', 'the proof is of another identity');
  const identity = parseIdentity(record.payload);
  if (identity === undefined) fail('malformed', 'the identity cannot be read');
  if (record.state !== STATES.active) fail('state', describeState(record));
  const derHash = hasher.sha256(der);
  const row = identity.certificates.find((candidate) => equal(candidate.derHash, derHash));
  if (row === undefined) fail('certificate_not_in_entry', 'the identity does not hold this certificate');
  if (row.since !== null && row.since >= located.index)
    fail('malformed', 'the certificate is said to be younger than its entry');
  const parsed = parseCertificate(der);
  if (!parsed.ok) fail('certificate_profile', `${parsed.code.reason} at octet ${parsed.code.offset}`, parsed.code);
  const certificate = parsed.value;
  const isSame =
    equal(hasher.sha256(certificate.tbs), row.tbsHash) &&
    equal(hasher.sha256(certificate.spki), row.spkiHash) &&
    certificate.notBefore === row.notBefore &&
    certificate.notAfter === row.notAfter;
  if (!isSame) fail('certificate_mismatch', 'the entry describes another certificate');
  return { ...located, identity, row, certificate };
}

/** Says whose state it is: the certificate is compared later, and may be another one's. */
function describeState({ recordId, state }: Located['record']): string {
  const standing = state === STATES.ended ? 'revoked' : 'suspended';
  return `the identity ${toHex(recordId)} of this proof is ${standing}; check that the proof belongs to this certificate`;
}

/** Step 6. All authorities at the same size as the subject: a cached one is an index, not a verdict. */
export function checkStanding(
  subject: Subject,
  find: (recordId: Uint8Array) => Located | undefined,
  isEntrySuperseded: StatusReader,
): Standing {
  const { record, row, index } = subject;
  const standing = walkAuthorities(
    { controllerId: record.authorityIds[0] as Uint8Array, issuerId: row.issuerId, since: row.since ?? index },
    find,
  );
  if (!standing.ok) fail(standing.code, 'an authority of the certificate does not stand');
  if (standing.value.authorities.some((authority) => isEntrySuperseded(authority.index))) {
    fail('authority_superseded', 'a later version of an authority exists');
  }
  return standing.value;
}

/** Step 7. `now` is the time at which the certificate is relied upon, in seconds. */
export function checkTimeAndScope({ identity, certificate }: Subject, standing: Standing, now: number): void {
  if (now < certificate.notBefore) fail('not_yet_valid', 'the certificate is not valid yet');
  if (now > certificate.notAfter) fail('expired', 'the certificate has expired');
  if (identity.startsAt !== undefined && now < identity.startsAt) fail('starts_at', 'the identity has not started');
  if (identity.endsAt !== undefined && now >= identity.endsAt) fail('ends_at', 'the identity has run out');
  for (const scope of standing.scopes) {
    if (!isWithinScope(scope, identity.subjectKind, certificate))
      fail('scope', 'an authority may not vouch for this certificate');
  }
}
