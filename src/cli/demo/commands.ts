/** Runs the real commands in processes of their own, as a user would, and shows what they print. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bold, dim, print } from '../output.ts';

/** The repository: every path of the demo is relative to it. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const ENTENTE = 'src/main.ts';

/** Something came out otherwise than it has to. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';
}

export interface Finished {
  readonly stdout: string;
  readonly exitCode: number | null;
  readonly seconds: number;
}

/** Making 500 devices takes seconds; a machine under load may need minutes. */
const TIMEOUT_MS = 300_000;

let stepNumber = 0;

export function step(title: string): void {
  stepNumber += 1;
  print(`\n${bold(`${stepNumber}  ${title}`)}`);
}

/** Shows and runs `entente ...`. @throws DemoFailure on any other exit code than the expected one */
export function entente(args: readonly string[], expectedExitCode = 0): Promise<Finished> {
  print(dim(`   $ entente ${args.map(quoted).join(' ')}`));
  return run(process.execPath, [ENTENTE, ...args], { expectedExitCode });
}

const quoted = (argument: string): string => (/^[\w./:@=-]+$/.test(argument) ? argument : `"${argument}"`);

/** Runs a program and shows its output, indented, unless `isQuiet`. */
export async function run(
  program: string,
  args: readonly string[],
  {
    folder = ROOT,
    expectedExitCode = 0,
    isQuiet = false,
  }: { folder?: string; expectedExitCode?: number; isQuiet?: boolean } = {},
): Promise<Finished> {
  const startedAt = performance.now();
  // A progress bar needs the terminal itself.
  const errors = process.stderr.isTTY && !isQuiet ? 'inherit' : 'pipe';
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', errors], timeout: TIMEOUT_MS });
  let stdout = '';
  let rest = '';
  const show = (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (!isQuiet) for (const line of lines) print(`   ${line}`);
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    show(text);
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    show(text);
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (exitCode !== expectedExitCode) {
    const output = isQuiet ? `:\n${stdout}${stderr}` : '';
    throw new DemoFailure(`${program} ${args.join(' ')} ended with ${exitCode}, not ${expectedExitCode}${output}`);
  }
  return { stdout, exitCode, seconds: (performance.now() - startedAt) / 1000 };
}
