/** PEM: the text form of certificates and keys. @see RFC 7468 */
import { fromBase64 } from '../../src/core/bytes.ts';
import { LedgerError } from './ledger-error.ts';

const BEGIN = /-----BEGIN ([^\r\n-]+)-----\s/g;
/** The last dashes may be the first ones of the next line. */
const END = /-----END ([^\r\n-]+)(?=-----)/g;
const DASHES = 5;

/**
 * The DER contents of all blocks of one label, such as 'CERTIFICATE', in their order. Other blocks and text around them are skipped.
 * @throws LedgerError `pem_invalid` when a block of the label is no base64
 */
export function decodePem(text: string, label: string): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (const { found, content } of blocksOf(text)) {
    if (found !== label) continue;
    const der = fromBase64(content.replace(/\s/g, ''));
    if (der === undefined || der.length === 0) throw new LedgerError('pem_invalid', `a ${label} block is not base64`);
    blocks.push(der);
  }
  return blocks;
}

interface Block {
  readonly found: string;
  readonly content: string;
}

/** Each from a BEGIN to the next END of the same label; a BEGIN without one is skipped. Linear in the text, which may be hostile. */
function* blocksOf(text: string): Generator<Block, void> {
  const ends = endsByLabel(text);
  let after = 0;
  for (const { 0: line, 1: found = '', index } of text.matchAll(BEGIN)) {
    if (index < after) continue;
    const start = index + line.length;
    const own = ends.get(found) ?? [];
    while ((own.at(-1)?.index ?? start) < start) own.pop();
    const end = own.pop();
    if (end === undefined) continue;
    yield { found, content: text.slice(start, end.index) };
    after = end.index + end[0].length + DASHES;
  }
}

/** The END lines of each label, the last one first: those that were passed are popped. */
function endsByLabel(text: string): Map<string, RegExpExecArray[]> {
  const ends = new Map<string, RegExpExecArray[]>();
  for (const end of [...text.matchAll(END)].reverse()) {
    const label = end[1] ?? '';
    const others = ends.get(label);
    if (others === undefined) ends.set(label, [end]);
    else others.push(end);
  }
  return ends;
}
