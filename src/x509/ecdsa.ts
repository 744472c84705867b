/** ECDSA signatures on P-256: from the DER of certificates to the r||s of the signature port and of COSE. */
import { compare, fromHex } from '../core/bytes.ts';
import { accept, assert, type Outcome, refuse } from '../core/outcome.ts';
import { DerMalformed, DerReader, type DerReason, SEQUENCE } from './der.ts';

/** `scalar_out_of_range`: r or s is not in 1 to n-1 (FIPS 186-5 §6.4.2). */
export type EcdsaReason = DerReason | 'scalar_out_of_range';

export interface EcdsaRefusal {
  readonly reason: EcdsaReason;
  readonly offset: number;
}

/**
 * r||s (64 octets) of a DER signature with both scalars in range. High s is allowed: CAs do not normalize.
 * @see RFC 3279 §2.2.3
 */
export function parseEcdsaSignature(der: Uint8Array): Outcome<Uint8Array, EcdsaRefusal> {
  try {
    const reader = new DerReader(der);
    const outerEnd = reader.enter(SEQUENCE);
    const signature = new Uint8Array(64);
    for (const at of [0, 32]) {
      const start = reader.at;
      if (!copyScalar(reader.integer(), signature.subarray(at, at + 32))) {
        return refuse({ reason: 'scalar_out_of_range', offset: start });
      }
    }
    reader.leave(outerEnd);
    reader.leave(der.length);
    return accept(signature);
  } catch (error) {
    if (error instanceof DerMalformed) return refuse({ reason: error.reason, offset: error.offset });
    throw error;
  }
}

/** True when s is at most (n-1)/2: of the two signatures (r, s) and (r, n-s) COSE messages carry this one only. `rs` is r||s. */
export function isLowS(rs: Uint8Array): boolean {
  return rs.length === 64 && compare(rs.subarray(32), HALF_ORDER) <= 0;
}

/** n and (n-1)/2 of P-256. @see FIPS 186-5, SP 800-186 §3.2.1.3 */
const ORDER = scalar('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const HALF_ORDER = scalar('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8');

function scalar(hex: string): Uint8Array {
  const octets = fromHex(hex);
  assert(octets?.length === 32, 'a scalar of P-256 has 32 octets');
  return octets;
}

/** Copies the content of a minimal INTEGER to 32 octets; false when it is not in 1 to n-1. */
function copyScalar(integer: Uint8Array, out: Uint8Array): boolean {
  const isNegative = (integer[0] as number) >= 0x80;
  const magnitude = integer[0] === 0 ? integer.subarray(1) : integer;
  if (isNegative || magnitude.length === 0 || magnitude.length > 32) return false;
  out.set(magnitude, 32 - magnitude.length);
  return compare(out, ORDER) < 0;
}
