import { expect, test, vi } from 'vitest';
import { CODES } from '../../../src/protocol/codes.ts';
import { addSubmitterToCbor, OPERATIONS } from '../../../src/protocol/operation.ts';
import { ports } from '../../support/crypto.ts';
import { makeSubmitter } from '../../support/devices.ts';
import { ed25519Key } from '../../support/keys.ts';
import { signTransaction, TestLedger } from '../../support/ledger.ts';

test('account keys are checked for torsion, which is dear, for members alone', () => {
  const isTorsionFree = vi.fn(ports.verifier.isTorsionFree);
  const ledger = new TestLedger(1, 'members', { ...ports, verifier: { ...ports.verifier, isTorsionFree } });
  const accountKeys = Array.from({ length: 16 }, (_, i) => ed25519Key(`many ${i}`).spki);
  const body = addSubmitterToCbor({ name: 'Factory', scope: undefined, accountKeys });
  const add = (signer: Parameters<typeof signTransaction>[0]['signer']) =>
    ledger.submit(signTransaction({ signer, operation: OPERATIONS.addSubmitter, body })).code;
  expect(add(makeSubmitter('stranger'))).toBe(CODES.signer_unknown);
  expect(isTorsionFree).not.toHaveBeenCalled();
  expect(add(ledger.member)).toBe(CODES.accepted);
  expect(isTorsionFree).toHaveBeenCalledTimes(16);
});
