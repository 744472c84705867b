/** What a block costs in the trees: leaf hashes, the frontier, tile hashes, the status tree and the root. */
import { encodeBlockEntry } from '../../src/protocol/block-entry.ts';
import { appendLeaves, EMPTY_FRONTIER, type Frontier, frontierRoot } from '../../src/tlog/frontier.ts';
import { StatusTree } from '../../src/tlog/status-tree.ts';
import { hashOf, ports } from '../support/crypto.ts';
import { Random } from '../support/random.ts';
import { type Bench, cpuMicroseconds, lower, median, takeTurns } from './measure.ts';

const BLOCK_ENTRIES = 1000;
const ENTRY_BYTES = 650;
const SMALL = 10_000;
const LARGE = 1_000_000;

const random = new Random('append');
const ENTRIES = Array.from({ length: BLOCK_ENTRIES }, () => random.bytes(ENTRY_BYTES));
const SIGNERS = hashOf('signers');

/** The trees of a ledger, moved on by blocks as the state machine closes them. */
class Trees {
  readonly status = new StatusTree(ports.hasher, ports.tree);
  frontier: Frontier = EMPTY_FRONTIER;
  #height = 0;

  static of(size: number): Trees {
    const trees = new Trees();
    while (trees.frontier.size < size) trees.block([]);
    return trees;
  }

  block(superseded: readonly number[]): void {
    const { tree } = ports;
    const firstEntry = this.frontier.size;
    const status = this.status.change(firstEntry + BLOCK_ENTRIES + 1, superseded);
    const blockEntry = encodeBlockEntry({
      height: this.#height,
      time: 1_800_000_000 + this.#height,
      firstEntry,
      previousBlockEntry: this.#height === 0 ? null : firstEntry - 1,
      statusRoot: status.root,
      signersHash: SIGNERS,
      nextSignersHash: SIGNERS,
    });
    const leaves = [...ENTRIES.map((entry) => tree.leaf(entry)), tree.leaf(blockEntry)];
    const { frontier } = appendLeaves(this.frontier, leaves, tree);
    frontierRoot(frontier, tree);
    this.status.apply(status);
    this.frontier = frontier;
    this.#height += 1;
  }

  /** Entries all over the ledger that are still current. */
  current(count: number): number[] {
    const chosen = new Set<number>();
    while (chosen.size < count) {
      const index = random.below(this.frontier.size - 1);
      if (!this.status.isSuperseded(index)) chosen.add(index);
    }
    return [...chosen];
  }
}

/** The cost of one entry over some blocks. */
const perEntry = (trees: Trees, blocks: number): number =>
  cpuMicroseconds(() => {
    for (let i = 0; i < blocks; i++) trees.block([]);
  }) /
  (blocks * BLOCK_ENTRIES);

export function append(): Bench {
  const growing: number[] = [];
  const large = new Trees();
  while (large.frontier.size < LARGE) growing.push(perEntry(large, 20));

  const sizes = takeTurns(
    { large: () => perEntry(large, 20), small: () => perEntry(Trees.of(SMALL), 20) },
    { rounds: 31, warmUp: 2 },
  );

  const superseding = takeTurns(
    {
      without: () => perEntry(large, 4),
      with: () => {
        const gone = large.current(4 * BLOCK_ENTRIES);
        const cost = cpuMicroseconds(() => {
          for (let i = 0; i < 4; i++) large.block(gone.slice(i * BLOCK_ENTRIES, (i + 1) * BLOCK_ENTRIES));
        });
        return cost / gone.length;
      },
    },
    { rounds: 31, warmUp: 2 },
  );

  return {
    metrics: [
      lower('us_per_entry', 2, median(growing)),
      lower('us_per_superseded', 5, median(superseding.map((figures) => figures.with - figures.without))),
      lower('cost_1m_over_10k', 1.2, median(sizes.map((figures) => figures.large / figures.small))),
    ],
    notes: [
      `blocks of ${BLOCK_ENTRIES} entries of ${ENTRY_BYTES} bytes, from an empty ledger to ${LARGE} entries`,
      'a superseded entry: what a block that supersedes as many entries as it appends costs more, anywhere in the ledger',
    ],
  };
}
