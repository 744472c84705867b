/** Builds the proof of a certificate with its authorities from what the ledger published last. */
import { equal, toHex } from '../core/bytes.ts';
import { assert } from '../core/outcome.ts';
import { parseIdentity } from '../protocol/identity.ts';
import type { Located } from '../protocol/standing.ts';
import { multiproofRanges } from '../tlog/multiproof.ts';
import { CURRENT, type Proof, type ProofWord } from '../tlog/proof.ts';
import { wordCount, wordIndex } from '../tlog/status-tree.ts';
import { nodeFromTile, type TileCoordinate, tileOfNode } from '../tlog/tile.ts';
import type { TlogProof } from '../tlog/tlog-proof.ts';
import {
  type Hash,
  inclusionRanges,
  type LeafRange,
  type NodeCoordinate,
  rangeHash,
  rangeNodes,
  type TreeHasher,
} from '../tlog/tree.ts';
import type { CheckpointSource, LedgerReader, PublishedLedger } from './ports.ts';
import { ServiceError } from './service-error.ts';

/** Blocks may pass while the records are read; each try sees a newer one. More tries mean that something is wrong. */
const TRIES_MAX = 10;

export class Prover {
  readonly #reader: LedgerReader;
  readonly #checkpoints: CheckpointSource;
  readonly #tree: TreeHasher;

  constructor(reader: LedgerReader, checkpoints: CheckpointSource, tree: TreeHasher) {
    this.#reader = reader;
    this.#checkpoints = checkpoints;
    this.#tree = tree;
  }

  /**
   * The proof of the identity's current version, whatever its state: a revoked certificate's proof says that it is revoked.
   * @throws ServiceError `certificate_unknown`, `not_published_yet`
   */
  async prove(derHash: Uint8Array): Promise<TlogProof> {
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const records = await this.#recordsOf(derHash);
      // From here to the words nothing is awaited: checkpoint and status are of one block.
      const published = this.#checkpoints.published();
      const { size } = published.checkpoint;
      if (records.some(({ index }) => index >= size - 1)) {
        await this.#checkpoints.publishedAfter(size);
        continue;
      }
      if (records.some(({ index }) => published.status.isSuperseded(index))) continue;
      const status = statusOf(records, published);
      return this.#assemble(records, published, status);
    }
    throw new ServiceError('not_published_yet', 'the ledger changes faster than the proof can be read');
  }

  /** The identity first, then every authority of the certificate. */
  async #recordsOf(derHash: Uint8Array): Promise<Located[]> {
    const found = await this.#reader.findCertificate(derHash);
    if (found === undefined) throw new ServiceError('certificate_unknown', 'no such certificate in the ledger');
    const { identity } = found;
    const row = parseIdentity(identity.record.payload)?.certificates.find((candidate) =>
      equal(candidate.derHash, derHash),
    );
    const records = new Map([[toHex(identity.record.recordId), identity]]);
    const open = [...identity.record.authorityIds];
    if (row?.issuerId) open.push(row.issuerId);
    for (let id = open.shift(); id !== undefined; id = open.shift()) {
      if (records.has(toHex(id))) continue;
      const authority = await this.#reader.findRecord(id);
      assert(authority !== undefined, 'the ledger lost an authority');
      records.set(toHex(id), authority);
      open.push(...authority.record.authorityIds);
    }
    return [...records.values()];
  }

  async #assemble(
    records: readonly Located[],
    { checkpoint }: PublishedLedger,
    status: Pick<Proof, 'words' | 'statusHashes'>,
  ): Promise<TlogProof> {
    const { size } = checkpoint;
    const indexes = [...records.map(({ index }) => index), size - 1].sort((a, b) => a - b);
    const bytes = await this.#reader.entries(indexes);
    const entries = indexes.map((index, i) => ({ index, bytes: bytes[i] as Uint8Array }));
    const subject = (records[0] as Located).index;
    const shared = multiproofRanges(indexes, size);
    const own = inclusionRanges(subject, size);
    const hashes = await this.#hashes([...shared, ...own]);
    const proof: Proof = { form: CURRENT, checkpoint, entries, logHashes: hashes.slice(0, shared.length), ...status };
    return { proof, index: subject, path: hashes.slice(shared.length) };
  }

  async #hashes(ranges: readonly LeafRange[]): Promise<Hash[]> {
    const nodes = ranges.flatMap(rangeNodes);
    const places = [...new Map(nodes.map((node) => [tileKey(tileOfNode(node)), tileOfNode(node)])).values()];
    const tiles = await this.#reader.tiles(places);
    const byKey = new Map(places.map((place, i) => [tileKey(place), tiles[i]]));
    const read = (level: number, index: number): Hash => {
      const node: NodeCoordinate = { level, index };
      const tile = byKey.get(tileKey(tileOfNode(node)));
      const hash = tile && nodeFromTile(node, tile, this.#tree);
      assert(hash !== undefined, 'the log lost a tile');
      return hash;
    };
    return ranges.map((range) => rangeHash(range, read, this.#tree));
  }
}

const tileKey = ({ tileLevel, index }: TileCoordinate): string => `${tileLevel}/${index}`;

/** Copies what the proof needs of the status tree, which moves on with the next block. */
function statusOf(
  records: readonly Located[],
  { checkpoint, status }: PublishedLedger,
): Pick<Proof, 'words' | 'statusHashes'> {
  const needed = [...new Set(records.map(({ index }) => wordIndex(index)))].sort((a, b) => a - b);
  const words: ProofWord[] = needed.map((index) => ({ index, word: status.word(index).slice() }));
  const ranges = multiproofRanges(needed, wordCount(checkpoint.size));
  return { words, statusHashes: ranges.map((range) => status.rangeHash(range).slice()) };
}
