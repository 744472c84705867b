/** Members with keys in every role, their policy, and checkpoints that they cosign. */
import { compare, toBase32 } from '../../src/core/bytes.ts';
import type { CborMap } from '../../src/core/cbor.ts';
import { memberId } from '../../src/protocol/id.ts';
import { KEY_ROLES, memberPayload } from '../../src/protocol/member.ts';
import { type Checkpoint, checkpointText, type SignedCheckpoint } from '../../src/tlog/checkpoint.ts';
import { cosignatureLine, cosignedMessage, logLine } from '../../src/tlog/cosignature.ts';
import {
  createVerifierKey,
  formatVerifierKey,
  SIGNATURE_TYPES,
  type SignatureLine,
  type VerifierKey,
} from '../../src/tlog/note.ts';
import { hashOf, ports } from './crypto.ts';
import { ed25519Key, p256Key, type TestKey } from './keys.ts';

export const ORIGIN = 'ledger.example/test';
export const NETWORK_ID = hashOf('the network of the tests');

export interface TestMember {
  readonly name: string;
  readonly recordId: Uint8Array;
  readonly key: TestKey;
  readonly log: TestKey;
  readonly cosigner: TestKey;
  readonly validator: TestKey;
  readonly logKey: VerifierKey;
  readonly cosignerKey: VerifierKey;
  readonly payload: CborMap;
}

/** Members in the order of their ids. Every second one signs with P-256. */
export function makeMembers(count: number, seed = 'members', origin = ORIGIN): TestMember[] {
  return Array.from({ length: count }, (_, i) =>
    makeMember(`${seed} ${i}`, i % 2 === 0 ? ed25519Key : p256Key, origin),
  ).sort((a, b) => compare(a.recordId, b.recordId));
}

function makeMember(name: string, makeKey: (seed: string) => TestKey, origin: string): TestMember {
  const key = makeKey(`${name} account`);
  const log = ed25519Key(`${name} log`);
  const cosigner = ed25519Key(`${name} cosigner`);
  const validator = ed25519Key(`${name} validator`);
  const recordId = memberId(NETWORK_ID, key.spki, ports.hasher);
  const keys = [
    { role: KEY_ROLES.validator, key: validator.raw, fromHeight: 0, untilHeight: null },
    { role: KEY_ROLES.log, key: log.raw, fromHeight: 0, untilHeight: null },
    { role: KEY_ROLES.cosigner, key: cosigner.raw, fromHeight: 0, untilHeight: null },
  ];
  return {
    name,
    recordId,
    key,
    log,
    cosigner,
    validator,
    logKey: createVerifierKey(origin, SIGNATURE_TYPES.ed25519, log.raw, ports.hasher),
    cosignerKey: createVerifierKey(
      cosignerName(recordId, origin),
      SIGNATURE_TYPES.ed25519Cosignature,
      cosigner.raw,
      ports.hasher,
    ),
    payload: memberPayload({ name, scope: undefined, accountKeys: [key.spki], keys }),
  };
}

export const cosignerName = (recordId: Uint8Array, origin = ORIGIN): string => `${origin}/m/${toBase32(recordId)}`;

/** More than two thirds of the members. */
export const quorumOf = (count: number): number => Math.floor((2 * count) / 3) + 1;

export function policyText(members: readonly TestMember[], threshold = quorumOf(members.length)): string {
  const names = members.map((_, i) => `w${i}`);
  return [
    ...members.map(({ logKey }) => `log ${formatVerifierKey(logKey)}`),
    ...members.map(({ cosignerKey }, i) => `witness w${i} ${formatVerifierKey(cosignerKey)}`),
    `group members ${threshold} ${names.join(' ')}`,
    'quorum members',
    '',
  ].join('\n');
}

export const signAsLog = (member: TestMember, checkpoint: Checkpoint): SignatureLine =>
  logLine(member.logKey, member.log.sign(new TextEncoder().encode(checkpointText(checkpoint))));

export const cosign = (member: TestMember, checkpoint: Checkpoint, time: bigint): SignatureLine =>
  cosignatureLine(member.cosignerKey, time, member.cosigner.sign(cosignedMessage(checkpoint, time)));

/** One log line and one cosignature of each of the signers. */
export function signCheckpoint(checkpoint: Checkpoint, signers: readonly TestMember[], time: number): SignedCheckpoint {
  const log = signers[0] === undefined ? [] : [signAsLog(signers[0], checkpoint)];
  return { ...checkpoint, lines: [...log, ...signers.map((member) => cosign(member, checkpoint, BigInt(time)))] };
}
