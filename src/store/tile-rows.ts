/** Tile hashes grouped into the rows that they extend. */
import { concat } from '../core/bytes.ts';
import type { TileHash } from '../tlog/frontier.ts';
import { TILE_WIDTH } from '../tlog/tile.ts';

export interface TileRow {
  readonly tileLevel: number;
  readonly tileIndex: number;
  /** The hashes that come behind those that the tile has. */
  readonly hashes: Uint8Array;
}

export function tileRows(tileHashes: readonly TileHash[]): TileRow[] {
  const rows = new Map<string, { tileLevel: number; tileIndex: number; hashes: Uint8Array[] }>();
  for (const { tileLevel, index, hash } of tileHashes) {
    const tileIndex = Math.floor(index / TILE_WIDTH);
    const key = `${tileLevel}/${tileIndex}`;
    const row = rows.get(key) ?? { tileLevel, tileIndex, hashes: [] };
    row.hashes.push(hash);
    rows.set(key, row);
  }
  return [...rows.values()].map((row) => ({ ...row, hashes: concat(...row.hashes) }));
}
