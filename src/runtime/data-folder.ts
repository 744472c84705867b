/** The data folder of a node: genesis, policy, keys; the lock, the high-water mark and the embedded database join them. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/** Where things are in a data folder. */
export const dataPaths = (folder: string) => ({
  genesis: join(folder, 'genesis.cbor'),
  policy: join(folder, 'policy.txt'),
  highWater: join(folder, 'high-water'),
  pglite: join(folder, 'pglite'),
  accountKey: join(folder, 'keys', 'account.pem'),
  validatorKey: join(folder, 'keys', 'validator.pem'),
  logKey: join(folder, 'keys', 'log.pem'),
  cosignerKey: join(folder, 'keys', 'cosigner.pem'),
});

/** Makes a private key, writes it for its owner alone and returns the public one. */
function makeKey(path: string, type: 'p256' | 'ed25519'): KeyObject {
  const { privateKey, publicKey } =
    type === 'p256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  return publicKey;
}

export interface MemberPublicKeys {
  /** DER SubjectPublicKeyInfo. */
  readonly accountKey: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly validatorKey: Uint8Array;
  readonly logKey: Uint8Array;
  readonly cosignerKey: Uint8Array;
}

/** Makes the folder and the keys of a new member. @throws DataFolderError when a ledger is there already */
export function createDataFolder(folder: string): MemberPublicKeys {
  const paths = dataPaths(folder);
  if (existsSync(paths.genesis)) throw new DataFolderError(`${folder} holds a ledger already`);
  mkdirSync(join(folder, 'keys'), { recursive: true, mode: 0o700 });
  try {
    return {
      accountKey: new Uint8Array(makeKey(paths.accountKey, 'p256').export({ type: 'spki', format: 'der' })),
      validatorKey: rawEd25519(makeKey(paths.validatorKey, 'ed25519')),
      logKey: rawEd25519(makeKey(paths.logKey, 'ed25519')),
      cosignerKey: rawEd25519(makeKey(paths.cosignerKey, 'ed25519')),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new DataFolderError(`${join(folder, 'keys')} holds keys already: move them away first`, { cause: error });
  }
}

/** The 32 bytes of an Ed25519 public key. */
export function rawEd25519(publicKey: KeyObject): Uint8Array {
  const { crv, x } = publicKey.export({ format: 'jwk' });
  if (crv !== 'Ed25519' || x === undefined) throw new DataFolderError('not an Ed25519 key');
  return new Uint8Array(Buffer.from(x, 'base64url'));
}

/** The public half of a private key file. */
export const publicKeyOf = (privateKey: KeyObject): KeyObject =>
  createPublicKey({ key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, format: 'pem' });

/** @throws DataFolderError when the file is not there */
export function readDataFile(path: string): Uint8Array {
  if (!existsSync(path))
    throw new DataFolderError(`${path} is missing: restore it from your backup, or make a new ledger by entente init`);
  return new Uint8Array(readFileSync(path));
}
