/** Verification of a proof: the seven steps from a signed checkpoint to a certificate's standing. */
import { fromUtf8, toHex } from '../../src/core/bytes.ts';
import type { Located } from '../../src/protocol/standing.ts';
import { type Crypto, platformCrypto } from '../../src/runtime/crypto.ts';
import { isWeak, type Policy, parsePolicy } from '../../src/tlog/policy.ts';
import { HISTORIC } from '../../src/tlog/proof.ts';
import { createTreeHasher } from '../../src/tlog/tree.ts';
import { fail } from './errors.ts';
import { type HeldLedger, holdLedger, type LedgerToHold } from './held-ledger.ts';
import { type HistoricTarget, type LocatedBlock, selectBlock } from './verify/log.ts';
import { checkTextPath, onlyIdentity, type ReadProof, readCurrentProof, readProof } from './verify/proof-file.ts';
import { type Rules, verifyLog } from './verify/rules.ts';
import { type CertificateStanding, type Standing, verifyStanding } from './verify/standing.ts';
import { verifyProofStatus } from './verify/status.ts';

export type { HistoricTarget } from './verify/log.ts';
export type { CertificateStanding, StandingAuthority } from './verify/standing.ts';

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

/** A certificate's standing at an earlier height or time; a type of its own, because it says nothing about now. */
export interface HistoricStatus extends Standing {
  readonly kind: 'historic';
  readonly target: HistoricTarget;
  /** The block that answers. */
  readonly height: number;
  readonly time: number;
}

export interface Verifier {
  readonly policy: Policy;
  /**
   * Verifies that a certificate is in the ledger and still current.
   * @throws VerificationError; TypeError when proof or certificate are no bytes, or the certificate is PEM
   */
  verifyCertificate(question: CertificateQuestion): CertificateStanding;
  /**
   * Verifies what the ledger said of a certificate at an earlier height or time. Age does not matter.
   * @throws VerificationError, TypeError as `verifyCertificate`
   */
  verifyHistoric(question: CertificateQuestion, target: HistoricTarget): HistoricStatus;
  /**
   * Takes the whole status of the ledger over, so that certificates can then be verified without asking anybody.
   * @throws VerificationError
   */
  hold(ledger: LedgerToHold): HeldLedger;
}

/** @throws VerificationError `policy_invalid`, `policy_weak` */
export function createVerifier(options: VerifierOptions): Verifier {
  return new ProofVerifier(options);
}

class ProofVerifier implements Verifier {
  readonly policy: Policy;
  readonly #rules: Rules;

  constructor(options: VerifierOptions) {
    const crypto = options.crypto ?? platformCrypto();
    const policy = parsePolicy(options.policy, crypto);
    if (!policy.ok) fail('policy_invalid', `line ${policy.code.line}: ${policy.code.problem}`);
    if (isWeak(policy.value) && options.allowWeakPolicy !== true) {
      fail('policy_weak', `${policy.value.fewestMembers} of ${policy.value.memberCount} members satisfy the quorum`);
    }
    this.policy = policy.value;
    this.#rules = {
      policy: policy.value,
      crypto,
      tree: createTreeHasher(crypto.hasher),
      clock: options.clock ?? systemClock,
      maxAgeSeconds: options.maxAgeSeconds ?? DEFAULT_MAX_AGE_SECONDS,
      skewSeconds: options.skewSeconds ?? DEFAULT_SKEW_SECONDS,
    };
  }

  verifyCertificate(question: CertificateQuestion): CertificateStanding {
    assertBytes(question);
    const now = this.#rules.clock();
    const read = readCurrentProof(question.proof);
    const log = verifyLog(read.proof, this.#rules, { now, maxAgeSeconds: this.#rules.maxAgeSeconds });
    const { last, checkpointTime } = log;
    if (log.earlierBlocks.length > 0) fail('unused_entry', 'a current status has one block entry');
    const standing = this.#verifyStanding(read, log.records, last, question, now);
    return {
      ...standing,
      size: last.index + 1,
      height: last.block.height,
      checkpointTime,
      ageSeconds: now - checkpointTime,
    };
  }

  verifyHistoric(question: CertificateQuestion, target: HistoricTarget): HistoricStatus {
    assertBytes(question);
    const now = this.#rules.clock();
    const read = readProof(question.proof);
    if (read.proof.form !== HISTORIC) fail('current_status', 'a current status says nothing about earlier times');
    const log = verifyLog(read.proof, this.#rules, { now, maxAgeSeconds: undefined });
    const selected = selectBlock(log, target, log.checkpointTime);
    const at = 'time' in target ? target.time : selected.block.time;
    const standing = this.#verifyStanding(read, log.records, selected, question, at);
    return { kind: 'historic', target, height: selected.block.height, time: selected.block.time, ...standing };
  }

  hold(ledger: LedgerToHold): HeldLedger {
    return holdLedger(ledger, this.#rules);
  }

  /** Steps 4 to 7 at one block of the log. */
  #verifyStanding(
    { proof, text }: ReadProof,
    records: readonly Located[],
    at: LocatedBlock,
    { certificate, recordId }: CertificateQuestion,
    now: number,
  ): Standing {
    const { tree, crypto } = this.#rules;
    const located = onlyIdentity(records);
    if (text !== undefined) checkTextPath(text, located, tree);
    if (records.some(({ index }) => index >= at.index)) fail('unused_entry', 'an entry is younger than the block');
    const isSuperseded = verifyProofStatus(proof, records, at, { hasher: crypto.hasher, tree });
    const byId = new Map(records.map((record) => [toHex(record.record.recordId), record]));
    const find = (id: Uint8Array) => byId.get(toHex(id));
    const standing = verifyStanding({ located, certificate, recordId, now }, { find, isSuperseded }, crypto.hasher);
    if (standing.authorities.length + 1 !== records.length)
      fail('unused_entry', 'the standing does not need every entry');
    return standing;
  }
}

/** A caller's mistakes, which the proof's own codes would describe as somebody's forgery. */
function assertBytes({ proof, certificate }: CertificateQuestion): void {
  if (!(proof instanceof Uint8Array)) throw new TypeError('proof is bytes: read the file without an encoding');
  if (!(certificate instanceof Uint8Array))
    throw new TypeError("certificate is DER bytes: use decodePem(text, 'CERTIFICATE')");
  // A peer may send this: it is refused as any other certificate is.
  const isPem = PEM_START.every((octet, i) => certificate[i] === octet);
  if (isPem) fail('certificate_profile', "the certificate is PEM, not DER: use decodePem(text, 'CERTIFICATE')");
}

const PEM_START = fromUtf8('-----BEGIN');

const systemClock = (): number => Math.floor(Date.now() / 1000);
