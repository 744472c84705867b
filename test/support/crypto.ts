/** The crypto ports as a node has them. */
import type { LedgerPorts } from '../../src/ledger/ports.ts';
import { platformCrypto } from '../../src/runtime/crypto.ts';
import { createTreeHasher } from '../../src/tlog/tree.ts';

const { hasher, verifier } = platformCrypto();

export const ports: LedgerPorts = { hasher, verifier, tree: createTreeHasher(hasher) };

/** A number of 32 bytes from a text. */
export const hashOf = (text: string): Uint8Array => hasher.sha256(new TextEncoder().encode(text));
