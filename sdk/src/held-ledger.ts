/**
 * A verifier that holds a checkpoint, the status of every entry below it and the authorities, so that a certificate needs nothing
 * but its entry and the entry's path: no question to anybody says which device was met.
 */
import { equal, split, toHex } from '../../src/core/bytes.ts';
import { KINDS } from '../../src/protocol/record.ts';
import type { Located } from '../../src/protocol/standing.ts';
import type { SignedCheckpoint } from '../../src/tlog/checkpoint.ts';
import { ENTRIES_PER_WORD, isSuperseded, WORD_LENGTH, wordCount, wordIndex } from '../../src/tlog/status-tree.ts';
import { verifyInclusion } from '../../src/tlog/tree.ts';
import { fail } from './errors.ts';
import { checkQuorum } from './verify/checkpoint.ts';
import { type LocatedBlock, type ProvenEntries, readPlaces, readRecord, verifyEntries } from './verify/log.ts';
import { checkDistinct, checkTextPath, onlyIdentity, type ReadProof, readCurrentProof } from './verify/proof-file.ts';
import { type Rules, type VerifiedLog, verifyLog } from './verify/rules.ts';
import { type CertificateStanding, verifyStanding } from './verify/standing.ts';
import { verifyProofStatus, verifyStatus } from './verify/status.ts';

export interface LedgerToHold {
  /** A current proof, binary or text; its certificate does not matter, its authorities are learned. */
  readonly proof: Uint8Array;
  /** Every status word of the ledger at the proof's size, one behind the other. */
  readonly words: Uint8Array;
}

export interface HeldQuestion {
  /** The identity's entry: its index, its bytes and its siblings in the held log, from the leaf up. */
  readonly index: number;
  readonly entry: Uint8Array;
  readonly path: readonly Uint8Array[];
  /** The presented certificate, DER. */
  readonly certificate: Uint8Array;
  /** The identity that the caller expects, if any. */
  readonly recordId?: Uint8Array;
}

export interface HeldLedger {
  /** The size of the held log. A path leads to this log's root and to no other. */
  readonly size: number;
  readonly height: number;
  /**
   * Keeps the authorities that a current proof of the held checkpoint shows. Whether they still stand is asked each time.
   * @throws VerificationError
   */
  learn(proof: Uint8Array): void;
  /**
   * Verifies that a certificate is in the held ledger and current there.
   * @throws VerificationError `stale_checkpoint` once the checkpoint is too old, `status_not_held` for an entry behind it,
   * `authority_missing` for an authority that was not learned, and as `Verifier.verifyCertificate`
   */
  verifyCertificate(question: HeldQuestion): CertificateStanding;
}

/** Whatever is held is a copy, also of a Buffer, whose slice() is none: the caller's bytes may change afterwards. */
export function holdLedger({ proof, words }: LedgerToHold, rules: Rules): HeldLedger {
  const read = readCurrentProof(new Uint8Array(proof));
  const log = verifyLog(read.proof, rules, { now: rules.clock(), maxAgeSeconds: rules.maxAgeSeconds });
  const held = new Uint8Array(words);
  verifyAllWords(held, log.last, rules);
  return new CopiedLedger(read, log, held, rules);
}

/** One word missing would let whoever supplies them choose which revocations are seen. */
function verifyAllWords(words: Uint8Array, { index, block }: LocatedBlock, { crypto, tree }: Rules): void {
  const size = index + 1;
  const pieces = split(words, WORD_LENGTH);
  if (pieces?.length !== wordCount(size)) fail('status_words', 'not all status words of the ledger');
  verifyStatus(
    {
      words: pieces.map((word, place) => ({ index: place, word })),
      hashes: [],
      size,
      statusRoot: block.statusRoot,
    },
    pieces.map((_, place) => place * ENTRIES_PER_WORD),
    { hasher: crypto.hasher, tree },
  );
}

const AUTHORITY_KINDS: ReadonlySet<number> = new Set([KINDS.member, KINDS.anchor, KINDS.submitter]);

class CopiedLedger implements HeldLedger {
  readonly #rules: Rules;
  readonly #checkpoint: SignedCheckpoint;
  readonly #log: VerifiedLog;
  readonly #words: Uint8Array;
  readonly #authorities = new Map<string, Located>();

  constructor(read: ReadProof, log: VerifiedLog, words: Uint8Array, rules: Rules) {
    this.#rules = rules;
    this.#checkpoint = read.proof.checkpoint;
    this.#log = log;
    this.#words = words;
    this.#keepAuthorities(read, log);
  }

  get size(): number {
    return this.#checkpoint.size;
  }

  get height(): number {
    return this.#log.last.block.height;
  }

  /** The checkpoint's signatures need no second look: it is the held one. */
  learn(proof: Uint8Array): void {
    const read = readCurrentProof(new Uint8Array(proof));
    const { origin, size, root } = read.proof.checkpoint;
    if (origin !== this.#checkpoint.origin) fail('origin', `the proof is of ${origin}`);
    if (size !== this.size || !equal(root, this.#checkpoint.root)) fail('inclusion', 'the proof is of another size');
    this.#keepAuthorities(read, verifyEntries(read.proof, this.#rules.tree));
  }

  verifyCertificate({ index, entry, path, certificate, recordId }: HeldQuestion): CertificateStanding {
    const { crypto, tree } = this.#rules;
    const now = this.#rules.clock();
    const checkpointTime = this.#checkFreshness(now);
    const { size, root } = this.#checkpoint;
    if (index >= size - 1) fail('status_not_held', 'the entry is younger than the held status');
    const included = verifyInclusion({ index, size, leafHash: tree.leaf(entry), path, root }, tree);
    if (!included.ok) fail('inclusion', included.code);
    const located = { index, record: readRecord(readPlaces(entry, index), index) };
    const standing = verifyStanding(
      { located, certificate, recordId, now },
      {
        find: (id) => this.#authorities.get(toHex(id)),
        isSuperseded: (entryIndex) => this.#isSuperseded(entryIndex),
      },
      crypto.hasher,
    );
    return { ...standing, size, height: this.height, checkpointTime, ageSeconds: now - checkpointTime };
  }

  /** Step 2 again at the time of use: what was fresh when it was taken over grows old. */
  #checkFreshness(now: number): number {
    const { policy, maxAgeSeconds, skewSeconds } = this.#rules;
    const { times, last } = this.#log;
    return checkQuorum(times, policy, last.block.time, { now, maxAgeSeconds, skewSeconds });
  }

  #isSuperseded(entryIndex: number): boolean {
    const at = wordIndex(entryIndex) * WORD_LENGTH;
    return isSuperseded(this.#words.subarray(at, at + WORD_LENGTH), entryIndex);
  }

  #keepAuthorities({ proof, text }: ReadProof, { earlierBlocks, records }: ProvenEntries): void {
    const { crypto, tree } = this.#rules;
    if (earlierBlocks.length > 0) fail('unused_entry', 'a current status has one block entry');
    checkDistinct(records);
    if (text !== undefined) checkTextPath(text, onlyIdentity(records), tree);
    verifyProofStatus(proof, records, this.#log.last, { hasher: crypto.hasher, tree });
    for (const located of records) {
      if (AUTHORITY_KINDS.has(located.record.kind)) this.#keepNewest(located);
    }
  }

  /** An old version that somebody shows must not take the place of the newer one. */
  #keepNewest(located: Located): void {
    const id = toHex(located.record.recordId);
    const known = this.#authorities.get(id);
    if (known === undefined || known.index < located.index) this.#authorities.set(id, located);
  }
}
