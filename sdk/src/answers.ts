/** The answers of a node, parsed once where they come in. */
import { fromHex } from '../../src/core/bytes.ts';
import { LedgerError } from './ledger-error.ts';

/** The ledger that a node runs. */
export interface NetworkAnswer {
  /** 32 bytes. */
  readonly networkId: Uint8Array;
  readonly origin: string;
  readonly epoch: number;
  readonly name: string;
  /** SHA-256 of the genesis document, 32 bytes. */
  readonly genesisHash: Uint8Array;
  readonly height: number;
  readonly size: number;
  /**
   * The policy as this node gives it out. Whoever verifies takes it from somebody trusted instead: a policy from the node that is to be
   * checked checks nothing.
   */
  readonly policy: string;
}

/** What the ledger decided about a transaction or an item of it. */
export interface Decision {
  /** 0 = accepted. */
  readonly code: number;
  /** The code's name, such as `accepted` or `out_of_scope`. */
  readonly result: string;
  /** 32 bytes: the record that was made, changed or found. */
  readonly recordId: Uint8Array | null;
  /** The index of that record's entry. */
  readonly index: number | null;
}

export interface TransactionAnswer {
  /** SHA-256 of the transaction, 32 bytes. */
  readonly id: Uint8Array;
  /** The block that decided; null when it changed nothing. */
  readonly height: number | null;
  readonly code: number;
  readonly result: string;
  /** What happened and what to do, for people. */
  readonly message: string;
  readonly items: readonly Decision[];
}

/** One per device, in their order; `item` null when the batch was refused as a whole. Both count from 0. */
export interface RegistrationResult extends Decision {
  readonly batch: number;
  readonly item: number | null;
}

export interface CertificateAnswer {
  /** SHA-256 of the DER, 32 bytes. */
  readonly sha256: Uint8Array;
  readonly recordId: Uint8Array;
  readonly index: number;
  readonly version: number;
  readonly state: IdentityState;
  readonly subjectKind: number;
  readonly controllerId: Uint8Array;
  /** False when the identity no longer holds the certificate. */
  readonly isHeld: boolean;
  /** Seconds since 1970; null when the identity no longer holds the certificate. */
  readonly notBefore: number | null;
  readonly notAfter: number | null;
}

export interface IdentityAnswer {
  readonly recordId: Uint8Array;
  readonly index: number;
  readonly version: number;
  readonly state: IdentityState;
  readonly subjectKind: number;
  readonly controllerId: Uint8Array;
  /** SHA-256 of each live certificate's DER. */
  readonly certificates: readonly Uint8Array[];
}

export type IdentityState = 'active' | 'suspended' | 'ended';

export function parseNetworkAnswer(value: unknown): NetworkAnswer {
  const at = fieldsOf(value);
  return {
    networkId: hash(at, 'networkId'),
    origin: text(at, 'origin'),
    epoch: unsigned(at, 'epoch'),
    name: text(at, 'name'),
    genesisHash: hash(at, 'genesisHash'),
    height: unsigned(at, 'height'),
    size: unsigned(at, 'size'),
    policy: text(at, 'policy'),
  };
}

export function parseTransactionAnswer(value: unknown): TransactionAnswer {
  const at = fieldsOf(value);
  return {
    id: hash(at, 'id'),
    height: orNull(at, 'height', unsigned),
    code: unsigned(at, 'code'),
    result: text(at, 'result'),
    message: text(at, 'message'),
    items: list(at, 'items').map((item) => decision(fieldsOf(item))),
  };
}

/** @throws LedgerError the problem with which the node ends its stream */
export function parseRegistrationResult(value: unknown): RegistrationResult {
  const at = fieldsOf(value);
  if (at['problem'] !== undefined) {
    const problem = text(at, 'problem');
    throw new LedgerError(problem, text(at, 'detail'), { retryable: RETRYABLE_PROBLEMS.has(problem) });
  }
  return { batch: unsigned(at, 'batch'), item: orNull(at, 'item', unsigned), ...decision(at) };
}

export function parseCertificateAnswer(value: unknown): CertificateAnswer {
  const at = fieldsOf(value);
  return {
    sha256: hash(at, 'sha256'),
    recordId: hash(at, 'recordId'),
    index: unsigned(at, 'index'),
    version: unsigned(at, 'version'),
    state: state(at, 'state'),
    subjectKind: unsigned(at, 'subjectKind'),
    controllerId: hash(at, 'controllerId'),
    isHeld: flag(at, 'isHeld'),
    notBefore: orNull(at, 'notBefore', integer),
    notAfter: orNull(at, 'notAfter', integer),
  };
}

export function parseIdentityAnswer(value: unknown): IdentityAnswer {
  const at = fieldsOf(value);
  return {
    recordId: hash(at, 'recordId'),
    index: unsigned(at, 'index'),
    version: unsigned(at, 'version'),
    state: state(at, 'state'),
    subjectKind: unsigned(at, 'subjectKind'),
    controllerId: hash(at, 'controllerId'),
    certificates: list(at, 'certificates').map((sha256) => hash({ sha256 }, 'sha256')),
  };
}

const decision = (at: Fields): Decision => ({
  code: unsigned(at, 'code'),
  result: text(at, 'result'),
  recordId: orNull(at, 'recordId', hash),
  index: orNull(at, 'index', unsigned),
});

/** Problems that pass by themselves. */
const RETRYABLE_PROBLEMS: ReadonlySet<string> = new Set(['overloaded', 'shutting_down', 'not_published_yet']);

type Fields = Readonly<Record<string, unknown>>;

function malformed(name: string): never {
  throw new LedgerError('answer_malformed', `the node's answer has no usable ${name}: is it an Entente node?`);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : malformed('object');
}

function text(at: Fields, name: string): string {
  const value = at[name];
  return typeof value === 'string' ? value : malformed(name);
}

function flag(at: Fields, name: string): boolean {
  const value = at[name];
  return typeof value === 'boolean' ? value : malformed(name);
}

function integer(at: Fields, name: string): number {
  const value = at[name];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : malformed(name);
}

function unsigned(at: Fields, name: string): number {
  const value = integer(at, name);
  return value >= 0 ? value : malformed(name);
}

/** 32 bytes in lower-case hexadecimal. */
function hash(at: Fields, name: string): Uint8Array {
  const bytes = fromHex(text(at, name));
  return bytes?.length === 32 ? bytes : malformed(name);
}

function state(at: Fields, name: string): IdentityState {
  const value = at[name];
  return value === 'active' || value === 'suspended' || value === 'ended' ? value : malformed(name);
}

function list(at: Fields, name: string): readonly unknown[] {
  const value = at[name];
  return Array.isArray(value) ? value : malformed(name);
}

const orNull = <T>(at: Fields, name: string, read: (at: Fields, name: string) => T): T | null =>
  at[name] === null ? null : read(at, name);
