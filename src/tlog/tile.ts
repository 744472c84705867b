/** Tiles: the shape in which the tree is stored and served. @see C2SP tlog-tiles */
import { concat } from '../core/bytes.ts';
import { HASH_LENGTH } from '../core/hash.ts';
import { TILE_HEIGHT } from './frontier.ts';
import type { Hash, NodeCoordinate, TreeHasher } from './tree.ts';

export const TILE_WIDTH = 1 << TILE_HEIGHT;

/** Level 0 to 63, as tlog-tiles bounds it. */
const TILE_LEVEL_MAX = 63;

export interface TileCoordinate {
  readonly tileLevel: number;
  readonly index: number;
}

/** A requested resource of the tile API; `width` 256 is a full one. */
export interface TileRequest {
  readonly kind: 'tile' | 'entries';
  readonly tileLevel: number;
  readonly index: number;
  readonly width: number;
}

/** The width of a tile in a tree of `size` leaves: 0 when it does not exist, 256 when it is full. */
export function tileWidth({ tileLevel, index }: TileCoordinate, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** tileLevel);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** The tile that holds, or leads to, a node of the tree. */
export function tileOfNode({ level, index }: NodeCoordinate): TileCoordinate {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  return { tileLevel, index: Math.floor((index * 2 ** (level % TILE_HEIGHT)) / TILE_WIDTH) };
}

/** The hash of a node from the hashes of its tile; undefined when the tile is too narrow. */
export function nodeFromTile({ level, index }: NodeCoordinate, tile: Uint8Array, tree: TreeHasher): Hash | undefined {
  const span = 2 ** (level % TILE_HEIGHT);
  const first = (index * span) % TILE_WIDTH;
  if ((first + span) * HASH_LENGTH > tile.length) return undefined;
  let hashes: Hash[] = [];
  for (let i = first; i < first + span; i++) hashes.push(tile.subarray(i * HASH_LENGTH, (i + 1) * HASH_LENGTH));
  while (hashes.length > 1) {
    const parents: Hash[] = [];
    for (let i = 0; i < hashes.length; i += 2) parents.push(tree.node(hashes[i] as Hash, hashes[i + 1] as Hash));
    hashes = parents;
  }
  return hashes[0];
}

/** Parses the path behind `/tile/`: `<L>/<N>[.p/<W>]` or `entries/<N>[.p/<W>]`; undefined for every other form. */
export function parseTilePath(path: string): TileRequest | undefined {
  const match = /^(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(path);
  const [, level, number, partial] = match ?? [];
  if (level === undefined || number === undefined) return undefined;
  const tileLevel = level === 'entries' ? 0 : Number(level);
  const index = parseTileIndex(number);
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  if (tileLevel > TILE_LEVEL_MAX || index === undefined) return undefined;
  if (partial !== undefined && width >= TILE_WIDTH) return undefined;
  return { kind: level === 'entries' ? 'entries' : 'tile', tileLevel, index, width };
}

/** `x001/x234/067` is 1234067; leading zero groups are refused, so that a tile has one address. */
function parseTileIndex(text: string): number | undefined {
  if (text.startsWith('x000/')) return undefined;
  const index = Number(text.replaceAll('x', '').replaceAll('/', ''));
  return Number.isSafeInteger(index) ? index : undefined;
}

/** @see C2SP tlog-tiles, Merkle Tree */
export function formatTileIndex(index: number): string {
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return groups.join('/');
}

/** Entries with their big-endian 16-bit lengths. Each entry is below 2^16 bytes. @see C2SP tlog-tiles, Log entries */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concat(...entries.flatMap((entry) => [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry]));
}
