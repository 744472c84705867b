/** Progress on standard error: a bar on a terminal, a line now and then elsewhere. */
import { count, duration, notice } from './output.ts';

const BAR_WIDTH = 24;
const TERMINAL_INTERVAL_MS = 100;
const LINE_INTERVAL_MS = 5_000;

export class Progress {
  readonly #label: string;
  /** Undefined when the end is not known: standard input. */
  readonly #total: number | undefined;
  readonly #isTerminal = process.stderr.isTTY === true;
  readonly #startedAt = performance.now();
  #done = 0;
  #note = '';
  #shownAt = this.#startedAt;

  constructor(label: string, total: number | undefined) {
    this.#label = label;
    this.#total = total;
  }

  get seconds(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }

  /** `note` stands behind the figures, for example how many were refused. */
  advance(note = ''): void {
    this.#done += 1;
    this.#note = note;
    const now = performance.now();
    if (now - this.#shownAt < (this.#isTerminal ? TERMINAL_INTERVAL_MS : LINE_INTERVAL_MS)) return;
    this.#shownAt = now;
    if (this.#isTerminal) process.stderr.write(`\r${this.#line()}\x1b[K`);
    else notice(this.#line());
  }

  /** Takes the bar away; the command prints its summary. */
  finish(): void {
    if (this.#isTerminal) process.stderr.write('\r\x1b[K');
  }

  #line(): string {
    const rate = this.#done / Math.max(this.seconds, 0.001);
    const parts = [this.#label, this.#amount(), `${count(rate)}/s`];
    if (this.#total !== undefined) parts.push(`ETA ${duration((this.#total - this.#done) / rate)}`);
    if (this.#note !== '') parts.push(this.#note);
    return parts.join('  ');
  }

  #amount(): string {
    if (this.#total === undefined) return count(this.#done);
    const filled = Math.min(BAR_WIDTH, Math.round((BAR_WIDTH * this.#done) / this.#total));
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
    return `${this.#isTerminal ? `${bar} ` : ''}${count(this.#done)} of ${count(this.#total)}`;
  }
}
