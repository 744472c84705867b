/** The block entry: the last entry of each block, which commits to time, status and signers. */
import { type Cbor, encode, isBytes, isUnsigned } from '../core/cbor.ts';
import { HASH_LENGTH } from '../core/hash.ts';
import { accept, type Outcome, refuse } from '../core/outcome.ts';
import { KINDS } from './record.ts';

/** The rules that blocks are made and judged by. Old rules stay in the code as long as their blocks may be replayed. */
export const RULE_VERSION = 1;
const BLOCK_FORMAT = 1;

export interface BlockEntry {
  readonly height: number;
  /** Whole seconds since 1970. */
  readonly time: number;
  /** The index of the block's first entry. */
  readonly firstEntry: number;
  /** Null in the block of height 0 only. */
  readonly previousBlockEntry: number | null;
  readonly statusRoot: Uint8Array;
  /** Who signs at the next height, and at the one after. */
  readonly signersHash: Uint8Array;
  readonly nextSignersHash: Uint8Array;
}

export function encodeBlockEntry(block: BlockEntry): Uint8Array<ArrayBuffer> {
  return encode([
    KINDS.block,
    BLOCK_FORMAT,
    RULE_VERSION,
    block.height,
    block.time,
    block.firstEntry,
    block.previousBlockEntry,
    block.statusRoot,
    block.signersHash,
    block.nextSignersHash,
  ]);
}

/** Reads the places of a block entry. The rule version is read first: later rules may give the rest another shape. */
export function parseBlockEntry(entry: readonly Cbor[]): Outcome<BlockEntry, 'malformed' | 'unsupported_rule_version'> {
  const [kind, format, ruleVersion, height, time, firstEntry, previous, statusRoot, signers, nextSigners] = entry;
  if (kind !== KINDS.block || !isUnsigned(ruleVersion)) return refuse('malformed');
  if (format !== BLOCK_FORMAT || ruleVersion !== RULE_VERSION) return refuse('unsupported_rule_version');
  if (entry.length !== 10 || !isUnsigned(height) || !isUnsigned(time) || !isUnsigned(firstEntry))
    return refuse('malformed');
  if (!isHash(statusRoot) || !isHash(signers) || !isHash(nextSigners)) return refuse('malformed');
  if (height === 0 ? previous !== null : !isUnsigned(previous)) return refuse('malformed');
  return accept({
    height,
    time,
    firstEntry,
    previousBlockEntry: previous as number | null,
    statusRoot,
    signersHash: signers,
    nextSignersHash: nextSigners,
  });
}

const isHash = (value: Cbor | undefined): value is Uint8Array => isBytes(value) && value.length === HASH_LENGTH;
