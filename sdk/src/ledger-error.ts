/** Failures on the way to the ledger: keys, limits, the network. A refusal by the ledger itself is an answer, not an error. */

/** Codes of this package; a node adds its own in problem documents. They are added, never renamed. */
export type LedgerErrorCode =
  /** Not a PKCS#8 private key, P-256 or Ed25519. */
  | 'key_invalid'
  /** Not a PEM block of the expected label. */
  | 'pem_invalid'
  /** More than 1,000 items or more than 1 MiB in one batch. */
  | 'batch_too_large'
  /** One certificate that fits into no batch. */
  | 'item_too_large'
  /** No connection, or it broke. */
  | 'unreachable'
  | 'timed_out'
  /** The answer is not what the API promises: another server, or another version. */
  | 'answer_malformed'
  /** An HTTP status without a problem document. */
  | 'http_status';

/** `code` is one of `LedgerErrorCode`, or the code of the problem document that the node answered with. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerErrorCode | (string & {});
  /** The same request may succeed later. Requests are idempotent: a repeated registration gets the first one's answer. */
  readonly retryable: boolean;
  /** The HTTP status, when the node answered. */
  readonly status: number | undefined;

  constructor(
    code: LedgerErrorCode | (string & {}),
    message: string,
    { retryable = false, status, cause }: { retryable?: boolean; status?: number; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = retryable;
    this.status = status;
  }
}
