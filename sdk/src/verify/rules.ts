/** What a verifier judges with, and steps 1 to 3 by it. */
import type { Crypto } from '../../../src/runtime/crypto.ts';
import type { Policy } from '../../../src/tlog/policy.ts';
import type { Proof } from '../../../src/tlog/proof.ts';
import type { TreeHasher } from '../../../src/tlog/tree.ts';
import { type CosignatureTimes, checkQuorum, verifyCheckpoint } from './checkpoint.ts';
import { type ProvenEntries, verifyEntries } from './log.ts';

export interface Rules {
  readonly policy: Policy;
  readonly crypto: Crypto;
  readonly tree: TreeHasher;
  /** The verifier's time in seconds since 1970. */
  readonly clock: () => number;
  readonly maxAgeSeconds: number;
  readonly skewSeconds: number;
}

export interface VerifiedLog extends ProvenEntries {
  readonly times: CosignatureTimes;
  /** When the quorum vouched for the log, in seconds. */
  readonly checkpointTime: number;
}

/** Steps 1 to 3. `maxAgeSeconds` is undefined where age does not matter. */
export function verifyLog(
  proof: Proof,
  { policy, crypto, tree, skewSeconds }: Rules,
  { now, maxAgeSeconds }: { now: number; maxAgeSeconds: number | undefined },
): VerifiedLog {
  const times = verifyCheckpoint(proof.checkpoint, policy, crypto.verifier);
  const entries = verifyEntries(proof, tree);
  const checkpointTime = checkQuorum(times, policy, entries.last.block.time, { now, maxAgeSeconds, skewSeconds });
  return { ...entries, times, checkpointTime };
}
