/** The golden vectors, which test/vectors/golden/make.py wrote. */
import { readFileSync } from 'node:fs';
import { fromHex } from '../../../src/core/bytes.ts';
import type { Cbor } from '../../../src/core/cbor.ts';
import { assert } from '../../../src/core/outcome.ts';

/** Bytes stand as {"bytes": hex}, maps as {"map": [[key, value], ...]}. */
export type PlainValue =
  | number
  | string
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly bytes: string }
  | { readonly map: readonly (readonly [number, PlainValue])[] };

export interface GoldenTransaction {
  readonly spki: string;
  readonly algorithm: -7 | -8;
  readonly signerId: string;
  readonly validUntil: number;
  readonly operation: number;
  readonly expectedVersion: number | null;
  readonly body: PlainValue;
  readonly signedBytes: string;
  readonly bytes: string;
  readonly id: string;
}

type Path = readonly [number, number, readonly string[]];

export interface Golden {
  readonly dcbor: readonly { readonly value: PlainValue; readonly hex: string }[];
  readonly ids: Readonly<
    Record<'networkId' | 'accountSpki' | 'deviceSpki' | 'member' | 'submitter' | 'identity' | 'accountKeyId', string>
  >;
  readonly binding: Readonly<Record<'submitterId' | 'derHash' | 'hash' | 'claimMessage', string>> & {
    readonly epoch: number;
    readonly validUntil: number;
  };
  readonly transactions: { readonly es256: GoldenTransaction; readonly eddsa: GoldenTransaction };
  readonly entries: {
    readonly identity: string;
    readonly ended: string;
    readonly endedReason: 1;
    readonly index: number;
    readonly block: string;
    readonly blockPlaces: Readonly<Record<'height' | 'time' | 'firstEntry' | 'previousBlockEntry', number>>;
  };
  readonly genesis: Readonly<Record<'document' | 'hash' | 'signersHash' | 'statusRoot' | 'root', string>> & {
    readonly entries: readonly string[];
  };
  readonly note: Readonly<Record<'origin' | 'root' | 'logKey' | 'cosignerKey' | 'mlDsaKey' | 'note', string>> & {
    readonly size: number;
    readonly time: number;
  };
  readonly trees: {
    readonly leaves: readonly string[];
    readonly roots: readonly string[];
    readonly inclusion: readonly Path[];
    readonly consistency: readonly Path[];
    readonly statusWords: readonly string[];
    readonly statusLeaves: readonly string[];
    readonly statusRoot: string;
  };
}

const file = new URL('../../vectors/golden/golden.json', import.meta.url);
export const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;

export function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  assert(bytes !== undefined, 'golden vectors are lower-case hexadecimal');
  return bytes;
}

export function cborOf(plain: PlainValue): Cbor {
  if (plain === null || typeof plain !== 'object') return plain;
  if (isList(plain)) return plain.map(cborOf);
  if ('bytes' in plain) return bytesOf(plain.bytes);
  return new Map(plain.map.map(([key, value]) => [key, cborOf(value)]));
}

const isList = (plain: PlainValue): plain is readonly PlainValue[] => Array.isArray(plain);
