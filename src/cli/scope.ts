/** A scope from command line options: what a submitter may vouch for. */
import { isIP } from 'node:net';
import { type Scope, type ScopeName, SUBJECT_KINDS, type SubjectKind } from '../../sdk/src/index.ts';
import { CommandFailure } from './failure.ts';

export interface ScopeOptions {
  readonly kind?: readonly string[];
  readonly dns?: readonly string[];
  readonly uri?: readonly string[];
  readonly ip?: readonly string[];
}

/** GeneralName tags. @see RFC 5280 §4.2.1.6 */
const TAGS = { dns: 2, uri: 6, ip: 7 } as const;

export const KIND_NAMES = Object.keys(SUBJECT_KINDS);

/** Undefined when no option restricts anything. */
export function scopeFromOptions({ kind, dns = [], uri = [], ip = [] }: ScopeOptions): Scope | undefined {
  const names: ScopeName[] = [
    ...dns.map((name) => ({ tag: TAGS.dns, bytes: new TextEncoder().encode(parseDnsName(name)) })),
    ...uri.map((name) => ({ tag: TAGS.uri, bytes: new TextEncoder().encode(parseUri(name)) })),
    ...ip.map((range) => ({ tag: TAGS.ip, bytes: parseRange(range) })),
  ];
  if (kind === undefined && names.length === 0) return undefined;
  return {
    ...(kind !== undefined && { subjectKinds: [...new Set(kind.map(parseKind))].sort((a, b) => a - b) }),
    ...(names.length > 0 && { names }),
  };
}

export function parseKind(name: string): SubjectKind {
  if (!isKindName(name)) throw new CommandFailure(`there is no kind ${name}: ${KIND_NAMES.join(', ')}`);
  return SUBJECT_KINDS[name];
}

const isKindName = (name: string): name is keyof typeof SUBJECT_KINDS => Object.hasOwn(SUBJECT_KINDS, name);

/** What a scope permits, as the options that make it; an absent list does not restrict. */
export function describeScope({ subjectKinds, names }: Scope): ScopeOptions {
  const ofTag = (tag: number): Uint8Array[] =>
    (names ?? []).filter((name) => name.tag === tag).map(({ bytes }) => bytes);
  const texts = {
    kind: subjectKinds?.map((kind) => KIND_NAMES.find((name) => isKindName(name) && SUBJECT_KINDS[name] === kind)),
    dns: ofTag(TAGS.dns).map((bytes) => new TextDecoder().decode(bytes)),
    uri: ofTag(TAGS.uri).map((bytes) => new TextDecoder().decode(bytes)),
    ip: ofTag(TAGS.ip).map(formatRange),
  };
  return Object.fromEntries(Object.entries(texts).filter(([, list]) => list !== undefined && list.length > 0));
}

/** RFC 1035 §2.3.4: a name of 255 octets has 253 characters. */
const DNS_NAME_LENGTH_MAX = 253;
/** Letters, digits and hyphens, none at the ends. @see RFC 5890 §2.3.1 */
const LDH_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/** A leading dot says what every name of a scope means, and is left out. */
export function parseDnsName(text: string): string {
  const name = text.replace(/^\./, '');
  const isSound = name.length <= DNS_NAME_LENGTH_MAX && name.split('.').every((label) => LDH_LABEL.test(label));
  if (!isSound)
    throw new CommandFailure(`--dns ${text} is no DNS name such as factory.example (no *, no dot at its end)`);
  if (isIP(name) !== 0) throw new CommandFailure(`--dns ${text} is an address: give it by --ip`);
  return name;
}

/** RFC 5280 §4.2.1.6: an absolute URI in ASCII. */
export function parseUri(text: string): string {
  const isSound = /^[a-z][a-z0-9+.-]*:[!-~]+$/i.test(text) && URL.canParse(text);
  if (!isSound) throw new CommandFailure(`--uri ${text} is no URI with a scheme, such as urn:example:cells`);
  return text;
}

/** `192.0.2.0/24`, `2001:db8::/32` or a single address, as address and mask. @see RFC 5280 §4.2.1.10 */
export function parseRange(range: string): Uint8Array {
  const [address = '', prefix, ...more] = range.split('/');
  // RFC 4007 §11: a zone names an interface of one host, which no certificate holds.
  const version = address.includes('%') ? 0 : isIP(address);
  const bits = version === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  const isSound =
    version !== 0 && more.length === 0 && /^\d{0,3}$/.test(prefix ?? '') && prefix !== '' && length <= bits;
  if (!isSound) throw new CommandFailure(`${range} is no IP address or range such as 192.0.2.0/24`);
  const octets = version === 4 ? address.split('.').map(Number) : ipv6Octets(address);
  const mask = octets.map((_, i) => 0xff & ~(0xff >> Math.min(8, Math.max(0, length - 8 * i))));
  if (octets.some((octet, i) => (octet & ~(mask[i] ?? 0)) !== 0))
    throw new CommandFailure(`${range} is no range: the bits behind the first ${length} have to be 0`);
  return Uint8Array.from([...octets, ...mask]);
}

/** The mask is one that `parseRange` makes: ones, then zeros. */
function formatRange(bytes: Uint8Array): string {
  const half = bytes.length / 2;
  const [address, mask] = [bytes.subarray(0, half), bytes.subarray(half)];
  const length = mask.reduce((sum, octet) => sum + octet.toString(2).replaceAll('0', '').length, 0);
  if (half === 4) return `${address.join('.')}/${length}`;
  const hextets = Array.from({ length: 8 }, (_, i) =>
    Buffer.from(address)
      .readUInt16BE(2 * i)
      .toString(16),
  );
  return `${new URL(`http://[${hextets.join(':')}]`).hostname.slice(1, -1)}/${length}`;
}

/** The URL parser writes every IPv6 address in one form, embedded IPv4 included: hextets with at most one gap. */
function ipv6Octets(address: string): number[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [left = [], right] = canonical.split('::').map((half) => half.split(':').filter((hextet) => hextet !== ''));
  const gap = right === undefined ? 0 : 8 - left.length - right.length;
  const hextets = [...left, ...Array.from({ length: gap }, () => '0'), ...(right ?? [])];
  return hextets.flatMap((hextet) => {
    const value = Number.parseInt(hextet, 16);
    return [value >> 8, value & 0xff];
  });
}
