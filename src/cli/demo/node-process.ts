/** The demo's node: started, waited for, stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { dim, print } from '../output.ts';
import { DemoFailure, ENTENTE, ROOT } from './commands.ts';

/** The embedded database needs three seconds at its first start. */
const START_TIMEOUT_MS = 60_000;
/** It finishes its block and closes the database. */
const STOP_TIMEOUT_MS = 30_000;

export class NodeProcess {
  readonly url: string;
  readonly startSeconds: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string, startSeconds: number) {
    this.#child = child;
    this.url = url;
    this.startSeconds = startSeconds;
  }

  get port(): string {
    return new URL(this.url).port;
  }

  /** Port 0 takes a free one. Resolves when the node answers. */
  static async start(data: string, port: string): Promise<NodeProcess> {
    const args = ['start', '--data', data, '--port', port];
    print(dim(`   $ entente ${args.join(' ')} &`));
    const startedAt = performance.now();
    const child = spawn(process.execPath, [ENTENTE, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    try {
      const url = await urlOf(child);
      await waitForHealth(url);
      const seconds = (performance.now() - startedAt) / 1000;
      print(`   ready in ${seconds.toFixed(1)} s at ${url}`);
      return new NodeProcess(child, url, seconds);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** SIGTERM, and SIGKILL when that does not help. @throws DemoFailure unless the node ends by itself */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise<number | null>((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const exitCode = await ended;
    clearTimeout(kill);
    if (exitCode !== 0) throw new DemoFailure(`the node ended with ${exitCode ?? 'SIGKILL'} instead of 0`);
  }

  /** For the demo's own sudden end. */
  kill(): void {
    this.#child.kill('SIGTERM');
  }
}

/** The node prints its URL when it listens; what it prints from then on is shown. */
function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    let isReady = false;
    const timeout = setTimeout(() => reject(new DemoFailure(`the node does not start:\n${output}`)), START_TIMEOUT_MS);
    const read = (chunk: Buffer): void => {
      if (isReady) {
        process.stderr.write(chunk);
        return;
      }
      output += chunk.toString();
      const url = /https?:\/\/[\w.:[\]-]+:\d+/.exec(output)?.[0];
      if (url === undefined) return;
      isReady = true;
      clearTimeout(timeout);
      resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timeout);
      reject(new DemoFailure(`the node ended with ${code} before it was ready:\n${output}`));
    });
  });
}

async function waitForHealth(url: string): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const isHealthy = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isHealthy) return;
    if (performance.now() > deadline) throw new DemoFailure(`${url}/health does not answer`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
