/** Random histories: valid and invalid actions of a few people on a few devices, so that they meet. */
import { makeDevice, makeSubmitter } from './devices.ts';
import { ed25519Key, p256Key } from './keys.ts';
import type { Account, TestLedger } from './ledger.ts';
import { type Action, FAULTS } from './model.ts';
import type { Random } from './random.ts';

const REASONS = [0, 1, 2, 3, 4, 5, 9, 10];

/** The people and devices of every history. */
const SUBMITTERS = [
  makeSubmitter('one'),
  makeSubmitter('two', p256Key),
  makeSubmitter('three'),
  makeSubmitter('never added'),
];
const DEVICES = Array.from({ length: 12 }, (_, i) => {
  const boundTo = SUBMITTERS[i % 3] as Account;
  const key = (i % 2 === 0 ? p256Key : ed25519Key)(`history device ${i % 8}`);
  // Some keys have two certificates, bound to different submitters.
  return { ...makeDevice(`${i}`, boundTo.recordId, { key }), boundTo };
});

export function randomAction(random: Random, ledger: TestLedger): Action {
  const signers: readonly Account[] = [...ledger.members, ...SUBMITTERS];
  const fault = random.oneIn(8) ? random.pick(FAULTS) : undefined;
  const kind = random.below(10);
  if (kind < 2)
    return { kind: 'add', fault, signer: random.pick(signers), submitter: random.pick(SUBMITTERS.slice(0, 3)) };
  const device = random.pick(DEVICES);
  if (kind < 7) {
    const signer = random.oneIn(6) ? random.pick(signers) : device.boundTo;
    return { kind: 'register', fault, signer, devices: [device, ...random.some(DEVICES, 5)] };
  }
  const signer = random.oneIn(2) ? random.pick(signers) : device.boundTo;
  return { kind: 'end', fault, signer, device, version: random.oneIn(6) ? 2 : 1, reason: random.pick(REASONS) };
}
