import { expect, test } from 'vitest';
import { readBody, readLines } from '../../../src/api/read-body.ts';

async function* pieces(text: string, length: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += length) yield bytes.slice(at, at + length);
}

const linesOf = async (text: string, length: number, bytesMax = 100): Promise<string[]> => {
  const lines: string[] = [];
  for await (const line of readLines(pieces(text, length), bytesMax)) lines.push(new TextDecoder().decode(line));
  return lines;
};

test('reads a body that comes a byte at a time', async () => {
  const text = 'x'.repeat(300_000);
  expect(new TextDecoder().decode(await readBody(pieces(text, 1), text.length))).toBe(text);
});

test('refuses a body and a line at the first byte too many', async () => {
  expect(await readBody(pieces('12345', 2), 5)).toHaveLength(5);
  await expect(readBody(pieces('123456', 2), 5)).rejects.toMatchObject({ code: 'request_too_large' });
  await expect(linesOf('12345\n123456\n', 4, 5)).rejects.toMatchObject({ code: 'request_too_large' });
});

test.each([1, 2, 3, 7, 100])('reads the same lines from pieces of %i bytes, without the empty ones', async (length) => {
  expect(await linesOf('one\n\ntwo\nthree', length)).toEqual(['one', 'two', 'three']);
  expect(await linesOf('\n\n', length)).toEqual([]);
  expect(await linesOf('one\n', length)).toEqual(['one']);
});

test('reads nothing from a request without a body', async () => {
  expect(await readBody(null, 5)).toHaveLength(0);
  expect((await readLines(null, 5).next()).done).toBe(true);
});
