/** Reads standard input as lines of JSON and answers each with one line. */
import { createInterface } from 'node:readline';

export async function answerLines(answer: (value: unknown) => string): Promise<void> {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== '') process.stdout.write(`${answerLine(line, answer)}\n`);
  }
}

function answerLine(line: string, answer: (value: unknown) => string): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'error malformed';
  }
  return answer(value);
}

export const fromLenientBase64 = (text: unknown): Uint8Array =>
  typeof text === 'string' ? new Uint8Array(Buffer.from(text, 'base64')) : new Uint8Array(0);
