/** Key files: PKCS#8 and SubjectPublicKeyInfo in PEM. */
import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { decodePem, type Signer, signerFromPem } from '../../sdk/src/index.ts';
import { CommandFailure } from './failure.ts';

export async function readSigner(file: string): Promise<Signer> {
  try {
    return await signerFromPem(await readFile(file, 'utf8'));
  } catch (error) {
    throw isSystemError(error)
      ? error
      : new CommandFailure(`${file}: ${(error as Error).message}`, { code: 'key_invalid' });
  }
}

/** The DER SubjectPublicKeyInfo of a public key, or of the private key in the file. */
export async function readPublicKey(file: string): Promise<Uint8Array> {
  const pem = await readFile(file, 'utf8');
  const [spki] = decodePem(pem, 'PUBLIC KEY');
  if (spki !== undefined) return spki;
  try {
    return new Uint8Array(createPublicKey(pem).export({ format: 'der', type: 'spki' }));
  } catch {
    throw new CommandFailure(`${file} holds neither a public nor a private key in PEM`, { code: 'key_invalid' });
  }
}

export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error;
