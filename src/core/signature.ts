/** The signature port and the algorithms that the formats know. */

/** Names follow the use: `ecdsa-p256-sha256` signatures are DER in certificates and raw r||s in COSE. */
export type SignatureAlgorithm = 'ecdsa-p256-sha256' | 'ed25519';

/** A signature check on bytes that were parsed strictly before. The verdict is true or false; anything else stops the node. */
export interface SignatureVerifier {
  /** ECDSA on P-256 with SHA-256. `publicKey` is the uncompressed point (65 bytes), `signature` r||s (64 bytes). */
  verifyP256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /**
   * Ed25519 without the cofactor, for a key that `isTorsionFree` accepts; implementations disagree about others. `publicKey` is 32 bytes.
   * @see RFC 8032 §5.1.7
   */
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** True for a canonical Ed25519 key in the prime-order subgroup, the neutral element excepted: anybody can sign for that one. */
  isTorsionFree(publicKey: Uint8Array): boolean;
  /** ML-DSA-44 with an empty context. `publicKey` is 1312 bytes, `signature` 2420. @see FIPS 204 */
  verifyMlDsa44(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}
