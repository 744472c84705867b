/** The verifier's policy: which log, which witnesses, how many of them. @see C2SP tlog-policy */
import { equal, fromUtf8 } from '../core/bytes.ts';
import type { Hasher } from '../core/hash.ts';
import { accept, type Outcome, refuse } from '../core/outcome.ts';
import type { SignatureVerifier } from '../core/signature.ts';
import { isOrigin } from './checkpoint.ts';
import { hasControlCharacter, parseVerifierKey, SIGNATURE_TYPES, type VerifierKey } from './note.ts';

/** Something that witnesses a checkpoint: one key, or a group of which `threshold` members must. */
export type Quorum =
  | { readonly kind: 'witness'; readonly key: VerifierKey }
  | { readonly kind: 'group'; readonly threshold: number; readonly members: readonly Quorum[] };

export interface Policy {
  /** The name of every log key. */
  readonly origin: string;
  readonly logs: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
  readonly quorum: Quorum;
  /** The fewest members whose keys satisfy the quorum. */
  readonly fewestMembers: number;
  /** Distinct witness key names. */
  readonly memberCount: number;
}

/** Policies are written by people: 4 logs and 4 witnesses take 1 kB, a hundred ML-DSA-44 keys 180 kB. */
const POLICY_BYTES_MAX = 1_048_576;
/** tlog-policy asks for 32 at least; a consortium has up to a few hundred voting members. */
const DEFINITIONS_MAX = 1024;

export interface PolicyDefect {
  readonly line: number;
  readonly problem: string;
}

class Defect extends Error {}

/** Parses a policy. The refusal names the line and what is wrong with it. */
export function parsePolicy(
  text: string,
  { hasher, verifier }: { hasher: Hasher; verifier: SignatureVerifier },
): Outcome<Policy, PolicyDefect> {
  const parser = new PolicyParser(hasher, verifier);
  let number = 0;
  try {
    if (fromUtf8(text).length > POLICY_BYTES_MAX) throw new Defect('the policy is too long');
    if (!text.endsWith('\n')) throw new Defect('the last line has no newline: the file may be cut off');
    for (const line of text.slice(0, -1).split('\n')) {
      number += 1;
      parser.line(line);
    }
    return accept(parser.finish());
  } catch (error) {
    if (error instanceof Defect) return refuse({ line: number, problem: error.message });
    throw error;
  }
}

class PolicyParser {
  readonly #hasher: Hasher;
  readonly #verifier: SignatureVerifier;
  readonly #logs: VerifierKey[] = [];
  readonly #witnesses: VerifierKey[] = [];
  readonly #named = new Map<string, Quorum>();
  readonly #grouped = new Set<string>();
  #quorum: Quorum | undefined;

  constructor(hasher: Hasher, verifier: SignatureVerifier) {
    this.#hasher = hasher;
    this.#verifier = verifier;
  }

  line(line: string): void {
    if (hasControlCharacter(line, '\t') || line.includes('\x7f')) throw new Defect('control character');
    const words = line.split(/[ \t]+/).filter((word) => word !== '');
    const [keyword, ...rest] = words;
    if (keyword === undefined || keyword.startsWith('#')) return;
    if (keyword === 'log') this.#log(rest);
    else if (keyword === 'witness') this.#witness(rest);
    else if (keyword === 'group') this.#group(rest);
    else if (keyword === 'quorum') this.#setQuorum(rest);
    else throw new Defect(`unknown keyword ${keyword}`);
  }

  finish(): Policy {
    const [first] = this.#logs;
    if (first === undefined) throw new Defect('no log line');
    if (this.#quorum === undefined) throw new Defect('no quorum line');
    this.#checkRotations();
    return {
      origin: first.name,
      logs: this.#logs,
      witnesses: this.#witnesses,
      quorum: this.#quorum,
      fewestMembers: fewest(this.#quorum),
      memberCount: new Set(this.#witnesses.map(({ name }) => name)).size,
    };
  }

  #log([vkey, , ...extra]: string[]): void {
    const key = this.#key(vkey, extra);
    if (key.type !== SIGNATURE_TYPES.ed25519) throw new Defect('a log key has signature type 0x01');
    if (!isOrigin(key.name)) throw new Defect('a log key is named as the origin: ASCII, at most 190 bytes');
    if (this.#logs.some(({ name }) => name !== key.name)) throw new Defect('log keys of one policy have one name');
    this.#checkNewKey(key);
    this.#logs.push(key);
  }

  #witness([name, vkey, , ...extra]: string[]): void {
    const key = this.#key(vkey, extra);
    if (key.type === SIGNATURE_TYPES.ed25519) throw new Defect('a witness key has signature type 0x04 or 0x06');
    this.#checkNewKey(key);
    this.#define(name, { kind: 'witness', key });
    this.#witnesses.push(key);
  }

  #group([name, thresholdWord, ...names]: string[]): void {
    const members = names.map((member) => {
      const quorum = this.#named.get(member);
      if (quorum === undefined) throw new Defect(`${member} is not defined above`);
      if (this.#grouped.has(member)) throw new Defect(`${member} is a group member already`);
      this.#grouped.add(member);
      return quorum;
    });
    this.#define(name, { kind: 'group', threshold: parseThreshold(thresholdWord, members.length), members });
  }

  #setQuorum([name, ...extra]: string[]): void {
    if (this.#quorum !== undefined) throw new Defect('more than one quorum line');
    if (name === undefined || extra.length > 0) throw new Defect('quorum takes one name');
    // `quorum none` would accept whatever the log alone says, and the log is run by those whom the quorum checks.
    if (name === 'none') throw new Defect('quorum none is not accepted');
    this.#quorum = this.#named.get(name);
    if (this.#quorum === undefined) throw new Defect(`${name} is not defined above`);
  }

  #define(name: string | undefined, quorum: Quorum): void {
    if (name === undefined || name === 'none') throw new Defect('a witness or group needs a name other than none');
    if (this.#named.has(name)) throw new Defect(`${name} is defined already`);
    if (this.#named.size >= DEFINITIONS_MAX) throw new Defect('too many definitions');
    this.#named.set(name, quorum);
  }

  #key(vkey: string | undefined, extra: string[]): VerifierKey {
    if (extra.length > 0) throw new Defect('words behind the URL');
    const key = vkey === undefined ? undefined : parseVerifierKey(vkey, this.#hasher);
    if (key === undefined) throw new Defect('not a verifier key');
    const isEdwards = key.type !== SIGNATURE_TYPES.mlDsa44Cosignature;
    if (isEdwards && !this.#verifier.isTorsionFree(key.key))
      throw new Defect('not a canonical Ed25519 key of prime order');
    return key;
  }

  /** One key in two roles, or under two names, would count for two. */
  #checkNewKey({ key }: VerifierKey): void {
    const known = [...this.#logs, ...this.#witnesses];
    if (known.some((other) => equal(other.key, key))) throw new Defect('duplicate key');
  }

  /** Old and new key of one member count once: they must stand together in one group of threshold 1. */
  #checkRotations(): void {
    const groups = [...this.#named.values()].filter((quorum) => quorum.kind === 'group');
    const groupOf = (key: VerifierKey): Quorum | undefined =>
      groups.find(({ members }) => members.some((member) => member.kind === 'witness' && member.key === key));
    const seen = new Map<string, Quorum | undefined>();
    for (const key of this.#witnesses) {
      const group = groupOf(key);
      if (seen.has(key.name)) {
        const isTogether = group !== undefined && group === seen.get(key.name);
        if (!isTogether || group.kind !== 'group' || group.threshold !== 1) {
          throw new Defect(`keys named ${key.name} must stand together in one any group`);
        }
      }
      seen.set(key.name, group);
    }
  }
}

function parseThreshold(word: string | undefined, memberCount: number): number {
  if (memberCount === 0) throw new Defect('a group has a name, a threshold and members');
  if (word === 'any') return 1;
  if (word === 'all') return memberCount;
  const isDecimal = word !== undefined && /^[1-9][0-9]{0,4}$/.test(word);
  if (!isDecimal || Number(word) > memberCount)
    throw new Defect('a threshold is any, all or 1 to the number of members');
  return Number(word);
}

function fewest(quorum: Quorum): number {
  if (quorum.kind === 'witness') return 1;
  const counts = quorum.members.map(fewest).sort((a, b) => a - b);
  return counts.slice(0, quorum.threshold).reduce((sum, count) => sum + count, 0);
}

/** Fewer than two thirds of the members could then vouch for a ledger that the others never saw. */
export const isWeak = ({ fewestMembers, memberCount }: Policy): boolean =>
  fewestMembers < Math.floor((2 * memberCount) / 3) + 1;

/**
 * The time at which the quorum vouches: for a group the threshold-th greatest of its members' times. `timeOf` gives a witness's time
 * in seconds or undefined when it does not count.
 */
export function quorumTime(quorum: Quorum, timeOf: (key: VerifierKey) => bigint | undefined): bigint | undefined {
  if (quorum.kind === 'witness') return timeOf(quorum.key);
  const times = quorum.members
    .map((member) => quorumTime(member, timeOf))
    .filter((time) => time !== undefined)
    .sort((a, b) => (a > b ? -1 : a < b ? 1 : 0));
  return times[quorum.threshold - 1];
}
