/** How a command fails: the message for people and the exit code for scripts. */

/** 1: what was asked was refused, all or some of it. 2: it could not be asked: usage, files, connection. */
export type FailureExitCode = 1 | 2;

export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: FailureExitCode;
  /** A snake_case word for scripts. */
  readonly code: string;

  constructor(message: string, { exitCode = 2, code = 'usage' }: { exitCode?: FailureExitCode; code?: string } = {}) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
  }
}
