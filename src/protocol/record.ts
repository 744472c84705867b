/** Records and their versions: what an entry of the log says, block entries apart. */
import { compare } from '../core/bytes.ts';
import { type Cbor, type CborMap, decode, encode, isArray, isBytes, isMap, isUnsigned } from '../core/cbor.ts';
import { accept, assert, type Outcome, refuse } from '../core/outcome.ts';

/** Record kinds; appended, never reused. */
export const KINDS = { block: 0, member: 1, anchor: 2, submitter: 3, identity: 4, voucher: 5, network: 6 } as const;
export type RecordKind = Exclude<(typeof KINDS)[keyof typeof KINDS], 0>;

/** 3 is final. */
export const STATES = { active: 1, suspended: 2, ended: 3 } as const;
export type RecordState = (typeof STATES)[keyof typeof STATES];

export const RECORD_ID_LENGTH = 32;
const ENTRY_FORMAT = 1;

/** Short enough for tlog-tiles' 16-bit lengths, longer than any tree node's content could be mistaken for. */
export const ENTRY_BYTES_MIN = 48;
export const ENTRY_BYTES_MAX = 65_535;
/** What one record may hold; everything larger lives beside the ledger, by digest. */
export const PAYLOAD_BYTES_MAX = 16_384;

/** One version of one record: the content of an entry. */
export interface RecordVersion {
  readonly kind: RecordKind;
  readonly recordId: Uint8Array;
  /** From 1. */
  readonly version: number;
  /** The index of the entry of the version before; null in version 1. */
  readonly supersedes: number | null;
  /** The index of the entry of version 1; null in version 1. */
  readonly first: number | null;
  readonly state: RecordState;
  /** Direct parents only, sorted. */
  readonly authorityIds: readonly Uint8Array[];
  readonly payload: CborMap;
}

export type EntryRefusal = 'malformed' | 'unsupported_entry_version';

export function encodeRecordVersion(record: RecordVersion): Uint8Array<ArrayBuffer> {
  return encode([
    record.kind,
    ENTRY_FORMAT,
    record.recordId,
    record.version,
    record.supersedes,
    record.first,
    record.state,
    record.authorityIds,
    record.payload,
  ]);
}

/** True when the version's entry and payload stay within the limits of the format. */
export const fitsEntry = (record: RecordVersion, entry: Uint8Array): boolean =>
  entry.length <= ENTRY_BYTES_MAX && encode(record.payload).length <= PAYLOAD_BYTES_MAX;

/** The first place of an entry: which shape the rest has. Undefined when it is no entry at all. */
export function entryKind(entry: readonly Cbor[]): number | undefined {
  return isUnsigned(entry[0]) ? entry[0] : undefined;
}

/** Decodes the bytes of an entry to its places; undefined when they are no dCBOR array of an entry's size. */
export function decodeEntry(bytes: Uint8Array): readonly Cbor[] | undefined {
  if (bytes.length < ENTRY_BYTES_MIN || bytes.length > ENTRY_BYTES_MAX) return undefined;
  const value = decode(bytes);
  return isArray(value) ? value : undefined;
}

/** Reads the places of a record entry. The payload is read by the kind's own decoder. */
export function parseRecordVersion(entry: readonly Cbor[]): Outcome<RecordVersion, EntryRefusal> {
  const [kind, format, recordId, version, supersedes, first, state, authorityIds, payload] = entry;
  if (!isRecordKind(kind)) return refuse('malformed');
  if (format !== ENTRY_FORMAT) return refuse('unsupported_entry_version');
  if (entry.length !== 9 || !isId(recordId) || !isUnsigned(version) || version === 0) return refuse('malformed');
  if (!isRecordState(state) || !isIdSet(authorityIds) || !isMap(payload)) return refuse('malformed');
  if (version === 1) {
    if (supersedes !== null || first !== null) return refuse('malformed');
    return accept({ kind, recordId, version, supersedes, first, state, authorityIds, payload });
  }
  if (!isUnsigned(supersedes) || !isUnsigned(first)) return refuse('malformed');
  if (version === 2 ? first !== supersedes : first >= supersedes) return refuse('malformed');
  return accept({ kind, recordId, version, supersedes, first, state, authorityIds, payload });
}

/** @throws InvariantError: for bytes that consensus wrote, so that anything but an entry is damage. */
export function readOwnRecordVersion(bytes: Uint8Array): RecordVersion {
  const entry = decodeEntry(bytes);
  const parsed = entry && parseRecordVersion(entry);
  assert(parsed?.ok === true, 'the store holds an entry that is none');
  return parsed.value;
}

const RECORD_KINDS: ReadonlySet<Cbor | undefined> = new Set(
  Object.values(KINDS).filter((kind) => kind !== KINDS.block),
);
const isRecordKind = (value: Cbor | undefined): value is RecordKind => RECORD_KINDS.has(value);

const isRecordState = (value: Cbor | undefined): value is RecordState => value === 1 || value === 2 || value === 3;

export const isId = (value: Cbor | undefined): value is Uint8Array =>
  isBytes(value) && value.length === RECORD_ID_LENGTH;

/** Sets are sorted and have no duplicates. */
export function isIdSet(value: Cbor | undefined): value is readonly Uint8Array[] {
  if (!isArray(value) || !value.every(isId)) return false;
  const ids: readonly Uint8Array[] = value;
  return ids.every((id, i) => i === 0 || compare(ids[i - 1] as Uint8Array, id) < 0);
}
