/** Whether tests that need the openssl command line are left out. With CI=true they fail instead. */
import { spawnSync } from 'node:child_process';

export const isOpensslMissing = spawnSync('openssl', ['version']).status !== 0 && process.env['CI'] !== 'true';
if (isOpensslMissing) console.warn('openssl is not installed: its tests are skipped.');
