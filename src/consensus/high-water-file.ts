/** The high-water mark as a file that is replaced and fsynced, with its folder. */
import { existsSync, writeFileSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decode, encode, isArray, isBytes, isUnsigned } from '../core/cbor.ts';
import { type HighWater, HighWaterError, type HighWaterMark } from './high-water.ts';

export class HighWaterFile implements HighWaterMark {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Makes the file of a ledger that has signed nothing. An existing one is left alone. */
  static create(path: string): void {
    if (!existsSync(path)) writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
  }

  /**
   * A new ledger has an empty file, made with its keys.
   * @throws HighWaterError for a missing or damaged file: guessing would allow what it forbids
   */
  async load(): Promise<HighWater | undefined> {
    const bytes = await readIfThere(this.#path);
    if (bytes === undefined) {
      throw new HighWaterError(
        `${this.#path} is missing: restore it from the newest backup, it says what these keys have signed`,
      );
    }
    if (bytes.length === 0) return undefined;
    const value = decode(bytes);
    const [size, root] = isArray(value) ? value : [];
    if (!isUnsigned(size) || !isBytes(root)) throw new HighWaterError(`${this.#path} is damaged`);
    return { size, root };
  }

  async save({ size, root }: HighWater): Promise<void> {
    const next = `${this.#path}.next`;
    const file = await open(next, 'w', 0o600);
    try {
      await file.writeFile(encode([size, root]));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, this.#path);
    await syncFolder(dirname(this.#path));
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
