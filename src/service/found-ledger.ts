/** Founds a ledger with one member: its genesis document, and the policy by which others verify it. */
import { toBase32 } from '../core/bytes.ts';
import type { Hasher } from '../core/hash.ts';
import { type Genesis, networkPayload } from '../protocol/genesis.ts';
import { memberId } from '../protocol/id.ts';
import { KEY_ROLES, memberPayload } from '../protocol/member.ts';
import { KINDS } from '../protocol/record.ts';
import { createVerifierKey, formatVerifierKey, SIGNATURE_TYPES, type VerifierKey } from '../tlog/note.ts';

export interface Founding {
  /** 32 random bytes. */
  readonly networkId: Uint8Array;
  readonly origin: string;
  readonly name: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly member: {
    readonly name: string;
    /** A DER SubjectPublicKeyInfo. */
    readonly accountKey: Uint8Array;
    /** Ed25519 keys, 32 bytes each, all different. */
    readonly validatorKey: Uint8Array;
    readonly logKey: Uint8Array;
    readonly cosignerKey: Uint8Array;
  };
}

export interface Founded {
  readonly genesis: Genesis;
  readonly memberId: Uint8Array;
  /** A tlog-policy file. */
  readonly policy: string;
}

export function foundLedger({ networkId, origin, name, time, member }: Founding, hasher: Hasher): Founded {
  const id = memberId(networkId, member.accountKey, hasher);
  const open = { fromHeight: 0, untilHeight: null };
  const payload = memberPayload({
    name: member.name,
    scope: undefined,
    accountKeys: [member.accountKey],
    keys: [
      { role: KEY_ROLES.validator, key: member.validatorKey, ...open },
      { role: KEY_ROLES.log, key: member.logKey, ...open },
      { role: KEY_ROLES.cosigner, key: member.cosignerKey, ...open },
    ],
  });
  const network = networkPayload({ networkId, origin, epoch: 0, name });
  return {
    genesis: {
      networkId,
      origin,
      time,
      records: [
        { kind: KINDS.network, recordId: networkId, payload: network },
        { kind: KINDS.member, recordId: id, payload },
      ],
    },
    memberId: id,
    policy: soloPolicy(
      createVerifierKey(origin, SIGNATURE_TYPES.ed25519, member.logKey, hasher),
      createVerifierKey(cosignerName(origin, id), SIGNATURE_TYPES.ed25519Cosignature, member.cosignerKey, hasher),
    ),
  };
}

/** The name of a member's cosigner keys. */
export const cosignerName = (origin: string, member: Uint8Array): string => `${origin}/m/${toBase32(member)}`;

const soloPolicy = (log: VerifierKey, witness: VerifierKey): string =>
  [
    '# Which ledger to trust, and whose word for it (C2SP tlog-policy).',
    `log ${formatVerifierKey(log)}`,
    `witness member-1 ${formatVerifierKey(witness)}`,
    'group members 1 member-1',
    'quorum members',
    '',
  ].join('\n');
