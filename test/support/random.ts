/** Random choices that a seed decides, so that a failure can be played again. */
import { createHash } from 'node:crypto';

export class Random {
  readonly #seed: string;
  #block = new Uint8Array(0);
  #at = 0;
  #counter = 0;

  constructor(seed: string | number) {
    this.#seed = String(seed);
  }

  bytes(length: number): Uint8Array {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i++) out[i] = this.#byte();
    return out;
  }

  /** 0 to bound - 1. The bias is of no importance here. */
  below(bound: number): number {
    let value = 0;
    for (let i = 0; i < 6; i++) value = value * 256 + this.#byte();
    return value % bound;
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** A subset, in the order of the items. */
  some<T>(items: readonly T[], onceIn = 2): T[] {
    return items.filter(() => this.oneIn(onceIn));
  }

  #byte(): number {
    if (this.#at === this.#block.length) {
      this.#block = new Uint8Array(
        createHash('sha256')
          .update(`${this.#seed}/${this.#counter++}`)
          .digest(),
      );
      this.#at = 0;
    }
    return this.#block[this.#at++] as number;
  }
}

/** A copy with one bit of one byte flipped. */
export function flipped(bytes: Uint8Array, at: number, bit = 0): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] as number) ^ (1 << bit);
  return copy;
}
