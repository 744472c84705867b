/** The growing right edge of a Merkle tree: all that appending needs to know of the leaves before. */
import { assert } from '../core/outcome.ts';
import type { Hash, TreeHasher } from './tree.ts';

/** Levels of a tile: a tile holds 2^8 hashes, so every eighth level of the tree is stored. @see C2SP tlog-tiles */
export const TILE_HEIGHT = 8;

/** A stored hash of the tree: the root of a complete subtree of 256^tileLevel leaves. */
export interface TileHash {
  readonly tileLevel: number;
  readonly index: number;
  readonly hash: Hash;
}

/** An immutable frontier: the roots of the complete subtrees that a tree of `size` leaves is made of, by level. */
export interface Frontier {
  readonly size: number;
  /** The hash at `level` is present just when bit `level` of size is set. */
  readonly hashes: readonly (Hash | undefined)[];
}

export const EMPTY_FRONTIER: Frontier = { size: 0, hashes: [] };

/** Appends leaves. Returns the new frontier and every tile hash that became complete, leaf hashes included, in order. */
export function appendLeaves(
  frontier: Frontier,
  leafHashes: readonly Hash[],
  tree: TreeHasher,
): { frontier: Frontier; tileHashes: TileHash[] } {
  const hashes = frontier.hashes.slice();
  const tileHashes: TileHash[] = [];
  let size = frontier.size;
  for (const leafHash of leafHashes) {
    let hash = leafHash;
    let index = size;
    let level = 0;
    tileHashes.push({ tileLevel: 0, index, hash });
    while (index % 2 === 1) {
      hash = tree.node(hashes[level] as Hash, hash);
      hashes[level] = undefined;
      index = (index - 1) / 2;
      level += 1;
      if (level % TILE_HEIGHT === 0) tileHashes.push({ tileLevel: level / TILE_HEIGHT, index, hash });
    }
    hashes[level] = hash;
    size += 1;
  }
  return { frontier: { size, hashes }, tileHashes };
}

/** The root of the tree. @see RFC 6962 §2.1 */
export function frontierRoot({ size, hashes }: Frontier, tree: TreeHasher): Hash {
  let root: Hash | undefined;
  for (const hash of hashes) {
    if (hash !== undefined) root = root === undefined ? hash : tree.node(hash, root);
  }
  assert(size === 0 || root !== undefined, 'frontier lost its hashes');
  return root ?? tree.empty();
}
