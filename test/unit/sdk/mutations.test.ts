import { describe, expect, test } from 'vitest';
import type { VerificationCode } from '../../../sdk/src/index.ts';
import { judgeProof } from '../../harness/proof.ts';
import { loadMutations, mutationText } from '../../support/vectors.ts';
import { mutationLines } from '../../vectors/mutations/make.ts';

const mutations = loadMutations();
const answer = (expect: string): string => (expect === 'ok' ? 'ok' : `error ${expect}`);

describe('the verifier', () => {
  test.each(mutations.map((vector) => [vector.name, vector.expect, vector] as const))(
    'judges "%s": %s',
    (_, verdict, vector) => {
      expect(judgeProof(vector)).toBe(answer(verdict));
    },
  );
});

/** Codes that no proof file can produce. A new code that is neither here nor in a mutation fails; a renamed one does not compile. */
const REACHABLE: Readonly<Record<VerificationCode, boolean>> = {
  malformed: true,
  policy_invalid: true,
  policy_weak: true,
  extension_line: true,
  historic_status: true,
  current_status: true,
  origin: true,
  too_many_lines: true,
  duplicate_line: true,
  bad_signature: true,
  log_line: true,
  time_zero: true,
  quorum_not_met: true,
  cosignature_time: true,
  stale_checkpoint: true,
  block_entry_index: true,
  block_entry_kind: true,
  unsupported_rule_version: true,
  unsupported_entry_version: true,
  inclusion: true,
  historic_target: true,
  subject: true,
  duplicate_record: true,
  text_path: true,
  record_id: true,
  state: true,
  certificate_not_in_entry: true,
  certificate_mismatch: true,
  status_words: true,
  status_inclusion: true,
  status_padding: true,
  // Only a verifier that holds status of its own refuses with it.
  status_not_held: false,
  superseded: true,
  authority_missing: true,
  authority_kind: true,
  authority_state: true,
  authority_superseded: true,
  too_many_authorities: true,
  accepted_below: true,
  unused_entry: true,
  certificate_profile: true,
  not_yet_valid: true,
  expired: true,
  starts_at: true,
  ends_at: true,
  scope: true,
};

describe('the mutations', () => {
  test('reach every code that a proof file can produce', () => {
    const reached = new Set(mutations.map(({ expect: code }) => code));
    const expected = Object.entries(REACHABLE).filter(([, isReachable]) => isReachable);
    expect([...reached].filter((code) => code !== 'ok').sort()).toEqual(expected.map(([code]) => code).sort());
  });

  test('have names of their own', () => {
    expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
  });

  test('are the bytes that the generator writes', () => {
    expect(mutationLines() === mutationText()).toBe(true);
  });
});
