/** Operation 17: a submitter registers new devices by their self-made certificates, each item judged alone. */
import { equal } from '../../../core/bytes.ts';
import { accept, type Outcome, refuse } from '../../../core/outcome.ts';
import { BINDINGS, type Binding, bindingHash, type Claim, claimMessage } from '../../../protocol/binding.ts';
import { CODES, type Code } from '../../../protocol/codes.ts';
import { identityId } from '../../../protocol/id.ts';
import {
  type CertificateRow,
  newIdentityPayload,
  POSSESSION,
  parseIdentity,
  SUBJECT_KINDS,
} from '../../../protocol/identity.ts';
import { type ItemResult, OPERATIONS, parseRegistration, type RegistrationItem } from '../../../protocol/operation.ts';
import { KINDS, STATES } from '../../../protocol/record.ts';
import { isWithinScope } from '../../../protocol/scope.ts';
import type { Located } from '../../../protocol/standing.ts';
import { type Certificate, parseCertificate } from '../../../x509/certificate.ts';
import type { VerifiableKey } from '../../../x509/public-key.ts';
import { checkSelfSigned, type SelfSignedReason } from '../../../x509/self-signed.ts';
import { type Contract, type ContractContext, itemOf } from '../../contract.ts';
import type { LedgerPorts } from '../../ports.ts';
import { verifyMessage } from '../../signature.ts';

/** Clocks on production lines run ahead, and block time lags behind after idling. */
const NOT_BEFORE_AHEAD_SECONDS_MAX = 600;

const KNOWN_SUBJECT_KINDS: ReadonlySet<number> = new Set(Object.values(SUBJECT_KINDS));

/** An item with all that follows from its bytes alone. */
interface Device {
  readonly certificate: Certificate;
  readonly claim: Claim | null;
  readonly derHash: Uint8Array;
  readonly tbsHash: Uint8Array;
  readonly spkiHash: Uint8Array;
  readonly recordId: Uint8Array;
}

export const register: Contract = {
  operation: OPERATIONS.register,
  prepare({ header, body }, network, ports) {
    if (header.expectedVersion !== null) return refuse(CODES.expected_version_not_expected);
    const parsed = parseRegistration(body);
    if (!parsed.ok) return parsed;
    const { subjectKind, issuerId, intermediateIds, items } = parsed.value;
    if (issuerId !== null || intermediateIds.length > 0) return refuse(CODES.issuer_not_supported);
    if (!KNOWN_SUBJECT_KINDS.has(subjectKind)) return refuse(CODES.subject_kind_invalid);
    const devices = items.map((item) => readDevice(item, network.networkId, ports));
    const readable = devices.flatMap((device) => (device.ok ? [device.value] : []));
    return accept({
      touched: { recordIds: readable.map(({ recordId }) => recordId), certificates: readable },
      apply: (context) => ({
        code: CODES.accepted,
        items: devices.map((device) =>
          device.ok ? registerDevice(device.value, subjectKind, context) : itemOf(device.code, undefined),
        ),
      }),
    });
  },
};

function readDevice(
  { der, claim }: RegistrationItem,
  networkId: Uint8Array,
  { hasher }: LedgerPorts,
): Outcome<Device, Code> {
  const parsed = parseCertificate(der);
  if (!parsed.ok) return refuse(CODES.certificate_malformed);
  const certificate = parsed.value;
  return accept({
    certificate,
    claim,
    derHash: hasher.sha256(der),
    tbsHash: hasher.sha256(certificate.tbs),
    spkiHash: hasher.sha256(certificate.spki),
    recordId: identityId(networkId, certificate.spki, hasher),
  });
}

/** The checks in the order of their cost; the signature, which costs most, is the last. */
function registerDevice(device: Device, subjectKind: number, context: ContractContext): ItemResult {
  const { draft, standing, blockTime, ports } = context;
  const { certificate } = device;
  const binding = checkBinding(device, context);
  if (!binding.ok) return itemOf(binding.code, undefined);
  if (certificate.notBefore > blockTime + NOT_BEFORE_AHEAD_SECONDS_MAX)
    return itemOf(CODES.certificate_not_yet_valid, undefined);
  if (certificate.notAfter < blockTime) return itemOf(CODES.certificate_expired, undefined);
  if (!standing.scopes.every((scope) => isWithinScope(scope, subjectKind, certificate)))
    return itemOf(CODES.out_of_scope, undefined);
  const known = judgeKnown(device, context);
  if (known !== undefined) return known;
  const selfSigned = checkSelfSigned(certificate, ports.verifier);
  if (!selfSigned.ok) return itemOf(SELF_SIGNED_CODES[selfSigned.code], undefined);

  const row: CertificateRow = {
    derHash: device.derHash,
    tbsHash: device.tbsHash,
    spkiHash: device.spkiHash,
    issuerSerialHash: null,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    issuerId: null,
    since: null,
    possession: POSSESSION.selfSigned,
    binding: binding.value,
  };
  const added = draft.append({
    kind: KINDS.identity,
    recordId: device.recordId,
    version: 1,
    supersedes: null,
    first: null,
    state: STATES.active,
    authorityIds: [context.signer.record.recordId],
    payload: newIdentityPayload(subjectKind, [row]),
  });
  if (added === undefined) return itemOf(CODES.entry_too_large, undefined);
  const { derHash, tbsHash, spkiHash, recordId } = device;
  draft.addCertificate({ derHash, tbsHash, spkiHash, recordId, index: added.index }, certificate.der);
  return itemOf(CODES.accepted, added);
}

/** Without a binding a rival could register a factory's certificates first. */
function checkBinding(device: Device, { network, signer, blockTime, ports }: ContractContext): Outcome<Binding, Code> {
  const { certificate, claim, derHash } = device;
  const submitterId = signer.record.recordId;
  if (certificate.binding !== null) {
    const isBound = equal(certificate.binding, bindingHash(network.networkId, submitterId, ports.hasher));
    return isBound ? accept(BINDINGS.extension) : refuse(CODES.binding_mismatch);
  }
  if (claim === null) return refuse(CODES.binding_missing);
  if (claim.validUntil < blockTime) return refuse(CODES.claim_expired);
  const { networkId, epoch } = network;
  const message = claimMessage({ networkId, epoch, submitterId, derHash, validUntil: claim.validUntil });
  const key = admittedKey(certificate, ports);
  if (key === undefined) return refuse(CODES.key_not_admitted);
  return verifyMessage(key, message, claim.signature, ports.verifier)
    ? accept(BINDINGS.claim)
    : refuse(CODES.bad_claim_signature);
}

/** Signature checks agree among implementations for keys without torsion only, so that comes first. */
function admittedKey({ publicKey }: Certificate, { verifier }: LedgerPorts): VerifiableKey | undefined {
  if (publicKey.kind === 'other') return undefined;
  return publicKey.kind === 'p256' || verifier.isTorsionFree(publicKey.key) ? publicKey : undefined;
}

/** The answer for a certificate or key that the ledger has seen before, in this block or an earlier one; undefined for a new one. */
function judgeKnown(device: Device, { draft, signer }: ContractContext): ItemResult | undefined {
  const identity = draft.record(device.recordId);
  if (identity === undefined) return undefined;
  const known = draft.certificate(device);
  if (known === undefined) return itemOf(EXISTING_CODES[identity.record.state], identity);
  if (!isController(identity, signer)) return itemOf(CODES.registered_by_other, undefined);
  if (!equal(known.derHash, device.derHash)) return itemOf(CODES.twin_signature, identity);
  const rows = parseIdentity(identity.record.payload)?.certificates ?? [];
  const isLive = identity.record.state !== STATES.ended && rows.some((row) => equal(row.derHash, device.derHash));
  if (!isLive) return itemOf(CODES.certificate_revoked, identity);
  // The same again by the same submitter: a resent batch gets the answer that the first one got.
  return itemOf(identity.record.state === STATES.active ? CODES.accepted : CODES.identity_suspended, identity);
}

const isController = (identity: Located, signer: Located): boolean =>
  identity.record.authorityIds.some((id) => equal(id, signer.record.recordId));

const EXISTING_CODES = {
  [STATES.active]: CODES.identity_exists,
  [STATES.suspended]: CODES.identity_suspended,
  [STATES.ended]: CODES.identity_ended,
} as const;

const SELF_SIGNED_CODES: Readonly<Record<SelfSignedReason, Code>> = {
  issuer_not_subject: CODES.not_self_signed,
  unsupported_key: CODES.key_not_admitted,
  algorithm_not_of_key: CODES.key_not_admitted,
  key_with_torsion: CODES.key_not_admitted,
  bad_signature_encoding: CODES.bad_certificate_signature,
  signature_invalid: CODES.bad_certificate_signature,
};
