/** The genesis document: what a ledger begins with. Its hash goes out with the policy. */
import { compare, toHex } from '../core/bytes.ts';
import { type Cbor, type CborMap, decode, encode, isArray, isMap, isUnsigned } from '../core/cbor.ts';
import type { Hasher } from '../core/hash.ts';
import type { SignatureVerifier } from '../core/signature.ts';
import { isOrigin } from '../tlog/checkpoint.ts';
import { AUTHORITY_KEY, parseAccountKeys, parseAuthority } from './authority.ts';
import { memberId } from './id.ts';
import { KEY_ROLES, parseMemberKeys } from './member.ts';
import { isId, KINDS, type RecordVersion, STATES } from './record.ts';

export interface Genesis {
  /** 32 random bytes, never changed. */
  readonly networkId: Uint8Array;
  readonly origin: string;
  /** Seconds since 1970: the time of block 0. */
  readonly time: number;
  /** The network record, then members by id. */
  readonly records: readonly GenesisRecord[];
}

export interface GenesisRecord {
  readonly kind: typeof KINDS.network | typeof KINDS.member;
  readonly recordId: Uint8Array;
  readonly payload: CborMap;
}

const KEY = { networkId: 0, origin: 1, time: 2, records: 3 } as const;
const NETWORK_KEY = { networkId: 0, origin: 1, epoch: 2, name: 3 } as const;

/** Parameters (key 4) are for rules that a ledger may set; absent while there are none. */
export const networkPayload = (network: {
  networkId: Uint8Array;
  origin: string;
  epoch: number;
  name: string;
}): CborMap =>
  new Map<number, Cbor>([
    [NETWORK_KEY.networkId, network.networkId],
    [NETWORK_KEY.origin, network.origin],
    [NETWORK_KEY.epoch, network.epoch],
    [NETWORK_KEY.name, network.name],
  ]);

export interface Network {
  readonly networkId: Uint8Array;
  readonly origin: string;
  readonly epoch: number;
  /** For people; nothing is decided by it. */
  readonly name: string;
}

export function parseNetwork(payload: CborMap): Network | undefined {
  const networkId = payload.get(NETWORK_KEY.networkId);
  const origin = payload.get(NETWORK_KEY.origin);
  const epoch = payload.get(NETWORK_KEY.epoch);
  const name = payload.get(NETWORK_KEY.name);
  if (!isId(networkId) || typeof origin !== 'string' || !isOrigin(origin) || !isUnsigned(epoch)) return undefined;
  return typeof name === 'string' ? { networkId, origin, epoch, name } : undefined;
}

export const encodeGenesis = ({ networkId, origin, time, records }: Genesis): Uint8Array =>
  encode(
    new Map<number, Cbor>([
      [KEY.networkId, networkId],
      [KEY.origin, origin],
      [KEY.time, time],
      [KEY.records, records.map(({ kind, recordId, payload }) => [kind, recordId, payload])],
    ]),
  );

/**
 * Undefined unless the document is one network record followed by its members, sorted by id, ids recomputed, every key of its
 * role's kind and none used twice: one key in two roles could be made to sign for the other.
 */
export function decodeGenesis(
  bytes: Uint8Array,
  { hasher, verifier }: { hasher: Hasher; verifier: SignatureVerifier },
): Genesis | undefined {
  const value = decode(bytes);
  if (!isMap(value) || value.size !== 4) return undefined;
  const networkId = value.get(KEY.networkId);
  const origin = value.get(KEY.origin);
  const time = value.get(KEY.time);
  const rows = value.get(KEY.records);
  if (!isId(networkId) || typeof origin !== 'string' || !isOrigin(origin) || !isUnsigned(time) || !isArray(rows))
    return undefined;
  const records = rows.map(parseGenesisRecord);
  if (!records.every((record) => record !== undefined)) return undefined;
  const genesis = { networkId, origin, time, records };
  return isConsistent(genesis, hasher) && areKeysSound(genesis, verifier) ? genesis : undefined;
}

function parseGenesisRecord(value: Cbor): GenesisRecord | undefined {
  if (!isArray(value) || value.length !== 3) return undefined;
  const [kind, recordId, payload] = value;
  if ((kind !== KINDS.network && kind !== KINDS.member) || !isId(recordId) || !isMap(payload)) return undefined;
  return { kind, recordId, payload };
}

function isConsistent({ networkId, origin, records }: Genesis, hasher: Hasher): boolean {
  const [network, ...members] = records;
  const parsed = network?.kind === KINDS.network ? parseNetwork(network.payload) : undefined;
  if (parsed === undefined || parsed.origin !== origin || compare(parsed.networkId, networkId) !== 0) return false;
  if (compare((network as GenesisRecord).recordId, networkId) !== 0 || members.length === 0) return false;
  return members.every((member, i) => {
    const previous = members[i - 1];
    const isAscending = previous === undefined || compare(previous.recordId, member.recordId) < 0;
    const keys = parseAccountKeys(member.payload);
    const isNamed = typeof member.payload.get(AUTHORITY_KEY.name) === 'string';
    const isComplete =
      isNamed && parseMemberKeys(member.payload) !== undefined && parseAuthority(member.payload) !== undefined;
    if (member.kind !== KINDS.member || !isAscending || !isComplete || keys === undefined) return false;
    return compare(memberId(networkId, keys[0] as Uint8Array, hasher), member.recordId) === 0;
  });
}

const EDWARDS_KEY_LENGTH = 32;
const ML_DSA_KEY_LENGTH = 1312;

function areKeysSound({ records }: Genesis, verifier: SignatureVerifier): boolean {
  const keys = records
    .filter(({ kind }) => kind === KINDS.member)
    .flatMap(({ payload }) => parseMemberKeys(payload) ?? []);
  if (new Set(keys.map(({ key }) => toHex(key))).size !== keys.length) return false;
  return keys.every(({ role, key }) =>
    role === KEY_ROLES.mlDsaCosigner
      ? key.length === ML_DSA_KEY_LENGTH
      : key.length === EDWARDS_KEY_LENGTH && verifier.isTorsionFree(key),
  );
}

/** The record's first version. */
export const genesisVersion = ({ kind, recordId, payload }: GenesisRecord): RecordVersion => ({
  kind,
  recordId,
  version: 1,
  supersedes: null,
  first: null,
  state: STATES.active,
  authorityIds: [],
  payload,
});
