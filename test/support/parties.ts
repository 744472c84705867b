/** A factory and its rival under two members, and their words about devices. */
import { codeName } from '../../src/protocol/codes.ts';
import { addSubmitter, type Device, makeClaim, makeDevice, makeSubmitter, type register } from './devices.ts';
import { p256Key } from './keys.ts';
import { type Account, type Answer, GENESIS_TIME, TestLedger } from './ledger.ts';

export interface Parties {
  readonly ledger: TestLedger;
  readonly factory: Account;
  readonly rival: Account;
  /** Above the factory. */
  readonly member: Account;
  /** Above the rival. */
  readonly otherMember: Account;
}

export function makeParties(): Parties {
  const ledger = new TestLedger(2);
  const [factory, rival] = [makeSubmitter('factory', p256Key), makeSubmitter('rival')];
  const [member, otherMember] = ledger.members as readonly Account[] as [Account, Account];
  ledger.submit(addSubmitter(member, factory));
  ledger.submit(addSubmitter(otherMember, rival));
  return { ledger, factory, rival, member, otherMember };
}

export const itemNames = ({ items }: Answer): (string | undefined)[] => items.map(({ code }) => codeName(code));

/** The code of the transaction, then those of its items. */
export const codeNames = (answer: Answer): (string | undefined)[] => [codeName(answer.code), ...itemNames(answer)];

/** A device without the extension: it signs claims. */
export const bareDevice = (seed: string, key = p256Key(`bare ${seed}`)): Device =>
  makeDevice(seed, new Uint8Array(32), { key, binding: null });

type Claimed = Parameters<typeof register>[1][number];

export const claimed = (device: Device, submitter: Account, validUntil = GENESIS_TIME + 900): Required<Claimed> => ({
  der: device.der,
  claim: makeClaim(device, { submitterId: submitter.recordId, validUntil }),
});
