/** Judges Merkle proofs from outside: one JSON object a line in, `ok` or `error CODE` a line out. */
import { platformCrypto } from '../../src/runtime/crypto.ts';
import { createTreeHasher, verifyConsistency, verifyInclusion } from '../../src/tlog/tree.ts';
import { answerLines, fromLenientBase64 } from './lines.ts';

/** Hashes are base64; an absent or null proof is an empty one. */
export type MerkleCase =
  | {
      readonly kind: 'inclusion';
      readonly leafIdx: number;
      readonly treeSize: number;
      readonly root: string;
      readonly leafHash: string;
      readonly proof?: readonly string[] | null;
    }
  | {
      readonly kind: 'consistency';
      readonly size1: number;
      readonly size2: number;
      readonly root1: string;
      readonly root2: string;
      readonly proof?: readonly string[] | null;
    };

const tree = createTreeHasher(platformCrypto().hasher);

/** Sizes beyond 2^53 lose their last bits in JSON.parse, but stay beyond 2^53: they are refused as out of range. */
export function judgeMerkle(test: MerkleCase): string {
  const path = (test.proof ?? []).map(fromLenientBase64);
  switch (test.kind) {
    case 'inclusion': {
      const { leafIdx: index, treeSize: size } = test;
      const leafHash = fromLenientBase64(test.leafHash);
      return answerOf(verifyInclusion({ index, size, leafHash, path, root: fromLenientBase64(test.root) }, tree));
    }
    case 'consistency': {
      const { size1, size2 } = test;
      const roots = { root1: fromLenientBase64(test.root1), root2: fromLenientBase64(test.root2) };
      return answerOf(verifyConsistency({ size1, size2, ...roots, path }, tree));
    }
    default:
      return 'error malformed';
  }
}

const answerOf = (outcome: { readonly ok: true } | { readonly ok: false; readonly code: string }): string =>
  outcome.ok ? 'ok' : `error ${outcome.code}`;

if (import.meta.main) await answerLines((value) => judgeMerkle(value as MerkleCase));
