/** Operation 23: an identity is ended for good, and its certificates are revoked with it. */
import { equal } from '../../../core/bytes.ts';
import { accept, refuse } from '../../../core/outcome.ts';
import { CODES } from '../../../protocol/codes.ts';
import { endedIdentityPayload, REASONS, type Reason } from '../../../protocol/identity.ts';
import { type EndIdentity, OPERATIONS, parseEndIdentity } from '../../../protocol/operation.ts';
import { KINDS, STATES } from '../../../protocol/record.ts';
import type { Located } from '../../../protocol/standing.ts';
import { type Contract, type ContractContext, type ContractResult, itemOf, refused } from '../../contract.ts';
import { type BlockDraft, nextVersion } from '../../draft.ts';

const KNOWN_REASONS: ReadonlySet<number> = new Set(Object.values(REASONS));

export const endIdentity: Contract = {
  operation: OPERATIONS.endIdentity,
  prepare({ header: { expectedVersion }, body }) {
    if (expectedVersion === null) return refuse(CODES.expected_version_missing);
    const parsed = parseEndIdentity(body);
    if (!parsed.ok) return parsed;
    if (!isReason(parsed.value.reason)) return refuse(CODES.reason_invalid);
    const end = { ...parsed.value, reason: parsed.value.reason };
    return accept({
      touched: { recordIds: [end.recordId], certificates: [] },
      apply: (context) => apply(end, expectedVersion, context),
    });
  },
};

function apply(
  { recordId, reason }: EndIdentity & { readonly reason: Reason },
  expectedVersion: number,
  { signer, draft }: ContractContext,
): ContractResult {
  const identity = draft.record(recordId);
  if (identity === undefined || identity.record.kind !== KINDS.identity) return refused(CODES.record_unknown);
  if (!mayEnd(signer, identity, draft)) return refused(CODES.not_authorized);
  if (identity.record.state === STATES.ended) return refused(CODES.record_ended, identity);
  if (identity.record.version !== expectedVersion) return refused(CODES.version_mismatch, identity);
  const payload = endedIdentityPayload(identity.record.payload, identity.index, reason);
  const ended = draft.append(nextVersion(identity, { state: STATES.ended, payload }));
  if (ended === undefined) return refused(CODES.entry_too_large);
  return { code: CODES.accepted, items: [itemOf(CODES.accepted, ended)] };
}

/** The controller, or the member above it. */
function mayEnd(signer: Located, identity: Located, draft: BlockDraft): boolean {
  const isSigner = (id: Uint8Array): boolean => equal(id, signer.record.recordId);
  return identity.record.authorityIds.some(
    (controllerId) => isSigner(controllerId) || draft.record(controllerId)?.record.authorityIds.some(isSigner) === true,
  );
}

const isReason = (reason: number): reason is Reason => KNOWN_REASONS.has(reason);
