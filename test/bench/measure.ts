/** CPU time of this process, measured in rounds that take turns, so that a busy machine disturbs all subjects alike. */
import { cpus } from 'node:os';

export interface Metric {
  readonly metric: string;
  readonly value: number;
  readonly target: number;
  readonly better: 'lower' | 'higher';
  /** The middle half of the rounds, for people. */
  readonly spread?: Spread;
}

export interface Spread {
  readonly from: number;
  readonly to: number;
}

export interface Bench {
  readonly metrics: readonly Metric[];
  /** What the figures were measured on, for people. */
  readonly notes: readonly string[];
}

export const machine = (): string => {
  const [first] = cpus();
  return `${first?.model.trim() ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}, ${process.platform} ${process.arch}`;
};

/** Microseconds of CPU, on all threads, so that collecting garbage counts. */
export function cpuMicroseconds(action: () => void): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** One round measures every subject once. Each subject returns what one of its units cost. The first rounds only warm up. */
export function takeTurns<Name extends string>(
  subjects: Readonly<Record<Name, () => number>>,
  { rounds, warmUp }: { rounds: number; warmUp: number },
): readonly Readonly<Record<Name, number>>[] {
  const names = Object.keys(subjects) as Name[];
  const results: Record<Name, number>[] = [];
  for (let round = 0; round < warmUp + rounds; round++) {
    // Whoever comes second finds the caches of the first: the order turns round.
    const order = round % 2 === 0 ? names : names.toReversed();
    const figures = order.map((name) => [name, subjects[name]()] as const);
    if (round >= warmUp) results.push(Object.fromEntries(figures) as Record<Name, number>);
  }
  return results;
}

export function median(values: readonly number[]): { value: number; spread: Spread } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] as number;
  return { value: at(0.5), spread: { from: at(0.25), to: at(0.75) } };
}

export const lower = (
  metric: string,
  target: number,
  { value, spread }: { value: number; spread?: Spread },
): Metric => ({
  metric,
  value: round(value),
  target,
  better: 'lower',
  ...(spread && { spread: { from: round(spread.from), to: round(spread.to) } }),
});

/** Three digits say all that a noisy machine knows; counts of bytes stay whole. */
const round = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(3)));
