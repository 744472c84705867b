/** Request bodies, bounded while they are read. */
import { ServiceError } from '../service/service-error.ts';

type Body = AsyncIterable<Uint8Array> | null;

/** The first allocation: most bodies are smaller. */
const BUFFER_BYTES_MIN = 4096;

/**
 * Bytes that arrive in pieces, copied into one buffer that doubles: a list of the pieces would cost a hundred times their size when
 * somebody sends a byte at a time.
 */
class BoundedBuffer {
  readonly #bytesMax: number;
  readonly #what: string;
  #buffer = new Uint8Array(0);
  #length = 0;

  constructor(bytesMax: number, what: string) {
    this.#bytesMax = bytesMax;
    this.#what = what;
  }

  get length(): number {
    return this.#length;
  }

  /** @throws ServiceError `request_too_large` */
  append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#bytesMax) {
      throw new ServiceError('request_too_large', `${this.#what} is larger than ${this.#bytesMax} bytes`);
    }
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(
        Math.min(this.#bytesMax, Math.max(length, 2 * this.#buffer.length, BUFFER_BYTES_MIN)),
      );
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = length;
  }

  /** A copy of what is held; nothing is held afterwards. */
  take(): Uint8Array {
    const bytes = this.#buffer.slice(0, this.#length);
    this.#length = 0;
    return bytes;
  }
}

/** @throws ServiceError `request_too_large` */
export async function readBody(body: Body, bytesMax: number): Promise<Uint8Array> {
  const held = new BoundedBuffer(bytesMax, 'the body');
  for await (const chunk of body ?? []) held.append(chunk);
  return held.take();
}

const NEWLINE = 0x0a;

/**
 * The lines of a body, without their newlines; empty ones are left out. At most one line is held in memory.
 * @throws ServiceError `request_too_large` for a line longer than `bytesMax`
 */
export async function* readLines(body: Body, bytesMax: number): AsyncGenerator<Uint8Array, void, undefined> {
  const held = new BoundedBuffer(bytesMax, 'a line');
  for await (const chunk of body ?? []) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE, from); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      held.append(chunk.subarray(from, end));
      from = end + 1;
      if (held.length > 0) yield held.take();
    }
    held.append(chunk.subarray(from));
  }
  if (held.length > 0) yield held.take();
}
