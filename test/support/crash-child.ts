/**
 * A node that works through a seeded list of transactions and ends itself, as kill -9 does, at a named point. What it reports goes
 * straight to the file descriptor: nothing is buffered when it dies.
 */
import { writeSync } from 'node:fs';
import { argv, kill, pid } from 'node:process';
import { toHex } from '../../src/core/bytes.ts';
import type { DatabasePlace } from './database-place.ts';
import { addSubmitter, endIdentity, makeDevice, makeSubmitter, register } from './devices.ts';
import { type Point, TestNode } from './node.ts';
import { Random } from './random.ts';

export interface CrashOrder {
  readonly place: DatabasePlace;
  readonly folder: string;
  readonly seed: number;
  /** Die when this point is reached for the nth time; absent: work to the end. */
  readonly crash?: { readonly point: Point; readonly nth: number };
}

/** Lines of the child's standard output, as JSON. */
export type CrashReport =
  | {
      readonly kind: 'acknowledged';
      readonly transaction: number;
      readonly code: number;
      readonly indexes: readonly (number | null)[];
    }
  | { readonly kind: 'signed'; readonly text: string }
  | { readonly kind: 'crash'; readonly point: Point }
  | { readonly kind: 'done'; readonly size: number; readonly root: string };

const BATCHES = 6;
export const submitter = makeSubmitter('crash factory');

/** The same list for one seed: batches of devices, and ends of some of them. */
export function crashTransactions(seed: number): Uint8Array[] {
  const random = new Random(seed);
  const transactions = [addSubmitter(TestNode.member, submitter)];
  for (let batch = 0; batch < BATCHES; batch++) {
    const count = 1 + random.below(60);
    const devices = Array.from({ length: count }, (_, i) => makeDevice(`${seed} ${batch} ${i}`, submitter.recordId));
    transactions.push(register(submitter, devices));
    const device = devices[random.below(count)];
    if (device !== undefined && random.below(2) === 0) transactions.push(endIdentity(submitter, device.recordId));
  }
  return transactions;
}

function report(line: CrashReport): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

async function run({ place, folder, seed, crash }: CrashOrder): Promise<void> {
  let passes = 0;
  const die = (point: Point): void => {
    report({ kind: 'crash', point });
    kill(pid, 'SIGKILL');
  };
  const node = await TestNode.open({
    place,
    folder,
    onSigned: (message) => report({ kind: 'signed', text: new TextDecoder().decode(message) }),
    observe(point) {
      if (point !== crash?.point) return;
      passes += 1;
      if (passes !== crash.nth) return;
      // The answer leaves in this turn of the event loop; the next one ends the process, while the high-water mark is written.
      if (point === 'after answer') setImmediate(() => die(point));
      else die(point);
    },
  });
  for (const [i, transaction] of crashTransactions(seed).entries()) {
    const { code, items } = await node.submit(transaction);
    report({ kind: 'acknowledged', transaction: i, code, indexes: items.map(({ index }) => index) });
  }
  await node.sequencer.close();
  const { size, root } = node.sequencer.published().checkpoint;
  report({ kind: 'done', size, root: toHex(root) });
  await node.database.close();
}

if (import.meta.main) await run(JSON.parse(argv[2] as string) as CrashOrder);
