/**
 * Standing: a certificate counts only while every authority above it does. The contracts that admit and the verifier that relies
 * walk the same way, so that neither accepts what the other refuses.
 */
import { toHex } from '../core/bytes.ts';
import { accept, type Outcome, refuse } from '../core/outcome.ts';
import { parseAuthority } from './authority.ts';
import { KINDS, type RecordVersion, STATES } from './record.ts';
import { type CompiledScope, compileScope, parseScope } from './scope.ts';

/** One record version and the index of its entry. */
export interface Located {
  readonly index: number;
  readonly record: RecordVersion;
}

/** Member, two intermediates, anchor, submitter and its member: a longer chain is not built by any operation. */
export const AUTHORITIES_MAX = 6;

export type StandingRefusal =
  | 'authority_missing'
  | 'authority_kind'
  | 'authority_state'
  | 'accepted_below'
  | 'too_many_authorities'
  | 'scope'
  | 'malformed';

export interface Standing {
  /** Every authority once, in the order in which the walk found them. */
  readonly authorities: readonly Located[];
  readonly scopes: readonly CompiledScope[];
}

type Kinds = readonly number[];
const CONTROLLER_KINDS: Kinds = [KINDS.member, KINDS.submitter];
const ISSUER_KINDS: Kinds = [KINDS.anchor];
const PARENT_KINDS: Readonly<Partial<Record<number, Kinds>>> = {
  [KINDS.member]: [],
  [KINDS.anchor]: [KINDS.member, KINDS.anchor],
  [KINDS.submitter]: [KINDS.member],
};

/**
 * Follows the controller and, for a CA-issued certificate, its issuer up to their members.
 * `since` is the index at which the certificate came into the ledger: an authority with `acceptedBelow` stands for older ones only,
 * or a stolen CA key could add certificates to old identities.
 */
export function walkAuthorities(
  { controllerId, issuerId, since }: { controllerId: Uint8Array; issuerId: Uint8Array | null; since: number },
  find: (recordId: Uint8Array) => Located | undefined,
): Outcome<Standing, StandingRefusal> {
  const authorities = new Map<string, Located>();
  const scopes: CompiledScope[] = [];
  const open: [Uint8Array, Kinds][] = [[controllerId, CONTROLLER_KINDS]];
  if (issuerId !== null) open.push([issuerId, ISSUER_KINDS]);
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const [id, kinds] = next;
    const found = find(id);
    if (found === undefined) return refuse('authority_missing');
    if (!kinds.includes(found.record.kind)) return refuse('authority_kind');
    if (authorities.has(toHex(id))) continue;
    if (authorities.size >= AUTHORITIES_MAX) return refuse('too_many_authorities');
    const authority = parseAuthority(found.record.payload);
    const parentKinds = PARENT_KINDS[found.record.kind];
    if (authority === undefined || parentKinds === undefined) return refuse('malformed');
    if (found.record.authorityIds.length !== (found.record.kind === KINDS.member ? 0 : 1)) return refuse('malformed');
    if (found.record.state !== STATES.active) return refuse('authority_state');
    if (authority.acceptedBelow !== undefined && since >= authority.acceptedBelow) return refuse('accepted_below');
    authorities.set(toHex(id), found);
    if (authority.scope !== undefined) {
      const scope = parseScope(authority.scope);
      if (scope === undefined) return refuse('scope');
      scopes.push(compileScope(scope));
    }
    for (const parent of found.record.authorityIds) open.push([parent, parentKinds]);
  }
  return accept({ authorities: [...authorities.values()], scopes });
}
