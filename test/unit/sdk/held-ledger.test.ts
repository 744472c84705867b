import { describe, expect, test } from 'vitest';
import { createVerifier, type HeldLedger, type HeldQuestion, VerificationError } from '../../../sdk/src/index.ts';
import { concat } from '../../../src/core/bytes.ts';
import { STATES } from '../../../src/protocol/record.ts';
import { encodeProof, HISTORIC, type Proof } from '../../../src/tlog/proof.ts';
import { hashOf } from '../../support/crypto.ts';
import { ORIGIN, policyText } from '../../support/members.ts';
import * as naive from '../../support/naive-tree.ts';
import { buildProof, logRoot, supersededBy, textProof } from '../../support/proof-builder.ts';
import { flipped } from '../../support/random.ts';
import {
  blockTime,
  COSIGNED_AT,
  MAX_AGE,
  makeScene,
  NOW,
  quorumLines,
  type Scene,
  standingIndexes,
  withPayload,
} from '../../support/scene.ts';

interface Clock {
  now: number;
}

const verifierOf = (scene: Scene, clock: Clock = { now: NOW }) =>
  createVerifier({ policy: policyText(scene.members), maxAgeSeconds: MAX_AGE, clock: () => clock.now });

function requestOf(scene: Scene, wanted: readonly number[]) {
  const { entries } = scene.log;
  const unsigned = { origin: ORIGIN, size: entries.length, root: logRoot(entries) };
  const checkpoint = { ...unsigned, lines: quorumLines(scene.members, unsigned, COSIGNED_AT) };
  return { entries, checkpoint, wanted };
}

/** A proof of the scene's newest checkpoint that shows these entries. */
const proofOf = (scene: Scene, wanted = standingIndexes(scene), alter = (proof: Proof) => proof): Uint8Array =>
  encodeProof(alter(buildProof(requestOf(scene, wanted))));

function wordsOf({ log: { entries } }: Scene): Uint8Array {
  return concat(...naive.statusWords(entries.length, supersededBy(entries, entries.length)));
}

const held = (scene: Scene, clock?: Clock): HeldLedger =>
  verifierOf(scene, clock).hold({ proof: proofOf(scene), words: wordsOf(scene) });

function questionOf(scene: Scene, index = scene.subject.index): HeldQuestion {
  const { entries } = scene.log;
  const entry = entries[index] as Uint8Array;
  return { index, entry, path: naive.inclusionPath(index, entries.map(naive.leafHash)), certificate: scene.der };
}

function codeOf(action: () => unknown): string {
  try {
    action();
    return 'ok';
  } catch (error) {
    if (error instanceof VerificationError) return error.code;
    throw error;
  }
}

/** A next version of the subject, or of its submitter, in a block of its own. */
function withNext(which: 'subject' | 'submitter', scene = makeScene()): Scene {
  scene.log.addVersion(scene[which], {});
  scene.log.close(blockTime(3));
  return scene;
}

const scene = makeScene();

describe('a held ledger', () => {
  test('says of a certificate what its proof says', () => {
    const { der: certificate } = scene;
    const fromProof = verifierOf(scene).verifyCertificate({ proof: proofOf(scene), certificate });
    expect(held(scene).verifyCertificate(questionOf(scene))).toEqual(fromProof);
  });

  test('is taken from the text form too', () => {
    const proof = textProof(requestOf(scene, standingIndexes(scene)));
    const ledger = verifierOf(scene).hold({ proof, words: wordsOf(scene) });
    expect(codeOf(() => ledger.verifyCertificate(questionOf(scene)))).toBe('ok');
    expect(ledger.size).toBe(scene.log.entries.length);
    expect(ledger.height).toBe(2);
  });

  test('learns authorities from later proofs of its checkpoint', () => {
    const verifier = verifierOf(scene);
    const ledger = verifier.hold({ proof: proofOf(scene, []), words: wordsOf(scene) });
    const verify = () => ledger.verifyCertificate(questionOf(scene));
    expect(codeOf(verify)).toBe('authority_missing');
    ledger.learn(proofOf(scene, [scene.member.index]));
    expect(codeOf(verify)).toBe('authority_missing');
    ledger.learn(textProof(requestOf(scene, standingIndexes(scene))));
    expect(codeOf(verify)).toBe('ok');
  });

  test('keeps what it holds when the caller writes over the bytes', () => {
    const [proof, words] = [Buffer.from(proofOf(scene)), Buffer.from(wordsOf(scene))];
    const ledger = verifierOf(scene).hold({ proof, words });
    proof.fill(0);
    words.fill(0xff);
    expect(codeOf(() => ledger.verifyCertificate(questionOf(scene)))).toBe('ok');
  });

  test('compares the identity that the caller expects', () => {
    const ledger = held(scene);
    const { recordId } = scene.subject.record;
    expect(codeOf(() => ledger.verifyCertificate({ ...questionOf(scene), recordId }))).toBe('ok');
    expect(codeOf(() => ledger.verifyCertificate({ ...questionOf(scene), recordId: hashOf('another') }))).toBe(
      'record_id',
    );
  });
});

describe('a held ledger refuses', () => {
  const refusal = (question: Partial<HeldQuestion>, of = scene) =>
    codeOf(() => held(of).verifyCertificate({ ...questionOf(of), ...question }));

  test('an entry that a later version superseded', () => {
    const renewed = withNext('subject');
    expect(refusal({}, renewed)).toBe('superseded');
    expect(refusal(questionOf(renewed, renewed.subject.index + 2), renewed)).toBe('ok');
  });

  test('an authority that is superseded, whenever it was learned', () => {
    const moved = withNext('submitter');
    const next = moved.subject.index + 2;
    expect(refusal({}, moved)).toBe('authority_superseded');
    const ledger = held(moved);
    ledger.learn(proofOf(moved, [next]));
    expect(codeOf(() => ledger.verifyCertificate(questionOf(moved)))).toBe('ok');
    ledger.learn(proofOf(moved));
    expect(codeOf(() => ledger.verifyCertificate(questionOf(moved)))).toBe('ok');
  });

  test('an authority that does not stand', () => {
    const suspended = makeScene({ submitter: (record) => ({ ...record, state: STATES.suspended }) });
    expect(refusal({}, suspended)).toBe('authority_state');
  });

  test('a revoked identity', () => {
    expect(refusal({}, makeScene({ subject: (record) => ({ ...record, state: STATES.ended }) }))).toBe('state');
  });

  test('a certificate out of its time, its scope or its entry', () => {
    expect(refusal({}, makeScene({ certificate: { notAfter: NOW - 1 } }))).toBe('expired');
    expect(refusal({}, makeScene({ subject: withPayload([7, NOW + 1]) }))).toBe('starts_at');
    expect(refusal({}, makeScene({ member: withPayload([1, new Map([[0, [2]]])]) }))).toBe('scope');
    expect(refusal({ certificate: flipped(scene.der, 100) })).toBe('certificate_not_in_entry');
  });

  test('everything once its checkpoint is stale at the time of use', () => {
    const clock = { now: NOW };
    const ledger = held(scene, clock);
    const verify = () => ledger.verifyCertificate(questionOf(scene));
    clock.now = COSIGNED_AT + MAX_AGE;
    expect(verify().ageSeconds).toBe(MAX_AGE);
    clock.now += 1;
    expect(codeOf(verify)).toBe('stale_checkpoint');
  });

  test('an entry behind the held status, never taking it for current', () => {
    const size = scene.log.entries.length;
    expect(refusal(questionOf(scene, size - 1))).toBe('status_not_held');
    expect(refusal({ index: size })).toBe('status_not_held');
    expect(refusal({ index: Number.MAX_SAFE_INTEGER })).toBe('status_not_held');
    const later = withNext('subject', makeScene());
    expect(refusal(questionOf(later, later.subject.index + 2))).toBe('status_not_held');
  });

  test('a path that does not lead to the held root', () => {
    const question = questionOf(scene);
    const [first, ...rest] = question.path as [Uint8Array, ...Uint8Array[]];
    expect(refusal({ path: [flipped(first, 3), ...rest] })).toBe('inclusion');
    expect(refusal({ path: rest })).toBe('inclusion');
    expect(refusal({ path: [...question.path, first] })).toBe('inclusion');
    expect(refusal({ path: [first.subarray(1), ...rest] })).toBe('inclusion');
    expect(refusal({ entry: flipped(question.entry, 20) })).toBe('inclusion');
    for (const index of [question.index - 1, -1, 0.5, Number.NaN]) expect(refusal({ index })).toBe('inclusion');
    expect(refusal({ path: questionOf(withNext('subject')).path })).toBe('inclusion');
  });

  test('an entry that is no identity', () => {
    expect(refusal(questionOf(scene, scene.submitter.index))).toBe('subject');
    expect(refusal(questionOf(scene, scene.log.blocks[0]))).toBe('malformed');
  });
});

describe('taking a ledger over is refused', () => {
  /** Two words, of which the second has a bit. */
  const wide = withNext('subject', makeScene({ lastIndex: 300 }));
  const hold = (words: Uint8Array, proof = proofOf(wide)) => codeOf(() => verifierOf(wide).hold({ proof, words }));

  test.each<readonly [string, string, (words: Uint8Array) => Uint8Array]>([
    ['without words', 'status_words', () => new Uint8Array(0)],
    ['with a word too few', 'status_words', (words) => words.subarray(32)],
    ['with a word too many', 'status_words', (words) => concat(words, new Uint8Array(32))],
    ['with a word cut off', 'status_words', (words) => words.subarray(1)],
    ['with a bit taken away or added', 'status_inclusion', (words) => flipped(words, 5)],
    [
      'with the words in another order',
      'status_inclusion',
      (words) => concat(words.subarray(32), words.subarray(0, 32)),
    ],
  ])('%s', (_, code, alter) => {
    expect(hold(wordsOf(wide))).toBe('ok');
    expect(hold(alter(wordsOf(wide)))).toBe(code);
  });

  test('with a bit in the padding, though the members signed it', () => {
    const { entries } = makeScene().log;
    const padded = naive.statusWords(257, [entries.length - 1]);
    const signed = makeScene({ block: { statusRoot: naive.root(padded.map(naive.statusLeafHash)) } });
    const proof = proofOf(signed, [], (built) => ({
      ...built,
      statusHashes: padded.map(naive.statusLeafHash),
    }));
    expect(codeOf(() => verifierOf(signed).hold({ proof, words: concat(...padded) }))).toBe('status_padding');
  });

  test('from a proof that does not verify', () => {
    const words = wordsOf(wide);
    expect(hold(words, new Uint8Array(10))).toBe('malformed');
    expect(hold(words, proofOf(scene))).toBe('status_words');
    expect(
      hold(
        words,
        proofOf(wide, undefined, (proof) => ({ ...proof, form: HISTORIC })),
      ),
    ).toBe('historic_status');
    const withoutLine = (proof: Proof): Proof => ({
      ...proof,
      checkpoint: { ...proof.checkpoint, lines: proof.checkpoint.lines.slice(0, -1) },
    });
    expect(hold(words, proofOf(wide, undefined, withoutLine))).toBe('quorum_not_met');
    const [at] = wide.log.blocks as [number];
    expect(hold(words, proofOf(wide, [...standingIndexes(wide), at]))).toBe('unused_entry');
    const stale = verifierOf(wide, { now: COSIGNED_AT + MAX_AGE + 1 });
    expect(codeOf(() => stale.hold({ proof: proofOf(wide), words }))).toBe('stale_checkpoint');
  });

  test('from a proof with any byte flipped', () => {
    const [proof, words] = [proofOf(scene), wordsOf(scene)];
    const verifier = verifierOf(scene);
    for (let at = 0; at < proof.length; at++) {
      expect(codeOf(() => verifier.hold({ proof: flipped(proof, at), words }))).not.toBe('ok');
    }
  });
});

describe('learning is refused', () => {
  const learn = (proof: Uint8Array) => codeOf(() => held(scene).learn(proof));

  test('from another size, root or log', () => {
    expect(learn(proofOf(withNext('submitter')))).toBe('inclusion');
    expect(learn(proofOf(makeScene({ subject: withPayload([7, 1]) })))).toBe('inclusion');
    const elsewhere = (proof: Proof): Proof => ({
      ...proof,
      checkpoint: { ...proof.checkpoint, origin: 'other.example' },
    });
    expect(learn(proofOf(scene, undefined, elsewhere))).toBe('origin');
  });

  test('from a HistoricStatus', () => {
    expect(learn(proofOf(scene, undefined, (proof) => ({ ...proof, form: HISTORIC })))).toBe('historic_status');
  });

  test('of an entry that the log does not hold', () => {
    const forged = (proof: Proof): Proof => ({
      ...proof,
      entries: proof.entries.map((entry, i) => (i === 0 ? { ...entry, bytes: flipped(entry.bytes, 60) } : entry)),
    });
    expect(learn(proofOf(scene, undefined, forged))).toBe('inclusion');
  });

  test('with other words than the held ones', () => {
    const other = (proof: Proof): Proof => ({
      ...proof,
      words: proof.words.map(({ index, word }) => ({ index, word: flipped(word, 0) })),
    });
    expect(learn(proofOf(scene, undefined, other))).toBe('status_inclusion');
  });

  test('of two versions of one record', () => {
    const moved = withNext('submitter');
    const proof = proofOf(moved, [moved.submitter.index, moved.subject.index + 2]);
    expect(codeOf(() => held(moved).learn(proof))).toBe('duplicate_record');
  });
});
