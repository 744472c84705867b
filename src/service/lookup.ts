/** What the ledger says of a certificate or an identity, for people and programs that need no proof. */

import { equal } from '../core/bytes.ts';
import { assert } from '../core/outcome.ts';
import { type CertificateRow, type Identity, parseIdentity } from '../protocol/identity.ts';
import type { RecordState } from '../protocol/record.ts';
import { KINDS } from '../protocol/record.ts';
import type { Located } from '../protocol/standing.ts';
import type { LedgerReader } from './ports.ts';
import { ServiceError } from './service-error.ts';

export interface IdentityView {
  readonly recordId: Uint8Array;
  /** Of the entry that holds the current version. */
  readonly index: number;
  readonly version: number;
  readonly state: RecordState;
  readonly controllerId: Uint8Array;
  readonly subjectKind: number;
  readonly certificates: readonly CertificateRow[];
}

export interface CertificateView extends IdentityView {
  readonly derHash: Uint8Array;
  /** Undefined when the identity no longer holds the certificate. */
  readonly row: CertificateRow | undefined;
}

/** @throws ServiceError `certificate_unknown` */
export async function lookUpCertificate(reader: LedgerReader, derHash: Uint8Array): Promise<CertificateView> {
  const found = await reader.findCertificate(derHash);
  if (found === undefined) throw new ServiceError('certificate_unknown', 'no such certificate in the ledger');
  const view = viewOf(found.identity);
  return { ...view, derHash, row: view.certificates.find((row) => equal(row.derHash, derHash)) };
}

/** @throws ServiceError `identity_unknown` */
export async function lookUpIdentity(reader: LedgerReader, recordId: Uint8Array): Promise<IdentityView> {
  const found = await reader.findRecord(recordId);
  if (found?.record.kind !== KINDS.identity)
    throw new ServiceError('identity_unknown', 'no such identity in the ledger');
  return viewOf(found);
}

function viewOf({ index, record }: Located): IdentityView {
  const identity: Identity | undefined = parseIdentity(record.payload);
  const [controllerId] = record.authorityIds;
  assert(identity !== undefined && controllerId !== undefined, 'the ledger holds an identity that cannot be read');
  return {
    recordId: record.recordId,
    index,
    version: record.version,
    state: record.state,
    controllerId,
    subjectKind: identity.subjectKind,
    certificates: identity.certificates,
  };
}
