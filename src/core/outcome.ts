/** A result that either holds a value or says, by a code, why there is none. */
export type Outcome<T, Code> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: Code };

export const accept = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

export const refuse = <Code>(code: Code): { readonly ok: false; readonly code: Code } => ({ ok: false, code });

/** A broken invariant: the programmer's error, never the input's. Nothing catches it; the node stops. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** @throws InvariantError when the condition does not hold. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
