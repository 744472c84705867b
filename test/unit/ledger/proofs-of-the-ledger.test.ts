import { describe, expect, test } from 'vitest';
import { createVerifier, VerificationError, type Verifier } from '../../../sdk/src/index.ts';
import { InvariantError } from '../../../src/core/outcome.ts';
import { applyBlock } from '../../../src/ledger/apply-block.ts';
import { LoadedView } from '../../../src/ledger/view.ts';
import { ports } from '../../support/crypto.ts';
import { addSubmitter, type Device, endIdentity, makeDevice, makeSubmitter, register } from '../../support/devices.ts';
import { TestLedger } from '../../support/ledger.ts';
import { policyText } from '../../support/members.ts';
import { binaryProof, textProof } from '../../support/proof-builder.ts';

const factory = makeSubmitter('factory');

function begin(memberCount: number): { ledger: TestLedger; verifier: Verifier; devices: readonly Device[] } {
  const ledger = new TestLedger(memberCount);
  const verifier = createVerifier({ policy: policyText(ledger.members), clock: () => ledger.state.time + 5 });
  ledger.submit(addSubmitter(ledger.member, factory));
  const devices = Array.from({ length: 9 }, (_, i) => makeDevice(`proven ${i}`, factory.recordId));
  for (let i = 0; i < 9; i += 3) ledger.submit(register(factory, devices.slice(i, i + 3)));
  return { ledger, verifier, devices };
}

const codeOf = (check: () => unknown): string | undefined => {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof VerificationError) return error.code;
    throw error;
  }
};

describe.each([1, 4])('a ledger of %i members', (memberCount) => {
  test('proves every device that it registered, in both forms of the proof', () => {
    const { ledger, verifier, devices } = begin(memberCount);
    for (const device of devices) {
      const request = ledger.proofRequest(device.recordId);
      for (const proof of [binaryProof(request), textProof(request)]) {
        const standing = verifier.verifyCertificate({ proof, certificate: device.der, recordId: device.recordId });
        expect(standing).toMatchObject({
          recordId: device.recordId,
          index: ledger.record(device.recordId)?.index,
          size: ledger.entries.length,
          height: ledger.state.height,
          checkpointTime: ledger.state.time,
          ageSeconds: 5,
          subjectKind: 1,
        });
        expect(standing.authorities.map(({ recordId }) => recordId)).toEqual([
          factory.recordId,
          ledger.member.recordId,
        ]);
      }
    }
  });

  test('proves a revoked device to nobody, by its old entry or its new one', () => {
    const { ledger, verifier, devices } = begin(memberCount);
    const [revoked, other] = devices as readonly [Device, Device];
    const before = ledger.proofRequest(revoked.recordId);
    const old = binaryProof(before);
    ledger.submit(endIdentity(ledger.member, revoked.recordId));
    const checkpoint = ledger.checkpoint();
    const question = { certificate: revoked.der };
    expect(codeOf(() => verifier.verifyCertificate({ ...question, proof: ledger.proof(revoked.recordId) }))).toBe(
      'state',
    );
    const oldEntry = binaryProof({ ...before, entries: ledger.entries, checkpoint });
    expect(codeOf(() => verifier.verifyCertificate({ ...question, proof: oldEntry }))).toBe('superseded');
    // The proof from before the revocation counts until it is too old.
    expect(codeOf(() => verifier.verifyCertificate({ ...question, proof: old }))).toBeUndefined();
    ledger.block([register(factory, [makeDevice('later', factory.recordId)])], ledger.state.time + 400);
    expect(codeOf(() => verifier.verifyCertificate({ ...question, proof: old }))).toBe('stale_checkpoint');
    expect(
      codeOf(() => verifier.verifyCertificate({ certificate: other.der, proof: ledger.proof(other.recordId) })),
    ).toBeUndefined();
  });

  test('proves nothing with fewer cosignatures than the policy asks', () => {
    const { ledger, verifier, devices } = begin(memberCount);
    const [device] = devices as readonly [Device];
    const signers = ledger.members.slice(0, Math.floor((2 * memberCount) / 3));
    const proof = ledger.proof(device.recordId, ledger.checkpoint(signers));
    expect(codeOf(() => verifier.verifyCertificate({ proof, certificate: device.der }))).toBe(
      memberCount === 1 ? 'log_line' : 'quorum_not_met',
    );
  });
});

describe('applying a block', () => {
  const apply = (height: number, time: number): unknown => {
    const { state } = new TestLedger();
    const block = { height: state.height + height, time: state.time + time, transactions: [] };
    return applyBlock(state, new LoadedView(new Map(), new Map()), block, ports);
  };

  test('asserts heights without gaps and a time that does not go back', () => {
    expect(apply(1, 0)).toEqual({ results: [], append: null });
    expect(() => apply(2, 0)).toThrow(InvariantError);
    expect(() => apply(0, 0)).toThrow(InvariantError);
    expect(() => apply(1, -1)).toThrow(InvariantError);
  });

  test('asserts that a contract reads only what it names', () => {
    expect(() => new LoadedView(new Map(), new Map()).record(factory.recordId)).toThrow(InvariantError);
    const name = { tbsHash: factory.recordId, spkiHash: factory.recordId };
    expect(() => new LoadedView(new Map(), new Map()).certificate(name)).toThrow(InvariantError);
  });
});
