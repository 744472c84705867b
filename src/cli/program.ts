/** The `entente` command line. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { LedgerError, VerificationError } from '../../sdk/src/index.ts';
import { addDeviceCommands } from './commands/device.ts';
import { addKeygenCommand } from './commands/keygen.ts';
import { addNodeCommands } from './commands/node.ts';
import { addProveCommand } from './commands/prove.ts';
import { addRegisterCommand } from './commands/register.ts';
import { addRevokeCommand } from './commands/revoke.ts';
import { addSubmitterCommands } from './commands/submitter.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { CommandFailure, type FailureExitCode } from './failure.ts';
import { isSystemError } from './key-files.ts';
import type { NodeActions } from './node-actions.ts';
import { printError, printJson } from './output.ts';

export function createProgram(node: NodeActions): Command {
  const program = new Command('entente')
    .description('A ledger of device identities and certificates that several carriers and CAs run together.')
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('(--help shows what is possible)')
    .addHelpText('after', OVERVIEW);
  addNodeCommands(program, node);
  addKeygenCommand(program);
  addSubmitterCommands(program);
  addDeviceCommands(program);
  addRegisterCommand(program);
  addRevokeCommand(program);
  addProveCommand(program);
  addVerifyCommand(program);
  return program;
}

function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}

const OVERVIEW = `
From nothing to a verified device:
  entente init                                        a ledger of one member, in .entente/node
  entente start                                       runs it on http://127.0.0.1:8080
  entente keygen --out submitter.key.pem              the factory's key
  entente submitter add --key submitter.pub.pem --name "Factory 1" --kind device --dns factory.example
  entente device make --count 10 --out devices --submitter submitter.pub.pem
  entente register devices --key submitter.key.pem
  entente prove devices/cell-000001.crt.pem
  entente verify devices/cell-000001.crt.pem --proof cell-000001.tlog-proof --policy .entente/node/policy.txt

Exit codes: 0 done; 1 refused, all or in part; 2 wrong usage, files or no connection; 130 interrupted.`;

/** Runs one command line, as in `process.argv`, and sets the process's exit code. */
export async function runProgram(program: Command, argv: readonly string[]): Promise<void> {
  process.stdout.on('error', endQuietly);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = reportFailure(error, argv.includes('--json'));
  }
}

/** 128 and the number of SIGPIPE, as shells do. */
const EXIT_PIPE_CLOSED = 141;

/** Whoever read the output has seen enough, as `head` does. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? EXIT_PIPE_CLOSED);
}

/** @throws what is no expected failure: a bug deserves its stack trace. */
function reportFailure(error: unknown, isJson: boolean): FailureExitCode | 0 {
  // Commander has printed help or the usage error already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const failure = expectedFailure(error);
  if (failure === undefined) throw error;
  if (isJson) printJson({ error: failure.code, message: failure.message });
  else printError(failure.message);
  return failure.exitCode;
}

function expectedFailure(error: unknown): CommandFailure | undefined {
  if (error instanceof CommandFailure) return error;
  if (error instanceof VerificationError) {
    return new CommandFailure(`${error.code}: ${error.message}`, { exitCode: 1, code: error.code });
  }
  if (error instanceof LedgerError) return new CommandFailure(error.message, { code: error.code });
  if (isSystemError(error)) return new CommandFailure(describeSystemError(error), { code: error.code ?? 'system' });
  return undefined;
}

/** Node writes `ENOENT: no such file or directory, open 'x'`; people look for the file first. */
function describeSystemError({ message, path, code }: NodeJS.ErrnoException): string {
  const reason = /^\w+: ([^,]+)/.exec(message)?.[1] ?? message;
  return path === undefined ? `${reason} (${code})` : `${path}: ${reason}`;
}
