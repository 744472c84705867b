/** One node at a time works on a data folder: two would sign two ledgers. */
import { once } from 'node:events';
import { closeSync, openSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join, relative } from 'node:path';

export class DataLockedError extends Error {
  override readonly name = 'DataLockedError';
}

const LOCK_FILE = 'node.lock';
/** What the address of a Unix socket holds on every system. */
const SOCKET_PATH_MAX = 103;

/**
 * Takes the lock of a data folder; the returned function gives it back. The lock is a listening socket: the system closes it with the
 * process, whatever ends that, and it answers across containers that share the folder (not across machines).
 * @throws DataLockedError
 */
export async function lockData(folder: string): Promise<() => Promise<void>> {
  const path = socketPath(join(folder, LOCK_FILE));
  const server = (await listen(path)) ?? (await takeOver(path, folder));
  server.unref();
  return async () => {
    // Closing removes the socket's file.
    server.close();
    await once(server, 'close');
  };
}

/** Undefined when the file is there already, be its process alive or not. */
async function listen(path: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(path);
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

/** Removes the file of a process that is gone. One at a time: a second one would remove the first one's new lock. */
async function takeOver(path: string, folder: string): Promise<Server> {
  const turn = `${path}.takeover`;
  try {
    closeSync(openSync(turn, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new DataLockedError(`${folder} is being taken over by another process; if none runs, remove ${turn}`);
  }
  try {
    if (await isAnswered(path)) throw new DataLockedError(`${folder} is in use by another process`);
    rmSync(path, { force: true });
    const server = await listen(path);
    if (server === undefined) throw new DataLockedError(`${folder} was locked by another process just now`);
    return server;
  } finally {
    rmSync(turn, { force: true });
  }
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** The absolute path, or the relative one where only that is short enough. */
function socketPath(path: string): string {
  const shorter = relative(process.cwd(), path);
  const candidate = path.length <= SOCKET_PATH_MAX ? path : shorter;
  if (candidate.length > SOCKET_PATH_MAX)
    throw new DataLockedError(`${path} is too long for a socket: use a shorter data folder`);
  return candidate;
}
