/** The member record: who runs the ledger, and with which keys. */
import { compare } from '../core/bytes.ts';
import { type Cbor, type CborMap, encode, isArray, isBytes, isUnsigned } from '../core/cbor.ts';
import type { Hasher } from '../core/hash.ts';
import { AUTHORITY_KEY, accountPayload } from './authority.ts';
import type { Scope } from './scope.ts';

/** What a member's key signs. */
export const KEY_ROLES = { validator: 1, log: 2, cosigner: 3, mlDsaCosigner: 4 } as const;
export type KeyRole = (typeof KEY_ROLES)[keyof typeof KEY_ROLES];

/** A key and the heights for which it holds: from <= H < until. */
export interface MemberKey {
  readonly role: KeyRole;
  readonly key: Uint8Array;
  readonly fromHeight: number;
  readonly untilHeight: number | null;
}

export interface MemberContent {
  readonly name: string;
  readonly scope: Scope | undefined;
  readonly accountKeys: readonly Uint8Array[];
  readonly keys: readonly MemberKey[];
}

export function memberPayload({ name, scope, accountKeys, keys }: MemberContent): CborMap {
  const rows = keys.map(({ role, key, fromHeight, untilHeight }) => [role, key, fromHeight, untilHeight]);
  return accountPayload(name, scope, accountKeys).set(AUTHORITY_KEY.second, rows);
}

/** Undefined when the place has another form. */
export function parseMemberKeys(payload: CborMap): readonly MemberKey[] | undefined {
  const rows = payload.get(AUTHORITY_KEY.second);
  if (!isArray(rows)) return undefined;
  const keys = rows.map(parseMemberKey);
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

function parseMemberKey(value: Cbor): MemberKey | undefined {
  if (!isArray(value) || value.length !== 4) return undefined;
  const [role, key, fromHeight, untilHeight] = value;
  if (role !== 1 && role !== 2 && role !== 3 && role !== 4) return undefined;
  if (!isBytes(key) || !isUnsigned(fromHeight) || (untilHeight !== null && !isUnsigned(untilHeight))) return undefined;
  return { role, key, fromHeight, untilHeight };
}

/** The member's key in a role at a height. */
export const keyAt = (keys: readonly MemberKey[], role: KeyRole, height: number): MemberKey | undefined =>
  keys.find(
    (key) => key.role === role && key.fromHeight <= height && (key.untilHeight === null || height < key.untilHeight),
  );

/** The hash of who cosigns at a height: every member's Ed25519 key, and the hash of its ML-DSA key if it has one. */
export function signersHash(
  members: readonly { readonly memberId: Uint8Array; readonly keys: readonly MemberKey[] }[],
  height: number,
  hasher: Hasher,
): Uint8Array {
  const signers = [...members]
    .sort((a, b) => compare(a.memberId, b.memberId))
    .flatMap(({ memberId, keys }): Cbor[] => {
      const cosigner = keyAt(keys, KEY_ROLES.cosigner, height);
      const mlDsa = keyAt(keys, KEY_ROLES.mlDsaCosigner, height);
      return cosigner ? [[memberId, cosigner.key, mlDsa ? hasher.sha256(mlDsa.key) : null]] : [];
    });
  return hasher.sha256(encode(['entente/signers/v1', signers]));
}
