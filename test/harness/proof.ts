/** Judges proofs from outside: one JSON object a line in, `ok` or `error CODE` a line out. */
import { createVerifier, type HistoricTarget, VerificationError, type VerifierOptions } from '../../sdk/src/index.ts';
import { answerLines, fromLenientBase64 } from './lines.ts';

export interface ProofCase {
  readonly policy: string;
  readonly proof: string;
  readonly certificate: string;
  readonly now: number;
  readonly maxAge: number;
  readonly options?: {
    readonly record_id?: string;
    readonly target?: readonly [kind: 0 | 1, value: number];
    readonly allow_weak?: boolean;
  };
}

/** `crypto`: instead of what the platform has. */
export function judgeProof(test: ProofCase, crypto?: VerifierOptions['crypto']): string {
  const { record_id: recordId, target, allow_weak: allowWeakPolicy } = test.options ?? {};
  try {
    const verifier = createVerifier({
      policy: test.policy,
      maxAgeSeconds: test.maxAge,
      clock: () => test.now,
      allowWeakPolicy: allowWeakPolicy === true,
      ...(crypto && { crypto }),
    });
    const question = {
      proof: fromLenientBase64(test.proof),
      certificate: fromLenientBase64(test.certificate),
      ...(recordId !== undefined && { recordId: new Uint8Array(Buffer.from(recordId, 'hex')) }),
    };
    if (target === undefined) verifier.verifyCertificate(question);
    else verifier.verifyHistoric(question, toTarget(target));
    return 'ok';
  } catch (error) {
    if (error instanceof VerificationError) return `error ${error.code}`;
    throw error;
  }
}

const toTarget = ([kind, value]: readonly [0 | 1, number]): HistoricTarget =>
  kind === 0 ? { height: value } : { time: value };

function isProofCase(value: unknown): value is ProofCase {
  if (typeof value !== 'object' || value === null) return false;
  const { policy, now, maxAge, options } = value as Partial<Record<keyof ProofCase, unknown>>;
  const isComplete = typeof policy === 'string' && typeof now === 'number' && typeof maxAge === 'number';
  return isComplete && (options === undefined || (typeof options === 'object' && options !== null));
}

if (import.meta.main) await answerLines((value) => (isProofCase(value) ? judgeProof(value) : 'error malformed'));
