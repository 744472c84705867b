/** Verification of a proof: the seven steps from a signed checkpoint to a certificate's standing. */
import { equal, toHex } from '../../src/core/bytes.ts';
import { KINDS } from '../../src/protocol/record.ts';
import type { Located } from '../../src/protocol/standing.ts';
import { type Crypto, platformCrypto } from '../../src/runtime/crypto.ts';
import { isWeak, type Policy, parsePolicy } from '../../src/tlog/policy.ts';
import { CURRENT, decodeProof, HISTORIC, type Proof } from '../../src/tlog/proof.ts';
import { isTlogProof, parseTlogProof, type TlogProof } from '../../src/tlog/tlog-proof.ts';
import { createTreeHasher, type TreeHasher, verifyInclusion } from '../../src/tlog/tree.ts';
import { fail } from './errors.ts';
import { checkQuorum, verifyCheckpoint } from './verify/checkpoint.ts';
import { type HistoricTarget, type LocatedBlock, selectBlock, verifyEntries } from './verify/log.ts';
import { type StatusReader, verifyStatus } from './verify/status.ts';
import { checkStanding, checkSubject, checkTimeAndScope } from './verify/subject.ts';

export type { HistoricTarget } from './verify/log.ts';

/** Twice the interval at which an idle ledger is cosigned again, and the skew, with room for slow links. */
const DEFAULT_MAX_AGE_SECONDS = 300;
/** Clocks of servers agree within seconds; a minute forgives one that does not. */
const DEFAULT_SKEW_SECONDS = 60;

export interface VerifierOptions {
  /** A tlog-policy file: which log, which members, how many of them. */
  readonly policy: string;
  /** How old the quorum's word may be, in seconds. Default 300. */
  readonly maxAgeSeconds?: number;
  /** How far a member's clock may be ahead, in seconds. Default 60. */
  readonly skewSeconds?: number;
  /** Accept a policy whose quorum is below two thirds of its members. */
  readonly allowWeakPolicy?: boolean;
  /** The time in seconds since 1970. Default: the system's clock. */
  readonly clock?: () => number;
  /** Default: node:crypto where it exists, else plain JavaScript. */
  readonly crypto?: Crypto;
}

export interface CertificateQuestion {
  /** The content of a proof file: the binary Proof or the tlog-proof text. */
  readonly proof: Uint8Array;
  /** The presented certificate, DER. */
  readonly certificate: Uint8Array;
  /** The identity that the caller expects, if any. */
  readonly recordId?: Uint8Array;
}

/** An authority under which the certificate stands, member included. */
export interface StandingAuthority {
  readonly index: number;
  readonly kind: number;
  readonly recordId: Uint8Array;
}

/** What was verified of a certificate. */
export interface CertificateStanding {
  readonly recordId: Uint8Array;
  /** The index of the identity's entry. */
  readonly index: number;
  readonly subjectKind: number;
  /** The size of the log, and the height of its last block. */
  readonly size: number;
  readonly height: number;
  /** When the quorum vouched for it, in seconds, and how long ago that is by the verifier's clock. */
  readonly checkpointTime: number;
  readonly ageSeconds: number;
  readonly authorities: readonly StandingAuthority[];
}

/** A certificate's standing at an earlier height or time; a type of its own, because it says nothing about now. */
export interface HistoricStatus {
  readonly kind: 'historic';
  readonly target: HistoricTarget;
  /** The block that answers. */
  readonly height: number;
  readonly time: number;
  readonly recordId: Uint8Array;
  readonly index: number;
  readonly subjectKind: number;
  readonly authorities: readonly StandingAuthority[];
}

export interface Verifier {
  readonly policy: Policy;
  /**
   * Verifies that a certificate is in the ledger and still current.
   * @throws VerificationError
   */
  verifyCertificate(question: CertificateQuestion): CertificateStanding;
  /**
   * Verifies what the ledger said of a certificate at an earlier height or time. Age does not matter.
   * @throws VerificationError
   */
  verifyHistoric(question: CertificateQuestion, target: HistoricTarget): HistoricStatus;
}

/** @throws VerificationError `policy_invalid`, `policy_weak` */
export function createVerifier(options: VerifierOptions): Verifier {
  return new ProofVerifier(options);
}

class ProofVerifier implements Verifier {
  readonly policy: Policy;
  readonly #crypto: Crypto;
  readonly #tree: TreeHasher;
  readonly #clock: () => number;
  readonly #maxAgeSeconds: number;
  readonly #skewSeconds: number;

  constructor(options: VerifierOptions) {
    this.#crypto = options.crypto ?? platformCrypto();
    this.#tree = createTreeHasher(this.#crypto.hasher);
    this.#clock = options.clock ?? systemClock;
    this.#maxAgeSeconds = options.maxAgeSeconds ?? DEFAULT_MAX_AGE_SECONDS;
    this.#skewSeconds = options.skewSeconds ?? DEFAULT_SKEW_SECONDS;
    const policy = parsePolicy(options.policy, this.#crypto);
    if (!policy.ok) fail('policy_invalid', `line ${policy.code.line}: ${policy.code.problem}`);
    if (isWeak(policy.value) && options.allowWeakPolicy !== true) {
      fail('policy_weak', `${policy.value.fewestMembers} of ${policy.value.memberCount} members satisfy the quorum`);
    }
    this.policy = policy.value;
  }

  verifyCertificate(question: CertificateQuestion): CertificateStanding {
    const now = this.#clock();
    const read = readProof(question.proof);
    if (read.proof.form !== CURRENT) fail('historic_status', 'a HistoricStatus says nothing about now');
    const times = verifyCheckpoint(read.proof.checkpoint, this.policy, this.#crypto.verifier);
    const entries = verifyEntries(read.proof, this.#tree);
    const { last } = entries;
    const checkpointTime = checkQuorum(times, this.policy, last.block.time, {
      now,
      maxAgeSeconds: this.#maxAgeSeconds,
      skewSeconds: this.#skewSeconds,
    });
    if (entries.earlierBlocks.length > 0) fail('unused_entry', 'a current status has one block entry');
    const standing = this.#verifyStanding(read, entries.records, last, question, now);
    return {
      ...standing,
      size: last.index + 1,
      height: last.block.height,
      checkpointTime,
      ageSeconds: now - checkpointTime,
    };
  }

  verifyHistoric(question: CertificateQuestion, target: HistoricTarget): HistoricStatus {
    const now = this.#clock();
    const read = readProof(question.proof);
    if (read.proof.form !== HISTORIC) fail('current_status', 'a current status says nothing about earlier times');
    const times = verifyCheckpoint(read.proof.checkpoint, this.policy, this.#crypto.verifier);
    const entries = verifyEntries(read.proof, this.#tree);
    const checkpointTime = checkQuorum(times, this.policy, entries.last.block.time, {
      now,
      maxAgeSeconds: undefined,
      skewSeconds: this.#skewSeconds,
    });
    const selected = selectBlock(entries, target, checkpointTime);
    const at = 'time' in target ? target.time : selected.block.time;
    const standing = this.#verifyStanding(read, entries.records, selected, question, at);
    return { kind: 'historic', target, height: selected.block.height, time: selected.block.time, ...standing };
  }

  /** Steps 4 to 7 at one block of the log. */
  #verifyStanding(
    { proof, text }: ReadProof,
    records: readonly Located[],
    at: LocatedBlock,
    { certificate, recordId }: CertificateQuestion,
    now: number,
  ): Pick<CertificateStanding, 'recordId' | 'index' | 'subjectKind' | 'authorities'> {
    const located = onlyIdentity(records);
    if (text !== undefined) this.#checkTextPath(text, located);
    if (records.some(({ index }) => index >= at.index)) fail('unused_entry', 'an entry is younger than the block');
    const subject = checkSubject(located, { der: certificate, recordId }, this.#crypto.hasher);
    const isSuperseded = this.#verifyStatus(proof, records, at);
    if (isSuperseded(subject.index)) fail('superseded', 'a later version of the identity exists');
    const byId = new Map(records.map((record) => [toHex(record.record.recordId), record]));
    const standing = checkStanding(subject, (id) => byId.get(toHex(id)), isSuperseded);
    if (standing.authorities.length + 1 !== records.length)
      fail('unused_entry', 'the standing does not need every entry');
    checkTimeAndScope(subject, standing, now);
    return {
      recordId: subject.record.recordId,
      index: subject.index,
      subjectKind: subject.identity.subjectKind,
      authorities: standing.authorities.map(({ index, record }) => ({
        index,
        kind: record.kind,
        recordId: record.recordId,
      })),
    };
  }

  #verifyStatus(proof: Proof, records: readonly Located[], at: LocatedBlock): StatusReader {
    return verifyStatus(
      { words: proof.words, hashes: proof.statusHashes, size: at.index + 1, statusRoot: at.block.statusRoot },
      records.map(({ index }) => index),
      { hasher: this.#crypto.hasher, tree: this.#tree },
    );
  }

  /** The text form repeats the subject's path: a tlog-proof reader must not be shown another entry than we read. */
  #checkTextPath({ proof, index, path }: TlogProof, subject: Located): void {
    const entry = proof.entries.find((candidate) => candidate.index === subject.index);
    const { size, root } = proof.checkpoint;
    if (entry === undefined || index !== subject.index) fail('text_path', 'the text proves another entry');
    const leafHash = this.#tree.leaf(entry.bytes);
    const verified = verifyInclusion({ index, size, leafHash, path, root }, this.#tree);
    if (!verified.ok) fail('text_path', verified.code);
  }
}

interface ReadProof {
  readonly proof: Proof;
  /** Present when the proof came in its text form. */
  readonly text: TlogProof | undefined;
}

function readProof(bytes: Uint8Array): ReadProof {
  if (isTlogProof(bytes)) {
    const text = parseTlogProof(bytes);
    if (!text.ok) fail(text.code, 'not a tlog-proof file of this ledger');
    return { proof: text.value.proof, text: text.value };
  }
  const proof = decodeProof(bytes);
  if (proof === undefined) fail('malformed', 'not a proof');
  return { proof, text: undefined };
}

function onlyIdentity(records: readonly Located[]): Located {
  const identities = records.filter(({ record }) => record.kind === KINDS.identity);
  const [subject] = identities;
  if (subject === undefined || identities.length > 1) fail('subject', 'a proof has one identity');
  for (const [i, { record }] of records.entries()) {
    if (records.slice(0, i).some((other) => equal(other.record.recordId, record.recordId))) {
      fail('duplicate_record', 'a record occurs twice');
    }
  }
  return subject;
}

const systemClock = (): number => Math.floor(Date.now() / 1000);
