/** `npm run bench -- NAME [--json]`: reports figures beside their targets. It never fails because of them. */
import { append } from './append.ts';
import { type Bench, type Metric, machine } from './measure.ts';
import { prove } from './prove.ts';

import { status } from './status.ts';

const BENCHES: ReadonlyMap<string, () => Bench> = new Map(Object.entries({ append, prove, status }));

const words = process.argv.slice(2);
const [name, ...extra] = words.filter((word) => word !== '--json');
const bench = name === undefined ? undefined : BENCHES.get(name);

if (name === undefined || bench === undefined || extra.length > 0) {
  console.error(`usage: npm run bench -- ${[...BENCHES.keys()].join('|')} [--json]`);
  process.exitCode = 2;
} else {
  const { metrics, notes } = bench();
  if (words.includes('--json')) printJson(name, metrics);
  else printTable(name, metrics, notes);
}

function printJson(benchName: string, metrics: readonly Metric[]): void {
  const plain = metrics.map(({ metric, value, target, better }) => ({ metric, value, target, better }));
  console.log(JSON.stringify({ name: benchName, machine: machine(), metrics: plain }));
}

function printTable(benchName: string, metrics: readonly Metric[], notes: readonly string[]): void {
  console.log(`${benchName} on ${machine()}`);
  const head = ['metric', 'value', 'middle half', 'target', ''];
  const rows = metrics.map(({ metric, value, target, better, spread }) => [
    metric,
    String(value),
    spread ? `${spread.from} to ${spread.to}` : '',
    `${better === 'lower' ? '<=' : '>='} ${target}`,
    (better === 'lower' ? value <= target : value >= target) ? 'met' : 'missed',
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] as string).length)));
  for (const row of [head, ...rows]) {
    console.log(
      row
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join('  ')
        .trimEnd(),
    );
  }
  for (const note of notes) console.log(`- ${note}`);
}
