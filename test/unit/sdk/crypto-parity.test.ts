import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { createVerifier, VerificationError } from '../../../sdk/src/index.ts';
import { portableCrypto } from '../../../src/runtime/crypto.ts';
import { cosignatureLine, cosignedSubtreeMessage } from '../../../src/tlog/cosignature.ts';
import { createVerifierKey, formatVerifierKey, SIGNATURE_TYPES } from '../../../src/tlog/note.ts';
import { judgeProof } from '../../harness/proof.ts';
import { ports } from '../../support/crypto.ts';
import { cosignerName, ORIGIN, signAsLog, type TestMember } from '../../support/members.ts';
import { binaryProof, logRoot } from '../../support/proof-builder.ts';
import { flipped } from '../../support/random.ts';
import { COSIGNED_AT, makeScene, NOW, standingIndexes } from '../../support/scene.ts';
import { loadMutations } from '../../support/vectors.ts';

test('plain JavaScript gives the same verdict as node:crypto on every mutation', () => {
  const disagreements = loadMutations().filter((vector) => {
    const expected = vector.expect === 'ok' ? 'ok' : `error ${vector.expect}`;
    return judgeProof(vector, portableCrypto) !== expected;
  });
  expect(disagreements.map(({ name }) => name)).toEqual([]);
}, 180_000);

test('a quorum may cosign with ML-DSA-44, signed here by OpenSSL', () => {
  const scene = makeScene({ memberCount: 1 });
  const [member] = scene.members as readonly [TestMember];
  const { publicKey, privateKey } = generateKeyPairSync('ml-dsa-44');
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })).slice(-1312);
  const key = createVerifierKey(cosignerName(member.recordId), SIGNATURE_TYPES.mlDsa44Cosignature, raw, ports.hasher);
  const policy = `log ${formatVerifierKey(member.logKey)}\nwitness pq ${formatVerifierKey(key)}\nquorum pq\n`;
  const { entries } = scene.log;
  const checkpoint = { origin: ORIGIN, size: entries.length, root: logRoot(entries) };
  const time = BigInt(COSIGNED_AT);
  const signature = new Uint8Array(sign(null, cosignedSubtreeMessage(checkpoint, key.name, time), privateKey));

  for (const crypto of [undefined, portableCrypto]) {
    const verifier = createVerifier({ policy, clock: () => NOW, ...(crypto && { crypto }) });
    const verify = (changed: Uint8Array) => {
      const lines = [signAsLog(member, checkpoint), cosignatureLine(key, time, changed)];
      const proof = binaryProof({ entries, checkpoint: { ...checkpoint, lines }, wanted: standingIndexes(scene) });
      return verifier.verifyCertificate({ proof, certificate: scene.der });
    };
    expect(verify(signature).checkpointTime).toBe(COSIGNED_AT);
    for (const at of [0, 1000, 2419]) expect(() => verify(flipped(signature, at))).toThrow(VerificationError);
  }
});
