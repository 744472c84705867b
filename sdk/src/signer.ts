/** Keys that sign transactions and claims, by WebCrypto alone: the same code in Node, workers and browsers. */
import { concat } from '../../src/core/bytes.ts';
import { COSE_ALGORITHMS, type CoseAlgorithm } from '../../src/protocol/transaction.ts';
import { isLowS } from '../../src/x509/ecdsa.ts';
import { LedgerError } from './ledger-error.ts';
import { decodePem } from './pem.ts';

/** Something that signs: a key in memory, or in front of one that lives in a token or a service. */
export interface Signer {
  /** COSE algorithm: -7 (ES256) for P-256, -8 (EdDSA) for Ed25519. */
  readonly algorithm: CoseAlgorithm;
  /** The public key, a DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** SHA-256 of `spki`, 32 bytes. */
  readonly keyId: Uint8Array;
  /** 64 bytes: r || s with low S (ES256), or R || S (EdDSA). */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

const KEY_TYPES = [
  {
    algorithm: COSE_ALGORITHMS.es256,
    key: { name: 'ECDSA', namedCurve: 'P-256' },
    signing: { name: 'ECDSA', hash: 'SHA-256' },
  },
  { algorithm: COSE_ALGORITHMS.eddsa, key: { name: 'Ed25519' }, signing: { name: 'Ed25519' } },
] as const;

/**
 * A signer from an unencrypted PKCS#8 private key in PEM, P-256 or Ed25519.
 * @throws LedgerError `key_invalid`
 */
export async function signerFromPem(pem: string): Promise<Signer> {
  const [pkcs8, ...more] = decodePem(pem, 'PRIVATE KEY');
  if (pkcs8 === undefined || more.length > 0) {
    throw new LedgerError(
      'key_invalid',
      'expected one PRIVATE KEY block (PKCS#8); `openssl pkcs8 -topk8 -nodes` makes it',
    );
  }
  const { subtle } = globalThis.crypto;
  for (const { algorithm, key, signing } of KEY_TYPES) {
    const privateKey = await subtle
      .importKey('pkcs8', new Uint8Array(pkcs8), key, true, ['sign'])
      .catch(() => undefined);
    if (privateKey === undefined) continue;
    const { d: _private, key_ops: _usages, ...publicJwk } = await subtle.exportKey('jwk', privateKey);
    const publicKey = await subtle.importKey('jwk', publicJwk, key, true, ['verify']);
    const spki = new Uint8Array(await subtle.exportKey('spki', publicKey));
    const keyId = new Uint8Array(await subtle.digest('SHA-256', spki));
    return {
      algorithm,
      spki,
      keyId,
      async sign(message) {
        const signature = new Uint8Array(await subtle.sign(signing, privateKey, new Uint8Array(message)));
        return algorithm === COSE_ALGORITHMS.es256 ? toLowS(signature) : signature;
      },
    };
  }
  throw new LedgerError('key_invalid', 'the private key is neither P-256 nor Ed25519');
}

/** The order n of P-256. @see SP 800-186 §3.2.1.3 */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Of the signatures (r, s) and (r, n - s), both of which verify, the one that the ledger admits. `rs` is r || s, 64 bytes. */
export function toLowS(rs: Uint8Array): Uint8Array {
  if (isLowS(rs)) return rs;
  let s = 0n;
  for (const octet of rs.subarray(32)) s = (s << 8n) | BigInt(octet);
  let rest = ORDER - s;
  const low = new Uint8Array(32);
  for (let i = 31; i >= 0; i--, rest >>= 8n) low[i] = Number(rest & 0xffn);
  return concat(rs.subarray(0, 32), low);
}
