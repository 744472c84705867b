/** Files that a command makes: an existing one is never overwritten, because nobody gets a lost key back. */
import { open, rm } from 'node:fs/promises';
import { CommandFailure } from './failure.ts';

export interface NewFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Its owner only may read it. */
  readonly isSecret: boolean;
}

/** Creates all of the files or none. @throws CommandFailure `file_exists` */
export async function writeNewFiles(files: readonly NewFile[]): Promise<void> {
  const created: string[] = [];
  try {
    for (const file of files) await writeNew(file, () => created.push(file.path));
  } catch (error) {
    for (const path of created) await rm(path, { force: true });
    throw error;
  }
}

/** `onCreated`: from here on the file is this command's own, and half-written when the disk is full. */
async function writeNew({ path, content, isSecret }: NewFile, onCreated: () => void): Promise<void> {
  const file = await open(path, 'wx', isSecret ? 0o600 : 0o666).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST')
      throw new CommandFailure(`${path} exists already and is not overwritten`, { code: 'file_exists' });
    throw error;
  });
  onCreated();
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}
