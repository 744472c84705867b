/** Steps 1 and 2: the checkpoint's lines, and the quorum that vouches for it now. */
import { equal } from '../../../src/core/bytes.ts';
import type { SignatureVerifier } from '../../../src/core/signature.ts';
import type { SignedCheckpoint } from '../../../src/tlog/checkpoint.ts';
import {
  COSIGNATURE_TIME_MAX,
  cosignatureTime,
  verifyCosignature,
  verifyLogLine,
} from '../../../src/tlog/cosignature.ts';
import { lineKeyId, type SignatureLine, type VerifierKey } from '../../../src/tlog/note.ts';
import { type Policy, quorumTime } from '../../../src/tlog/policy.ts';
import { fail } from '../errors.ts';

/** A checkpoint may carry that many lines, known and unknown: verifying costs the verifier, adding costs the sender nothing. */
const LINES_MAX = 64;

/** The times at which the policy's witnesses cosigned a checkpoint, in seconds; every line of a known key verified. */
export type CosignatureTimes = ReadonlyMap<VerifierKey, bigint>;

/** Step 1. An unknown line is ignored: it says nothing to this policy. */
export function verifyCheckpoint(
  checkpoint: SignedCheckpoint,
  policy: Policy,
  verifier: SignatureVerifier,
): CosignatureTimes {
  if (checkpoint.origin !== policy.origin)
    fail('origin', `the proof is of ${checkpoint.origin}, not of ${policy.origin}`);
  if (checkpoint.lines.length > LINES_MAX) fail('too_many_lines', `more than ${LINES_MAX} signature lines`);
  checkLogLines(checkpoint, policy, verifier);
  const times = new Map<VerifierKey, bigint>();
  for (const key of policy.witnesses) {
    const line = onlyLineOf(key, checkpoint.lines);
    if (line !== undefined) times.set(key, verifiedTime(checkpoint, line, key, verifier));
  }
  return times;
}

/** The log's own signature carries no trust, but without one third-party clients could not read the checkpoint. */
function checkLogLines(checkpoint: SignedCheckpoint, policy: Policy, verifier: SignatureVerifier): void {
  let count = 0;
  for (const key of policy.logs) {
    const line = onlyLineOf(key, checkpoint.lines);
    if (line === undefined) continue;
    if (!verifyLogLine(checkpoint, line, key, verifier))
      fail('bad_signature', `the log line of ${key.name} does not verify`);
    count += 1;
  }
  if (count === 0) fail('log_line', 'no log key of the policy signed the checkpoint');
}

function onlyLineOf(key: VerifierKey, lines: readonly SignatureLine[]): SignatureLine | undefined {
  const own = lines.filter((line) => line.name === key.name && equal(lineKeyId(line), key.id));
  if (own.length > 1) fail('duplicate_line', `two lines of one key of ${key.name}`);
  return own[0];
}

function verifiedTime(
  checkpoint: SignedCheckpoint,
  line: SignatureLine,
  key: VerifierKey,
  verifier: SignatureVerifier,
): bigint {
  const time = cosignatureTime(line, key);
  if (time === undefined) fail('bad_signature', `the cosignature of ${key.name} has a wrong length`);
  if (time === 0n) fail('time_zero', `the cosignature of ${key.name} states no time`);
  if (time > COSIGNATURE_TIME_MAX || !verifyCosignature(checkpoint, line, key, time, verifier)) {
    fail('bad_signature', `the cosignature of ${key.name} does not verify`);
  }
  return time;
}

/** A device that boots in 1970 would else look for missing members. */
function quorumMessage(times: CosignatureTimes, latest: bigint): string {
  const isAhead = times.size > 0 && [...times.values()].every((time) => time > latest);
  return isAhead ? 'every cosignature is ahead of this clock: is it right?' : 'too few members cosigned the checkpoint';
}

export interface Freshness {
  /** The verifier's clock, in seconds. */
  readonly now: number;
  /** Undefined where age does not matter: a HistoricStatus. */
  readonly maxAgeSeconds: number | undefined;
  /** How far a witness's clock may be ahead. */
  readonly skewSeconds: number;
}

/**
 * Step 2. The time at which the quorum vouches for the checkpoint, in seconds. A time counts when it is neither ahead of the clock,
 * nor before the block, nor too old; these are asked one after the other, so that the refusal says which.
 */
export function checkQuorum(
  times: CosignatureTimes,
  policy: Policy,
  blockTime: number,
  { now, maxAgeSeconds, skewSeconds }: Freshness,
): number {
  const latest = BigInt(Math.floor(now + skewSeconds));
  const within = (from: bigint) =>
    quorumTime(policy.quorum, (key) => {
      const time = times.get(key);
      return time !== undefined && time >= from && time <= latest ? time : undefined;
    });
  if (within(0n) === undefined) fail('quorum_not_met', quorumMessage(times, latest));
  const time = within(BigInt(blockTime));
  if (time === undefined) fail('cosignature_time', 'the checkpoint was cosigned before its block');
  if (maxAgeSeconds !== undefined && time < BigInt(Math.ceil(now - maxAgeSeconds))) {
    fail('stale_checkpoint', `the quorum vouched ${now - Number(time)} s ago, more than ${maxAgeSeconds} s`);
  }
  return Number(time);
}
