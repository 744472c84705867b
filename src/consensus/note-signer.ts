/** Keys that sign notes, from PKCS#8 files. */
import { createPrivateKey, sign } from 'node:crypto';
import type { Hasher } from '../core/hash.ts';
import { publicKeyOf, rawEd25519, readDataFile } from '../runtime/data-folder.ts';
import { createVerifierKey, type SignatureType } from '../tlog/note.ts';
import type { NoteSigner } from './checkpoint-signer.ts';

/** Loads an Ed25519 key. @throws DataFolderError */
export function loadNoteSigner(path: string, name: string, type: SignatureType, hasher: Hasher): NoteSigner {
  const privateKey = createPrivateKey(Buffer.from(readDataFile(path)));
  return {
    key: createVerifierKey(name, type, rawEd25519(publicKeyOf(privateKey)), hasher),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}
