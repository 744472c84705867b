/** Steps 4 to 7 for one identity: wherever its entry, its authorities and the status bits come from. */
import type { Hasher } from '../../../src/core/hash.ts';
import type { Located } from '../../../src/protocol/standing.ts';
import { fail } from '../errors.ts';
import type { StatusReader } from './status.ts';
import { checkStanding, checkSubject, checkTimeAndScope } from './subject.ts';

/** An authority under which the certificate stands, member included. */
export interface StandingAuthority {
  readonly index: number;
  readonly kind: number;
  readonly recordId: Uint8Array;
}

/** Whom the certificate names, and on whose word. */
export interface Standing {
  readonly recordId: Uint8Array;
  /** The index of the identity's entry. */
  readonly index: number;
  readonly subjectKind: number;
  readonly authorities: readonly StandingAuthority[];
}

/** What was verified of a certificate. */
export interface CertificateStanding extends Standing {
  /** The size of the log, and the height of its last block. */
  readonly size: number;
  readonly height: number;
  /** When the quorum vouched for it, in seconds, and how long ago that is by the verifier's clock. */
  readonly checkpointTime: number;
  readonly ageSeconds: number;
}

export interface StandingQuestion {
  /** The identity's entry, whose inclusion was verified. */
  readonly located: Located;
  /** The presented certificate, DER. */
  readonly certificate: Uint8Array;
  /** The identity that the caller expects, if any. */
  readonly recordId: Uint8Array | undefined;
  /** The time at which the certificate is relied upon, in seconds. */
  readonly now: number;
}

export function verifyStanding(
  { located, certificate, recordId, now }: StandingQuestion,
  { find, isSuperseded }: { find: (recordId: Uint8Array) => Located | undefined; isSuperseded: StatusReader },
  hasher: Hasher,
): Standing {
  const subject = checkSubject(located, { der: certificate, recordId }, hasher);
  if (isSuperseded(subject.index)) fail('superseded', 'a later version of the identity exists');
  const standing = checkStanding(subject, find, isSuperseded);
  checkTimeAndScope(subject, standing, now);
  return {
    recordId: subject.record.recordId,
    index: subject.index,
    subjectKind: subject.identity.subjectKind,
    authorities: standing.authorities.map(({ index, record }) => ({
      index,
      kind: record.kind,
      recordId: record.recordId,
    })),
  };
}
