/** Records that others stand under: member, anchor and submitter. They share the first payload keys. */
import { type Cbor, type CborMap, isArray, isBytes, isUnsigned } from '../core/cbor.ts';
import { type Scope, scopeToCbor } from './scope.ts';

/** Keys that one record may have: enough for rotation on several sites, few enough to read in full. */
export const ACCOUNT_KEYS_MAX = 16;
/** A name for people; nothing is decided by it. */
export const NAME_BYTES_MAX = 256;

/** Payload keys of kinds 1 to 3. */
export const AUTHORITY_KEY = { name: 0, scope: 1, acceptedBelow: 2, reason: 3, accountKeys: 16, second: 17 } as const;

/** What verification reads of an authority, whatever its kind. */
export interface Authority {
  /** The scope as it stands in the record; absent: unrestricted. */
  readonly scope: Cbor | undefined;
  /** Certificates first held at this index or above do not stand any longer. */
  readonly acceptedBelow: number | undefined;
}

/** Undefined when a place that verification reads has another form. */
export function parseAuthority(payload: CborMap): Authority | undefined {
  const acceptedBelow = payload.get(AUTHORITY_KEY.acceptedBelow);
  if (acceptedBelow !== undefined && !isUnsigned(acceptedBelow)) return undefined;
  return { scope: payload.get(AUTHORITY_KEY.scope), acceptedBelow };
}

/** The account keys of a member or submitter, as DER SubjectPublicKeyInfos; undefined when the place has another form. */
export function parseAccountKeys(payload: CborMap): readonly Uint8Array[] | undefined {
  const keys = payload.get(AUTHORITY_KEY.accountKeys);
  if (!isArray(keys) || keys.length === 0 || keys.length > ACCOUNT_KEYS_MAX) return undefined;
  return keys.every(isBytes) ? keys : undefined;
}

/** The payload of a member or submitter without what only one of them has. */
export function accountPayload(
  name: string,
  scope: Scope | undefined,
  accountKeys: readonly Uint8Array[],
): Map<number, Cbor> {
  const payload = new Map<number, Cbor>([[AUTHORITY_KEY.name, name]]);
  if (scope !== undefined) payload.set(AUTHORITY_KEY.scope, scopeToCbor(scope));
  return payload.set(AUTHORITY_KEY.accountKeys, accountKeys);
}
