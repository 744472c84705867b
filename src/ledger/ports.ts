/** What the state machine computes with. All of it is deterministic: the same bytes give the same answer on every node. */
import type { Hasher } from '../core/hash.ts';
import type { SignatureVerifier } from '../core/signature.ts';
import type { TreeHasher } from '../tlog/tree.ts';

export interface LedgerPorts {
  readonly hasher: Hasher;
  readonly tree: TreeHasher;
  readonly verifier: SignatureVerifier;
}
