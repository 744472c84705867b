/** A block in the making: what its transactions wrote so far, laid over the view. */
import { toHex } from '../core/bytes.ts';
import { assert } from '../core/outcome.ts';
import { encodeRecordVersion, fitsEntry, type RecordVersion } from '../protocol/record.ts';
import type { Located } from '../protocol/standing.ts';
import { type CertificateName, certificateKey, type KnownCertificate, type LedgerView } from './view.ts';

export interface NewEntry {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly record: RecordVersion;
}

/** A certificate that an entry brought into the ledger: never admitted again. */
export interface NewCertificate extends KnownCertificate, CertificateName {
  readonly index: number;
}

/** A certificate's bytes, for the side store. */
export interface CertificateDer {
  readonly derHash: Uint8Array;
  readonly der: Uint8Array;
}

export class BlockDraft implements LedgerView {
  readonly #view: LedgerView;
  readonly #firstIndex: number;
  readonly #records = new Map<string, Located>();
  readonly #certificates = new Map<string, KnownCertificate>();
  readonly entries: NewEntry[] = [];
  readonly certificates: NewCertificate[] = [];
  readonly ders: CertificateDer[] = [];
  /** Indexes of the entries that lose their currency. */
  readonly superseded: number[] = [];

  constructor(view: LedgerView, firstIndex: number) {
    this.#view = view;
    this.#firstIndex = firstIndex;
  }

  /** The index that the next entry gets. */
  get nextIndex(): number {
    return this.#firstIndex + this.entries.length;
  }

  record(recordId: Uint8Array): Located | undefined {
    return this.#records.get(toHex(recordId)) ?? this.#view.record(recordId);
  }

  certificate(name: CertificateName): KnownCertificate | undefined {
    return this.#certificates.get(certificateKey(name)) ?? this.#view.certificate(name);
  }

  /** Appends a version. Undefined, and nothing written, when it would not fit an entry. */
  append(record: RecordVersion): Located | undefined {
    const bytes = encodeRecordVersion(record);
    if (!fitsEntry(record, bytes)) return undefined;
    const current = this.record(record.recordId);
    assert(record.version === (current?.record.version ?? 0) + 1, 'a version follows the one before');
    assert(record.supersedes === (current?.index ?? null), 'a version supersedes the one before');
    const located = { index: this.nextIndex, record };
    if (current !== undefined) this.superseded.push(current.index);
    this.entries.push({ index: located.index, bytes, record });
    this.#records.set(toHex(record.recordId), located);
    return located;
  }

  addCertificate(certificate: NewCertificate, der: Uint8Array): void {
    this.#certificates.set(certificateKey(certificate), certificate);
    this.certificates.push(certificate);
    this.ders.push({ derHash: certificate.derHash, der });
  }
}

/** The next version of a record, as it was but for what `change` says. */
export function nextVersion(
  { index, record }: Located,
  change: Partial<Pick<RecordVersion, 'state' | 'authorityIds' | 'payload'>>,
): RecordVersion {
  return { ...record, version: record.version + 1, supersedes: index, first: record.first ?? index, ...change };
}
