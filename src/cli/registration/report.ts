/** What became of each device: counted for people, written line by line for machines. */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { codeName, codeSentence } from '../../../sdk/src/index.ts';
import { hex } from '../output.ts';

/** One line of the report. */
export interface ReportLine {
  readonly source: string;
  /** SHA-256 of the certificate in hexadecimal; null when there was none. */
  readonly sha256: string | null;
  readonly recordId: string | null;
  readonly index: number | null;
  /** 0: accepted; null: the device was not sent. */
  readonly code: number | null;
  readonly result: string;
  readonly message: string;
}

export interface Refusal {
  readonly result: string;
  readonly message: string;
  readonly count: number;
  /** The first ones. */
  readonly examples: readonly string[];
}

const EXAMPLES_MAX = 3;

export class RegistrationReport {
  #file: WriteStream | undefined;
  readonly #refusals = new Map<string, { message: string; count: number; examples: string[] }>();
  accepted = 0;
  refused = 0;

  private constructor(file: WriteStream | undefined) {
    this.#file = file;
  }

  /** @throws the system's error when the file cannot be written */
  static async open(path: string | undefined): Promise<RegistrationReport> {
    if (path === undefined) return new RegistrationReport(undefined);
    const file = createWriteStream(path);
    await once(file, 'open');
    return new RegistrationReport(file);
  }

  /** Most frequent first. */
  get refusals(): readonly Refusal[] {
    return [...this.#refusals]
      .map(([result, { message, count, examples }]) => ({ result, message, count, examples }))
      .sort((a, b) => b.count - a.count);
  }

  async add(line: ReportLine): Promise<void> {
    if (line.code === 0) this.accepted += 1;
    else this.#addRefusal(line);
    if (this.#file?.write(`${JSON.stringify(line)}\n`) === false) await once(this.#file, 'drain');
  }

  /** Lines that are added afterwards are counted and not written. */
  async close(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    file.end();
    await once(file, 'close');
  }

  #addRefusal({ result, message, source }: ReportLine): void {
    this.refused += 1;
    const known = this.#refusals.get(result) ?? { message, count: 0, examples: [] };
    known.count += 1;
    if (known.examples.length < EXAMPLES_MAX) known.examples.push(source);
    this.#refusals.set(result, known);
  }
}

export const sha256Of = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex');

/** What the code means, or its name when this version does not know it. */
export function explain(code: number, result: string): string {
  const name = codeName(code);
  return name === undefined ? result : codeSentence(name);
}

export const hexOrNull = (bytes: Uint8Array | null): string | null => (bytes === null ? null : hex(bytes));
