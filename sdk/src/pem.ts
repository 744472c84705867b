/** PEM: the text form of certificates and keys. @see RFC 7468 */
import { fromBase64 } from '../../src/core/bytes.ts';
import { LedgerError } from './ledger-error.ts';

const BLOCK = /-----BEGIN ([^\r\n-]+)-----\s([\s\S]*?)-----END \1-----/g;

/**
 * The DER contents of all blocks of one label, such as 'CERTIFICATE', in their order. Other blocks and text around them are skipped.
 * @throws LedgerError `pem_invalid` when a block of the label is no base64
 */
export function decodePem(text: string, label: string): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (const [, found, content] of text.matchAll(BLOCK)) {
    if (found !== label) continue;
    const der = fromBase64((content as string).replace(/\s/g, ''));
    if (der === undefined || der.length === 0) throw new LedgerError('pem_invalid', `a ${label} block is not base64`);
    blocks.push(der);
  }
  return blocks;
}
