import { describe, expect, test } from 'vitest';
import { createVerifier, VerificationError } from '../../sdk/src/index.ts';
import { encodeProof } from '../../src/tlog/proof.ts';
import { ORIGIN, policyText } from '../support/members.ts';
import { binaryProof, buildProof, logRoot, type ProofRequest, textProof } from '../support/proof-builder.ts';
import { flipped, Random } from '../support/random.ts';
import { COSIGNED_AT, MAX_AGE, makeScene, NOW, quorumLines, type Scene, standingIndexes } from '../support/scene.ts';

const same = <T>(value: T): T => value;
const scene: Scene = makeScene({ lastIndex: 300, anchors: [same] });
const verifier = createVerifier({
  policy: policyText(scene.members),
  maxAgeSeconds: MAX_AGE,
  clock: () => NOW,
});

const { entries } = scene.log;
const checkpoint = { origin: ORIGIN, size: entries.length, root: logRoot(entries) };
const request: ProofRequest = {
  entries,
  checkpoint: { ...checkpoint, lines: quorumLines(scene.members, checkpoint, COSIGNED_AT) },
  wanted: standingIndexes(scene),
};
const binary = binaryProof(request);
const text = textProof(request);

/** The verifier's code; undefined when it accepts. */
function refusal(proof: Uint8Array, certificate: Uint8Array): string | undefined {
  try {
    verifier.verifyCertificate({ proof, certificate });
    return undefined;
  } catch (error) {
    if (error instanceof VerificationError) return error.code;
    throw error;
  }
}

/** Offsets at which a changed byte was accepted. Every byte is tried, with one bit that the seed picks and with all bits. */
function acceptedOffsets(bytes: Uint8Array, judge: (changed: Uint8Array) => string | undefined): number[] {
  const random = new Random('flip');
  const offsets: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const inverted = bytes.slice();
    inverted[at] = (inverted[at] as number) ^ 0xff;
    const isRefused = [flipped(bytes, at, random.below(8)), inverted].every((changed) => judge(changed) !== undefined);
    if (!isRefused) offsets.push(at);
  }
  return offsets;
}

describe('any flipped byte is refused', () => {
  test('in no byte is nothing wrong', () => {
    expect(refusal(binary, scene.der)).toBeUndefined();
    expect(refusal(text, scene.der)).toBeUndefined();
  });

  /**
   * A line is known by name and key id; with one of them changed it is a stranger's and ignored. With exactly a quorum of lines
   * the proof then lacks one.
   */
  test('of a binary proof', () => {
    expect(acceptedOffsets(binary, (changed) => refusal(changed, scene.der))).toEqual([]);
  });

  test('of a proof in text form, its note included', () => {
    expect(acceptedOffsets(text, (changed) => refusal(changed, scene.der))).toEqual([]);
  });

  test('of the certificate', () => {
    expect(acceptedOffsets(scene.der, (changed) => refusal(binary, changed))).toEqual([]);
  });

  test('of an entry', () => {
    const proof = buildProof(request);
    for (const [i, entry] of proof.entries.entries()) {
      const accepted = acceptedOffsets(entry.bytes, (bytes) =>
        refusal(encodeProof({ ...proof, entries: proof.entries.with(i, { ...entry, bytes }) }), scene.der),
      );
      expect(accepted).toEqual([]);
    }
  });

  test('and every proper beginning, and one byte more', () => {
    for (let length = 0; length < binary.length; length++)
      expect(refusal(binary.subarray(0, length), scene.der)).toBeDefined();
    for (let length = 0; length < text.length; length++)
      expect(refusal(text.subarray(0, length), scene.der)).toBeDefined();
    for (const bytes of [binary, text]) expect(refusal(Uint8Array.of(...bytes, 0), scene.der)).toBeDefined();
  });
});
