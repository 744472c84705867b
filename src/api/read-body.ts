/** Request bodies, bounded while they are read. */
import { concat } from '../core/bytes.ts';
import { ServiceError } from '../service/service-error.ts';

type Body = AsyncIterable<Uint8Array> | null;

/** @throws ServiceError `request_too_large` */
export async function readBody(body: Body, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > bytesMax) throw new ServiceError('request_too_large', `the body is larger than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return concat(...chunks);
}

const NEWLINE = 0x0a;

/**
 * The lines of a body, without their newlines; empty ones are left out. At most one line is held in memory.
 * @throws ServiceError `request_too_large` for a line longer than `bytesMax`
 */
export async function* readLines(body: Body, bytesMax: number): AsyncGenerator<Uint8Array, void, undefined> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE, from); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const line = concat(...held, chunk.subarray(from, end));
      checkLength(line.length, bytesMax);
      held = [];
      length = 0;
      from = end + 1;
      if (line.length > 0) yield line;
    }
    held.push(chunk.slice(from));
    length += chunk.length - from;
    checkLength(length, bytesMax);
  }
  if (length > 0) yield concat(...held);
}

function checkLength(length: number, bytesMax: number): void {
  if (length > bytesMax) throw new ServiceError('request_too_large', `a line is longer than ${bytesMax} bytes`);
}
