/**
 * The binding of a self-made certificate to its submitter. Without it a rival could register a factory's certificates first.
 * The device puts it into the certificate as an extension, or signs a claim beside the certificate.
 */
import { type Cbor, encode, isArray, isBytes, isUnsigned } from '../core/cbor.ts';
import type { Hasher } from '../core/hash.ts';

/** How a certificate row says that the certificate was bound. */
export const BINDINGS = { none: 0, extension: 1, claim: 2 } as const;
export type Binding = (typeof BINDINGS)[keyof typeof BINDINGS];

/** The 32 bytes of the binding extension. `submitterId` is the controller's id, also when that is a member. */
export const bindingHash = (networkId: Uint8Array, submitterId: Uint8Array, hasher: Hasher): Uint8Array =>
  hasher.sha256(encode(['entente/binding/v1', networkId, submitterId]));

/** What the certificate's key signs in place of the extension; `validUntil` in seconds bounds its use. */
export interface Claim {
  readonly validUntil: number;
  readonly signature: Uint8Array;
}

export const claimMessage = (subject: {
  networkId: Uint8Array;
  epoch: number;
  submitterId: Uint8Array;
  derHash: Uint8Array;
  validUntil: number;
}): Uint8Array =>
  encode([
    'entente/claim/v1',
    subject.networkId,
    subject.epoch,
    subject.submitterId,
    subject.derHash,
    subject.validUntil,
  ]);

export const claimToCbor = (claim: Claim | null): Cbor => claim && [claim.validUntil, claim.signature];

/** Null is the absent claim; undefined is no claim at all. */
export function parseClaim(value: Cbor | undefined): Claim | null | undefined {
  if (value === null) return null;
  if (!isArray(value) || value.length !== 2) return undefined;
  const [validUntil, signature] = value;
  return isUnsigned(validUntil) && isBytes(signature) ? { validUntil, signature } : undefined;
}
