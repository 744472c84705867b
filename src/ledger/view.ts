/** What the state machine reads: the records and certificates that a block touches, loaded before it is applied. */
import { concat, toHex } from '../core/bytes.ts';
import { InvariantError } from '../core/outcome.ts';
import type { Located } from '../protocol/standing.ts';

/** A certificate that some version of some identity held, whatever became of it. */
export interface KnownCertificate {
  readonly derHash: Uint8Array;
  readonly recordId: Uint8Array;
}

/** TBS and key name a certificate: its signature may be altered without the key. */
export interface CertificateName {
  readonly tbsHash: Uint8Array;
  readonly spkiHash: Uint8Array;
}

export interface LedgerView {
  /** The current version of a record. */
  record(recordId: Uint8Array): Located | undefined;
  certificate(name: CertificateName): KnownCertificate | undefined;
}

/** What a transaction touches. Authorities above the named records are loaded with them. */
export interface Touched {
  readonly recordIds: readonly Uint8Array[];
  readonly certificates: readonly CertificateName[];
}

export const certificateKey = ({ tbsHash, spkiHash }: CertificateName): string => toHex(concat(tbsHash, spkiHash));

/** A view of what was loaded. Reading anything else is a contract that does not name what it touches. */
export class LoadedView implements LedgerView {
  readonly #records: ReadonlyMap<string, Located | undefined>;
  readonly #certificates: ReadonlyMap<string, KnownCertificate | undefined>;

  /** Both maps have a key for everything that was looked up, with undefined for what does not exist. */
  constructor(
    records: ReadonlyMap<string, Located | undefined>,
    certificates: ReadonlyMap<string, KnownCertificate | undefined>,
  ) {
    this.#records = records;
    this.#certificates = certificates;
  }

  record(recordId: Uint8Array): Located | undefined {
    return read(this.#records, toHex(recordId));
  }

  certificate(name: CertificateName): KnownCertificate | undefined {
    return read(this.#certificates, certificateKey(name));
  }
}

function read<T>(map: ReadonlyMap<string, T | undefined>, key: string): T | undefined {
  if (!map.has(key)) throw new InvariantError('a contract read what it does not name as touched');
  return map.get(key);
}
