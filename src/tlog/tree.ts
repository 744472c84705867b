/**
 * The Merkle tree of the log: hashing, inclusion and consistency proofs.
 *
 * A proof is described first as a list of leaf ranges whose hashes it consists of, so that one description serves generation from
 * tiles, from memory and from a database, and the reader of nodes decides how to load them.
 * @see RFC 6962 §2.1, RFC 9162 §2.1
 */
import { equal } from '../core/bytes.ts';
import { HASH_LENGTH, type Hasher } from '../core/hash.ts';
import { accept, assert, type Outcome, refuse } from '../core/outcome.ts';

export type Hash = Uint8Array;

/** RFC 6962 §2.1: leaves and inner nodes are hashed under different prefixes, or a node could be passed off as a leaf. */
export interface TreeHasher {
  leaf(data: Uint8Array): Hash;
  node(left: Hash, right: Hash): Hash;
  /** The hash of the empty tree. */
  empty(): Hash;
}

const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

/** Most entries are shorter; the buffer grows for the others. */
const LEAF_BUFFER_LENGTH = 2048;

/** What is hashed is put together in buffers of the tree hasher's own: allocating would cost more than hashing. */
export function createTreeHasher(hasher: Hasher): TreeHasher {
  let prefixed = leafBuffer(LEAF_BUFFER_LENGTH);
  const pair = new Uint8Array(1 + 2 * HASH_LENGTH);
  pair[0] = NODE_PREFIX;
  return {
    leaf(data) {
      if (prefixed.length < 1 + data.length) prefixed = leafBuffer(2 * (1 + data.length));
      prefixed.set(data, 1);
      return hasher.sha256(prefixed.subarray(0, 1 + data.length));
    },
    node(left, right) {
      pair.set(left, 1);
      pair.set(right, 1 + HASH_LENGTH);
      return hasher.sha256(pair);
    },
    empty: () => hasher.sha256(new Uint8Array(0)),
  };
}

function leafBuffer(length: number): Uint8Array {
  const buffer = new Uint8Array(length);
  buffer[0] = LEAF_PREFIX;
  return buffer;
}

/** Leaves `from` to `to` (exclusive) of a tree. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** A complete subtree: leaves [index * 2^level, (index + 1) * 2^level). */
export interface NodeCoordinate {
  readonly level: number;
  readonly index: number;
}

/** The largest power of two below `width`, which is 2 at least. @see RFC 6962 §2.1 */
export function splitPoint(width: number): number {
  let point = 1;
  while (point * 2 < width) point *= 2;
  return point;
}

/** The siblings of a leaf, from the leaf up. Requires 0 <= index < size. @see RFC 6962 §2.1.1 */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  assert(index >= 0 && index < size, 'inclusion proof of a leaf beyond the tree');
  const ranges: LeafRange[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitPoint(to - from);
    if (index < middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  return ranges.reverse();
}

/** Requires 0 < size1 <= size2. @see RFC 6962 §2.1.2 */
export function consistencyRanges(size1: number, size2: number): LeafRange[] {
  assert(size1 > 0 && size1 <= size2, 'consistency proof between impossible sizes');
  const ranges: LeafRange[] = [];
  let from = 0;
  let to = size2;
  while (to !== size1) {
    const middle = from + splitPoint(to - from);
    if (size1 <= middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  // The old tree's last subtree is known to the verifier when it is the whole old tree.
  if (from !== 0) ranges.push({ from, to });
  return ranges.reverse();
}

/** The complete subtrees, left to right, that a range is made of. The range must be one that a proof names. */
export function rangeNodes({ from, to }: LeafRange): NodeCoordinate[] {
  const nodes: NodeCoordinate[] = [];
  let at = from;
  while (at < to) {
    let level = 0;
    let width = 1;
    while (at % (width * 2) === 0 && at + width * 2 <= to) {
      width *= 2;
      level += 1;
    }
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

export type NodeReader = (level: number, index: number) => Hash;

/** The Merkle tree hash of a range, from its complete subtrees. */
export function rangeHash(range: LeafRange, read: NodeReader, tree: TreeHasher): Hash {
  const nodes = rangeNodes(range);
  let hash: Hash | undefined;
  for (let i = nodes.length - 1; i >= 0; i--) {
    const { level, index } = nodes[i] as NodeCoordinate;
    const left = read(level, index);
    hash = hash === undefined ? left : tree.node(left, hash);
  }
  return hash ?? tree.empty();
}

export type TreeRefusal = 'size_out_of_range' | 'index_out_of_range' | 'hash_length' | 'path_length' | 'root_mismatch';

/** The largest size that this code and the formats can name. */
const SIZE_MAX = Number.MAX_SAFE_INTEGER;

const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= SIZE_MAX;
const isHash = (value: Hash): boolean => value.length === HASH_LENGTH;

/** @see RFC 9162 §2.1.3.2 */
export function verifyInclusion(
  {
    index,
    size,
    leafHash,
    path,
    root,
  }: { index: number; size: number; leafHash: Hash; path: readonly Hash[]; root: Hash },
  tree: TreeHasher,
): Outcome<true, TreeRefusal> {
  if (!isSize(size)) return refuse('size_out_of_range');
  if (!isSize(index) || index >= size) return refuse('index_out_of_range');
  if (!isHash(leafHash) || !path.every(isHash)) return refuse('hash_length');
  let node = index;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of path) {
    if (last === 0) return refuse('path_length');
    if (node % 2 === 1 || node === last) {
      hash = tree.node(sibling, hash);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = tree.node(hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) return refuse('path_length');
  return equal(hash, root) ? accept(true) : refuse('root_mismatch');
}

/** A proof from the empty tree would say nothing and is refused. @see RFC 9162 §2.1.4.2 */
export function verifyConsistency(
  {
    size1,
    size2,
    root1,
    root2,
    path,
  }: { size1: number; size2: number; root1: Hash; root2: Hash; path: readonly Hash[] },
  tree: TreeHasher,
): Outcome<true, TreeRefusal> {
  if (!isSize(size1) || !isSize(size2) || size1 === 0 || size1 > size2) return refuse('size_out_of_range');
  if (!path.every(isHash)) return refuse('hash_length');
  if (size1 === size2) {
    if (path.length !== 0) return refuse('path_length');
    return equal(root1, root2) ? accept(true) : refuse('root_mismatch');
  }
  if (path.length === 0) return refuse('path_length');

  let node = size1 - 1;
  let last = size2 - 1;
  while (node % 2 === 1) {
    node = (node - 1) / 2;
    last = Math.floor(last / 2);
  }
  // node is 0 here just when size1 is a power of two: the old root itself is then the first hash.
  const rest = node === 0 ? path : path.slice(1);
  let hash1 = node === 0 ? root1 : (path[0] as Hash);
  let hash2 = hash1;
  for (const sibling of rest) {
    if (last === 0) return refuse('path_length');
    if (node % 2 === 1 || node === last) {
      hash1 = tree.node(sibling, hash1);
      hash2 = tree.node(sibling, hash2);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash2 = tree.node(hash2, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) return refuse('path_length');
  return equal(hash1, root1) && equal(hash2, root2) ? accept(true) : refuse('root_mismatch');
}
