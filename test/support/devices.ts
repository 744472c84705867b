/** Devices, submitters and the transactions about them. */
import type { Cbor } from '../../src/core/cbor.ts';
import { bindingHash, type Claim, claimMessage } from '../../src/protocol/binding.ts';
import { identityId, submitterId } from '../../src/protocol/id.ts';
import { REASONS, SUBJECT_KINDS } from '../../src/protocol/identity.ts';
import {
  addSubmitterToCbor,
  endIdentityToCbor,
  OPERATIONS,
  type RegistrationItem,
  registrationToCbor,
} from '../../src/protocol/operation.ts';
import type { Scope } from '../../src/protocol/scope.ts';
import { type CertificateOptions, makeCertificate } from './certificate.ts';
import { ports } from './crypto.ts';
import { ed25519Key, p256Key, type TestKey } from './keys.ts';
import { type Account, type Signing, signTransaction } from './ledger.ts';
import { NETWORK_ID } from './members.ts';

export interface Device {
  readonly key: TestKey;
  readonly der: Uint8Array;
  readonly recordId: Uint8Array;
}

/** A device whose certificate is bound to the submitter by the extension. */
export function makeDevice(seed: string, boundTo: Uint8Array, options: Partial<CertificateOptions> = {}): Device {
  const key = options.key ?? p256Key(`device ${seed}`);
  const binding = bindingHash(NETWORK_ID, boundTo, ports.hasher);
  const der = makeCertificate({ key, commonName: `device ${seed}`, binding, ...options });
  return { key, der, recordId: identityId(NETWORK_ID, options.spki ?? key.spki, ports.hasher) };
}

export function makeSubmitter(seed: string, makeKey: (seed: string) => TestKey = ed25519Key): Account {
  const key = makeKey(`submitter ${seed}`);
  return { key, recordId: submitterId(NETWORK_ID, key.spki, ports.hasher) };
}

type Header = Signing['header'];
const withHeader = (header: Header | undefined): Pick<Signing, 'header'> => (header === undefined ? {} : { header });

export function addSubmitter(
  member: Account,
  submitter: Account,
  options: { scope?: Scope; header?: Header } = {},
): Uint8Array {
  const body = addSubmitterToCbor({ name: 'Factory', scope: options.scope, accountKeys: [submitter.key.spki] });
  return signTransaction({ signer: member, operation: OPERATIONS.addSubmitter, body, ...withHeader(options.header) });
}

export interface RegisterOptions {
  readonly subjectKind?: number;
  readonly header?: Header;
  readonly alterSignature?: (signature: Uint8Array) => Uint8Array;
}

export const registrationBody = (
  items: readonly RegistrationItem[],
  subjectKind: number = SUBJECT_KINDS.device,
): Cbor => registrationToCbor({ subjectKind, issuerId: null, intermediateIds: [], items });

export function register(
  signer: Account,
  items: readonly (Pick<Device, 'der'> & { readonly claim?: Claim })[],
  options: RegisterOptions = {},
): Uint8Array {
  const body = registrationBody(
    items.map(({ der, claim }) => ({ der, claim: claim ?? null })),
    options.subjectKind,
  );
  const { alterSignature } = options;
  return signTransaction({
    signer,
    operation: OPERATIONS.register,
    body,
    ...withHeader(options.header),
    ...(alterSignature && { alterSignature }),
  });
}

export interface EndOptions {
  readonly reason?: number;
  readonly version?: number;
  readonly header?: Header;
}

export function endIdentity(signer: Account, recordId: Uint8Array, options: EndOptions = {}): Uint8Array {
  const body = endIdentityToCbor({ recordId, reason: options.reason ?? REASONS.keyCompromise, evidenceDigest: null });
  const header = { expectedVersion: options.version ?? 1, ...options.header };
  return signTransaction({ signer, operation: OPERATIONS.endIdentity, body, header });
}

/** What the certificate's key signs where the certificate has no binding extension. */
export function makeClaim(
  { key, der }: Pick<Device, 'key' | 'der'>,
  claimed: {
    readonly submitterId: Uint8Array;
    readonly validUntil: number;
    readonly epoch?: number;
    readonly networkId?: Uint8Array;
  },
): Claim {
  const { networkId = NETWORK_ID, epoch = 0, validUntil } = claimed;
  const derHash = ports.hasher.sha256(der);
  const message = claimMessage({ networkId, epoch, submitterId: claimed.submitterId, derHash, validUntil });
  return { validUntil, signature: key.sign(message) };
}
