/** Mistakes of those who call the SDK, and what it tells them. */
import { describe, expect, it } from 'vitest';
import { createVerifier, LedgerClient } from '../../../sdk/src/index.ts';
import { fromUtf8, toHex } from '../../../src/core/bytes.ts';
import { STATES } from '../../../src/protocol/record.ts';
import { encodeProof } from '../../../src/tlog/proof.ts';
import { ORIGIN, policyText } from '../../support/members.ts';
import { buildProof, logRoot } from '../../support/proof-builder.ts';
import {
  blockTime,
  COSIGNED_AT,
  MAX_AGE,
  makeScene,
  NOW,
  quorumLines,
  type Scene,
  standingIndexes,
} from '../../support/scene.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n';

const verifierOf = (scene: Scene) =>
  createVerifier({ policy: policyText(scene.members), maxAgeSeconds: MAX_AGE, clock: () => NOW });

describe('a verifier', () => {
  const verifier = verifierOf(makeScene());
  const der = Uint8Array.of(0x30, 0);

  it('wants the proof as bytes', () => {
    const question = { proof: 'c2sp.org/tlog-proof@v1' as unknown as Uint8Array, certificate: der };
    const message = 'proof is bytes: read the file without an encoding';
    expect(() => verifier.verifyCertificate(question)).toThrow(new TypeError(message));
    expect(() => verifier.verifyHistoric(question, { height: 1 })).toThrow(new TypeError(message));
  });

  it.each([
    ['PEM text', PEM],
    ['a list of certificates', [der]],
    ['nothing', undefined],
  ])('wants the certificate as DER, not %s', (_, certificate) => {
    const question = { proof: new Uint8Array(0), certificate: certificate as unknown as Uint8Array };
    expect(() => verifier.verifyCertificate(question)).toThrow(TypeError);
    expect(() => verifier.verifyCertificate(question)).toThrow('certificate is DER bytes: use decodePem');
  });

  it('refuses PEM bytes, which a peer may send, as it refuses any other certificate', () => {
    const question = { proof: new Uint8Array(0), certificate: fromUtf8(PEM) };
    expect(() => verifier.verifyCertificate(question)).toThrow(
      expect.objectContaining({ name: 'VerificationError', code: 'certificate_profile' }),
    );
  });
});

describe('a proof of an identity that does not stand', () => {
  it.each([
    ['revoked', STATES.ended],
    ['suspended', STATES.suspended],
  ])('names the identity that is %s', (standing, state) => {
    const scene = makeScene();
    const index = scene.log.addVersion(scene.subject, { state });
    scene.log.close(blockTime(3));
    const { entries } = scene.log;
    const unsigned = { origin: ORIGIN, size: entries.length, root: logRoot(entries) };
    const checkpoint = { ...unsigned, lines: quorumLines(scene.members, unsigned, COSIGNED_AT) };
    const wanted = standingIndexes(scene).map((each) => (each === scene.subject.index ? index : each));
    const proof = encodeProof(buildProof({ entries, checkpoint, wanted }));
    const id = toHex(scene.subject.record.recordId);
    expect(() => verifierOf(scene).verifyCertificate({ proof, certificate: scene.der })).toThrow(
      `the identity ${id} of this proof is ${standing}; check that the proof belongs to this certificate`,
    );
  });
});

describe('a client', () => {
  it.each(['', 'node.example', 'localhost:8080', 'ftp://node.example', 'file:///node'])('refuses "%s"', (url) => {
    expect(() => new LedgerClient(url)).toThrow(new TypeError(`${url} is no http:// or https:// URL`));
  });

  it.each([
    ['unknown scheme', false],
    ['bad port', false],
    ['other side closed', true],
  ])('after "%s" says whether to ask again: %s', async (message, retryable) => {
    const fetch = () => Promise.reject(new TypeError('fetch failed', { cause: new Error(message) }));
    const answer = new LedgerClient(new URL('http://node.example/'), { fetch }).network();
    await expect(answer).rejects.toMatchObject({ code: 'unreachable', retryable });
  });
});
