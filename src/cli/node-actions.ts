/** What the commands that run a node do. The composition root hands them in: nothing else may reach the store and consensus. */

export interface NodeFolder {
  /** The node's folder. */
  readonly data: string;
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
  /** A `postgres://` URL; absent: the database embedded in the node's folder. */
  readonly database?: string;
}

export interface StartOptions extends DatabaseOptions {
  readonly port?: number;
  readonly host?: string;
}

export interface NodeActions {
  init(options: InitOptions): Promise<void>;
  start(options: StartOptions): Promise<void>;
  fsck(options: DatabaseOptions): Promise<void>;
  rebuild(options: DatabaseOptions): Promise<void>;
}
