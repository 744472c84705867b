/**
 * What the commands that run a node do, printing included. The composition root hands them in: nothing else may reach the store and
 * consensus. What an operator can mend is thrown as a CommandFailure.
 */

export interface NodeFolder {
  /** The node's folder; absent: as the node's configuration says. */
  readonly data?: string;
}

export interface InitOptions extends NodeFolder {
  /** The log's origin: a name such as `ledger.example/main`. */
  readonly origin?: string;
  /** The ledger's name, for people. */
  readonly name?: string;
  /** Print one JSON object. */
  readonly json?: boolean;
}

export interface DatabaseOptions extends NodeFolder {
  /** A `postgres://` URL; absent: as the node's configuration says. */
  readonly database?: string;
}

export interface StartOptions extends DatabaseOptions {
  readonly port?: number;
  readonly host?: string;
}

export interface FsckOptions extends DatabaseOptions {
  /** Run every signed transaction again. */
  readonly replay?: boolean;
}

export interface NodeActions {
  init(options: InitOptions): Promise<void>;
  /** Ends when the node was stopped. */
  start(options: StartOptions): Promise<void>;
  fsck(options: FsckOptions): Promise<void>;
  rebuild(options: DatabaseOptions): Promise<void>;
}
