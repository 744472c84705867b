/** Operation 8: a member adds a submitter, who may then register devices under it. */
import { toHex } from '../../../core/bytes.ts';
import type { CborMap } from '../../../core/cbor.ts';
import { accept, refuse } from '../../../core/outcome.ts';
import type { SignatureVerifier } from '../../../core/signature.ts';
import { CODES } from '../../../protocol/codes.ts';
import { submitterId } from '../../../protocol/id.ts';
import { addSubmitterToCbor, OPERATIONS, parseAddSubmitter } from '../../../protocol/operation.ts';
import { KINDS, STATES } from '../../../protocol/record.ts';
import { parseSpki } from '../../../x509/spki.ts';
import { type Contract, type ContractContext, type ContractResult, itemOf, refused } from '../../contract.ts';

export const addSubmitter: Contract = {
  operation: OPERATIONS.addSubmitter,
  prepare({ header, body }, network, { hasher }) {
    if (header.expectedVersion !== null) return refuse(CODES.expected_version_not_expected);
    const parsed = parseAddSubmitter(body);
    if (!parsed.ok) return parsed;
    const { accountKeys } = parsed.value;
    if (new Set(accountKeys.map(toHex)).size !== accountKeys.length) return refuse(CODES.account_key_invalid);
    const recordId = submitterId(network.networkId, accountKeys[0] as Uint8Array, hasher);
    const payload = addSubmitterToCbor(parsed.value) as CborMap;
    return accept({
      touched: { recordIds: [recordId], certificates: [] },
      apply: (context) => apply(recordId, accountKeys, payload, context),
    });
  },
};

function apply(
  recordId: Uint8Array,
  accountKeys: readonly Uint8Array[],
  payload: CborMap,
  { signer, draft, ports }: ContractContext,
): ContractResult {
  if (signer.record.kind !== KINDS.member) return refused(CODES.not_authorized);
  // Only here: the check of a key for torsion costs as much as ten signatures, and strangers would make us pay it.
  if (!accountKeys.every((spki) => isAccountKey(spki, ports.verifier))) return refused(CODES.account_key_invalid);
  const existing = draft.record(recordId);
  if (existing !== undefined) return refused(CODES.record_exists, existing);
  const added = draft.append({
    kind: KINDS.submitter,
    recordId,
    version: 1,
    supersedes: null,
    first: null,
    state: STATES.active,
    authorityIds: [signer.record.recordId],
    payload,
  });
  if (added === undefined) return refused(CODES.entry_too_large);
  return { code: CODES.accepted, items: [itemOf(CODES.accepted, added)] };
}

/** A canonical key of a known algorithm. */
function isAccountKey(spki: Uint8Array, verifier: SignatureVerifier): boolean {
  const key = parseSpki(spki);
  return key !== undefined && (key.kind === 'p256' || verifier.isTorsionFree(key.key));
}
