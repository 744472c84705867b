/** The hash port: SHA-256 by whatever the platform does fastest. */
export interface Hasher {
  /** @see FIPS 180-4. Returns 32 bytes that the caller owns, and keeps nothing of `data`, which the caller may write over. */
  sha256(data: Uint8Array): Uint8Array;
}

export const HASH_LENGTH = 32;
