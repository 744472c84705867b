import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('the demo goes from an empty folder to a verifier without network, with nothing unexpected', async () => {
  const { status, output } = await new Promise<{ status: number | null; output: string }>((resolve, reject) => {
    const child = spawn(process.execPath, ['src/cli/demo/main.ts'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        text += chunk;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ status: code, output: text }));
  });
  expect(status, output.slice(-2000)).toBe(0);
  for (const line of [
    /registered +500 of 500 devices/,
    /registered device, P-256 +verified +as it must be/,
    /registered device, Ed25519 +verified +as it must be/,
    /revoked device +state +as it must be/,
    /10 minutes later +stale_checkpoint +as it must be/,
    /unregistered device with another's proof +certificate_not_in_entry +as it must be/,
    /one bit of the cosignature changed +bad_signature +as it must be/,
  ]) {
    expect(output).toMatch(line);
  }
});
