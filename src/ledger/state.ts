/** What the state machine knows between blocks, besides the records: the edge of the log, the status tree and who signs. */
import type { Network } from '../protocol/genesis.ts';
import type { MemberKey } from '../protocol/member.ts';
import type { Frontier } from '../tlog/frontier.ts';
import type { StatusTree } from '../tlog/status-tree.ts';

export interface LedgerMember {
  readonly memberId: Uint8Array;
  readonly keys: readonly MemberKey[];
}

export interface LedgerState {
  readonly network: Network;
  /** Of the last block that appended. */
  readonly height: number;
  /** Seconds since 1970, of that block. */
  readonly time: number;
  readonly frontier: Frontier;
  /** The root of the log. */
  readonly root: Uint8Array;
  /** The index of the last block entry; null before genesis. */
  readonly lastBlockEntry: number | null;
  readonly members: readonly LedgerMember[];
  /** Changed only when a block's outcome is taken over. */
  readonly status: StatusTree;
}
