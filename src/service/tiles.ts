/** The log as tiles and entry bundles. @see C2SP tlog-tiles */
import { HASH_LENGTH } from '../core/hash.ts';
import { encodeEntryBundle, parseTilePath, TILE_WIDTH, tileWidth } from '../tlog/tile.ts';
import type { CheckpointSource, LedgerReader } from './ports.ts';
import { ServiceError } from './service-error.ts';

/**
 * A tile or entry bundle by its path behind `/tile/`. Partial ones are served in every width that the published log reaches, also
 * when the full one exists: a client may still work at an older checkpoint.
 * @throws ServiceError `tile_unknown`
 */
export async function readTile(reader: LedgerReader, checkpoints: CheckpointSource, path: string): Promise<Uint8Array> {
  const request = parseTilePath(path);
  if (request === undefined) throw new ServiceError('tile_unknown', 'not the path of a tile');
  const { kind, tileLevel, index, width } = request;
  const { size } = checkpoints.published().checkpoint;
  if (tileWidth({ tileLevel, index }, size) < width) throw new ServiceError('tile_unknown', 'the log has no such tile');
  if (kind === 'entries') {
    const from = index * TILE_WIDTH;
    return encodeEntryBundle(await reader.entryRange(from, from + width));
  }
  const [tile] = await reader.tiles([{ tileLevel, index }]);
  if (tile === undefined) throw new ServiceError('tile_unknown', 'the log has no such tile');
  return tile.subarray(0, width * HASH_LENGTH);
}
