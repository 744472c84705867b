/** One node at a time works on a data folder: two would sign two ledgers. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class DataLockedError extends Error {
  override readonly name = 'DataLockedError';
}

const LOCK_FILE = 'node.lock';

/**
 * Takes the lock of a data folder; the returned function gives it back. A lock whose process is gone is taken over.
 * @throws DataLockedError
 */
export function lockData(folder: string): () => void {
  const path = join(folder, LOCK_FILE);
  const own = `${process.pid} ${startTimeOf(process.pid)}\n`;
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, own, { mode: 0o600 });
  try {
    if (!tryLink(draft, path)) {
      const holder = readFileSync(path, 'utf8');
      if (isAlive(holder)) throw new DataLockedError(`${folder} is in use by process ${holder.split(' ')[0]}`);
      // Moved aside first: of two nodes that find the same stale lock, one moves it and the other finds it gone.
      renameSync(path, `${path}.stale`);
      if (!tryLink(draft, path)) throw new DataLockedError(`${folder} was locked by another process just now`);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => rmSync(path, { force: true });
}

/** A hard link either comes into being with its content or not at all. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The process runs, and is the one that wrote the lock: process ids are used again. */
function isAlive(holder: string): boolean {
  const [pid, startTime] = holder.trim().split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return startTimeOf(Number(pid)) === startTime;
}

/** Clock ticks from boot to the start of a process, where the system tells (Linux); the process id alone decides elsewhere. */
function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
  } catch {
    return '-';
  }
}
