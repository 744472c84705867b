import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LedgerError } from '../../../sdk/src/ledger-error.ts';
import { decodePem } from '../../../sdk/src/pem.ts';

const block = (label: string, content: string): string =>
  `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;

/** What a block is, as one expression, which takes quadratic time. */
const BLOCK = /-----BEGIN ([^\r\n-]+)-----\s([\s\S]*?)-----END \1-----/g;
const PIECES = [
  '-----BEGIN A-----',
  '-----BEGIN B-----',
  '-----END A-----',
  '-----END B-----',
  '\n',
  '-----',
  'AQID',
  'A',
];
const hasBlock = (text: string, label: string): boolean =>
  [...text.matchAll(BLOCK)].some(([, found]) => found === label);

function contentsOf(text: string, label: string): string[] | 'pem_invalid' {
  const contents = [...text.matchAll(BLOCK)].filter(([, found]) => found === label);
  const decoded = contents.map(([, , content = '']) => content.replace(/\s/g, ''));
  return decoded.every((content) => /^(?:AQID)+$/.test(content)) ? decoded : 'pem_invalid';
}

function decoded(text: string, label: string): string[] | 'pem_invalid' {
  try {
    return decodePem(text, label).map((der) => Buffer.from(der).toString('base64'));
  } catch (error) {
    expect(error).toBeInstanceOf(LedgerError);
    return 'pem_invalid';
  }
}

describe('decodePem', () => {
  it('takes the blocks of the label in their order and skips the rest', () => {
    const text = `bag attributes\n${block('A', 'AQ==')}${block('B', 'Ag==')}between\r\n${block('A', 'Aw==\r\n')}`;
    expect(decodePem(text, 'A')).toEqual([Uint8Array.of(1), Uint8Array.of(3)]);
    expect(decodePem(text, 'C')).toEqual([]);
  });

  it('skips a beginning without an end', () => {
    expect(decodePem(`-----BEGIN B-----\n${block('A', 'AQ==')}`, 'A')).toEqual([Uint8Array.of(1)]);
  });

  it('refuses a block that begins twice', () => {
    expect(() => decodePem(`-----BEGIN A-----\n${block('A', 'AQ==')}`, 'A')).toThrow('a A block is not base64');
  });

  it('finds exactly the blocks that the expression finds', () => {
    const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 24 }).map((parts) => parts.join(''));
    const oneByOne = fc.property(pieces, (text) => {
      for (const label of ['A', 'B']) expect(decoded(text, label)).toEqual(contentsOf(text, label));
    });
    fc.assert(oneByOne, { numRuns: 5000, examples: [[`-----BEGIN A-----\n-----END A-----END A-----`]] });
    expect(fc.sample(pieces, 1000).some((text) => hasBlock(text, 'A'))).toBe(true);
  });

  it.each([
    ['one label', () => 'A'],
    ['many labels', (i: number) => `A${i}`],
  ])('takes linear time for beginnings without an end, of %s', (_, label) => {
    const text = Array.from({ length: 40_000 }, (_line, i) => `-----BEGIN ${label(i)}-----\n`).join('');
    const started = performance.now();
    expect(decodePem(text, 'A')).toEqual([]);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
