/** Scope: what an authority may vouch for. A certificate must satisfy the scope of every authority above it. */
import { compare, equal, toHex, toUtf8 } from '../core/bytes.ts';
import { type Cbor, type CborMap, encode, isArray, isBytes, isMap, isUnsigned } from '../core/cbor.ts';

/** A name that a scope permits: the GeneralName's tag and its content octets; for iPAddress, address and mask. */
export interface ScopeName {
  readonly tag: number;
  readonly bytes: Uint8Array;
}

/** An absent key does not restrict; an empty list permits nothing. */
export interface Scope {
  readonly subjectKinds?: readonly number[];
  readonly names?: readonly ScopeName[];
  /** Content octets of the key purpose OIDs. */
  readonly extendedKeyUsages?: readonly Uint8Array[];
}

/** What of a certificate the scope speaks of. */
export interface Scoped {
  readonly subjectAltNames: readonly ScopeName[];
  /** Null when the certificate has no such extension. */
  readonly extendedKeyUsage: readonly Uint8Array[] | null;
}

/** Longer lists belong into several authorities; the record must stay below its size. */
export const SCOPE_LIST_MAX = 256;

/** registeredID, the last alternative. @see RFC 5280 §4.2.1.6 */
const GENERAL_NAME_TAG_MAX = 8;

const KEY = { subjectKinds: 0, names: 1, extendedKeyUsages: 2 } as const;
const KNOWN_KEYS: ReadonlySet<number> = new Set(Object.values(KEY));

/** Lists are sets: sorted by encoded bytes, each item once. */
export function scopeToCbor(scope: Scope): CborMap {
  const map = new Map<number, Cbor>();
  if (scope.subjectKinds) map.set(KEY.subjectKinds, toSet(scope.subjectKinds));
  if (scope.names) map.set(KEY.names, toSet(scope.names.map(({ tag, bytes }) => [tag, bytes])));
  if (scope.extendedKeyUsages) map.set(KEY.extendedKeyUsages, toSet(scope.extendedKeyUsages));
  return map;
}

function toSet(items: readonly Cbor[]): Cbor[] {
  const encoded = items.map((item) => ({ item, bytes: encode(item) })).sort((a, b) => compare(a.bytes, b.bytes));
  return encoded
    .filter(({ bytes }, i) => i === 0 || !equal(bytes, (encoded[i - 1] as { bytes: Uint8Array }).bytes))
    .map(({ item }) => item);
}

/** Undefined for a key or form that is not known: a restriction that cannot be read cannot be kept. */
export function parseScope(value: Cbor): Scope | undefined {
  if (!isMap(value)) return undefined;
  for (const [key, list] of value) {
    if (!KNOWN_KEYS.has(key) || !isArray(list) || list.length > SCOPE_LIST_MAX) return undefined;
  }
  const subjectKinds = value.get(KEY.subjectKinds);
  const names = value.get(KEY.names);
  const usages = value.get(KEY.extendedKeyUsages);
  const parsedNames = isArray(names) ? names.map(parseName) : undefined;
  if (isArray(subjectKinds) && !subjectKinds.every(isUnsigned)) return undefined;
  if (parsedNames && !parsedNames.every((name) => name !== undefined)) return undefined;
  if (isArray(usages) && !usages.every(isBytes)) return undefined;
  return {
    ...(subjectKinds !== undefined && { subjectKinds: subjectKinds as readonly number[] }),
    ...(parsedNames !== undefined && { names: parsedNames }),
    ...(usages !== undefined && { extendedKeyUsages: usages as readonly Uint8Array[] }),
  };
}

function parseName(value: Cbor): ScopeName | undefined {
  if (!isArray(value) || value.length !== 2) return undefined;
  const [tag, bytes] = value;
  return isUnsigned(tag) && tag <= GENERAL_NAME_TAG_MAX && isBytes(bytes) ? { tag, bytes } : undefined;
}

/**
 * A scope made ready for many certificates: names are looked up, not compared one by one, or a long scope and a certificate with many
 * names would cost seconds.
 */
export interface CompiledScope {
  readonly subjectKinds: ReadonlySet<number> | undefined;
  readonly names: CompiledNames | undefined;
  /** In hexadecimal. */
  readonly extendedKeyUsages: ReadonlySet<string> | undefined;
}

interface CompiledNames {
  /** In lower case. */
  readonly dns: ReadonlySet<string>;
  readonly addresses: readonly Uint8Array[];
  /** Tag and content in hexadecimal, for the names that match by equality. */
  readonly others: ReadonlySet<string>;
}

export function compileScope({ subjectKinds, names, extendedKeyUsages }: Scope): CompiledScope {
  return {
    subjectKinds: subjectKinds && new Set(subjectKinds),
    names: names && compileNames(names),
    extendedKeyUsages: extendedKeyUsages && new Set(extendedKeyUsages.map(toHex)),
  };
}

function compileNames(names: readonly ScopeName[]): CompiledNames {
  const ofTag = (tag: number): Uint8Array[] => names.filter((name) => name.tag === tag).map(({ bytes }) => bytes);
  return {
    dns: new Set(ofTag(DNS_NAME).flatMap((bytes) => lowerAscii(bytes) ?? [])),
    addresses: ofTag(IP_ADDRESS),
    others: new Set(names.map(nameKey)),
  };
}

export function isWithinScope(scope: CompiledScope, subjectKind: number, certificate: Scoped): boolean {
  const { subjectKinds, names, extendedKeyUsages } = scope;
  if (subjectKinds && !subjectKinds.has(subjectKind)) return false;
  if (names && !certificate.subjectAltNames.every((name) => isNamePermitted(names, name))) return false;
  if (extendedKeyUsages === undefined) return true;
  // RFC 5280 §4.2.1.12: a certificate without the extension may be used for every purpose, which no list permits.
  if (certificate.extendedKeyUsage === null) return false;
  return certificate.extendedKeyUsage.every((usage) => extendedKeyUsages.has(toHex(usage)));
}

const DNS_NAME = 2;
const IP_ADDRESS = 7;

function isNamePermitted({ dns, addresses, others }: CompiledNames, name: ScopeName): boolean {
  if (name.tag === DNS_NAME) return isDnsNamePermitted(dns, name.bytes);
  if (name.tag === IP_ADDRESS) return addresses.some((item) => isAddressPermitted(item, name.bytes));
  return others.has(nameKey(name));
}

const nameKey = ({ tag, bytes }: ScopeName): string => `${tag} ${toHex(bytes)}`;

/** Equal to an item, or below one on a label border; ASCII letters compare without case. */
function isDnsNamePermitted(items: ReadonlySet<string>, bytes: Uint8Array): boolean {
  let name = lowerAscii(bytes);
  while (name !== undefined) {
    if (items.has(name)) return true;
    const border = name.indexOf('.');
    name = border < 0 ? undefined : name.slice(border + 1);
  }
  return false;
}

const lowerAscii = (bytes: Uint8Array): string | undefined =>
  toUtf8(bytes)?.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));

/** The item is an address and a mask of the same length, as in RFC 5280 §4.2.1.10. */
function isAddressPermitted(item: Uint8Array, address: Uint8Array): boolean {
  if (item.length !== 2 * address.length) return false;
  return address.every((byte, i) => {
    const mask = item[address.length + i] as number;
    return (byte & mask) === ((item[i] as number) & mask);
  });
}
