import { describe, expect, test } from 'vitest';
import { concat, fromUtf8, toBase64, toUtf8 } from '../../../src/core/bytes.ts';
import { formatCheckpoint, isOrigin, parseCheckpoint, parseDecimal } from '../../../src/tlog/checkpoint.ts';
import {
  createVerifierKey,
  formatNote,
  formatVerifierKey,
  isKeyName,
  NOTE_BYTES_MAX,
  parseNote,
  parseVerifierKey,
  SIGNATURE_TYPES,
} from '../../../src/tlog/note.ts';
import { hashOf, ports } from '../../support/crypto.ts';
import { flipped, Random } from '../../support/random.ts';

const { hasher } = ports;
const DATA = toBase64(new Uint8Array(68).fill(1));
const ROOT = toBase64(hashOf('root'));
const SOUND = `example.com/log\n7\n${ROOT}\n\n\u2014 example.com/log ${DATA}\n`;
const isNote = (text: string): boolean => parseNote(fromUtf8(text)).ok;

describe('a note', () => {
  test('is read as it was written', () => {
    const note = {
      text: 'line\n\nparagraph \u00e9\n',
      lines: [
        { name: 'example.com/a', data: new Uint8Array(5) },
        { name: 'b\u00e9', data: new Uint8Array(99).fill(7) },
      ],
    };
    expect(parseNote(fromUtf8(formatNote(note)))).toEqual({ ok: true, value: note });
  });

  test.each([
    ['no signature line', 'text\n\n'],
    ['no blank line', `text\n\u2014 name ${DATA}\n`],
    ['no newline at the end', `text\n\n\u2014 name ${DATA}`],
    ['a blank line at the end', `text\n\n\u2014 name ${DATA}\n\n`],
    ['a blank line between signatures', `text\n\n\u2014 name ${DATA}\n\n\u2014 name\n`],
    ['another dash', `text\n\n- name ${DATA}\n`],
    ['an en dash', `text\n\n\u2013 name ${DATA}\n`],
    ['no space behind the dash', `text\n\n\u2014name ${DATA}\n`],
    ['a no-break space behind the dash', `text\n\n\u2014\u00a0name ${DATA}\n`],
    ['two spaces', `text\n\n\u2014 name  ${DATA}\n`],
    ['a space at the end of the line', `text\n\n\u2014 name ${DATA} \n`],
    ['no name', `text\n\n\u2014  ${DATA}\n`],
    ['a plus in the name', `text\n\n\u2014 na+me ${DATA}\n`],
    ['an ideographic space in the name', `text\n\n\u2014 na\u3000me ${DATA}\n`],
    ['a next-line character in the name', `text\n\n\u2014 na\u0085me ${DATA}\n`],
    ['no signature', 'text\n\n\u2014 name\n'],
    ['an empty signature', 'text\n\n\u2014 name \n'],
    ['a key id and nothing behind it', `text\n\n\u2014 name ${toBase64(new Uint8Array(4))}\n`],
    ['base64 without padding', 'text\n\n\u2014 name AAAAAAA\n'],
    ['base64 with spare bits', 'text\n\n\u2014 name AAAAAAB=\n'],
    ['base64url', 'text\n\n\u2014 name AAAA-_AA\n'],
    ['a tabulator', `te\txt\n\n\u2014 name ${DATA}\n`],
    ['a carriage return', `text\r\n\n\u2014 name ${DATA}\n`],
    ['a null character', `te\0xt\n\n\u2014 name ${DATA}\n`],
    ['a unit separator', `te\x1fxt\n\n\u2014 name ${DATA}\n`],
  ])('is refused with %s', (_, text) => {
    expect(isNote(`text\n\n\u2014 name ${DATA}\n`)).toBe(true);
    expect(isNote(text)).toBe(false);
  });

  test('may have a signer whose name has any character but spaces and plus', () => {
    const spaces = '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2005\u200a\u2028\u2029\u202f\u205f\u3000';
    for (const space of spaces) expect(isKeyName(`na${space}me`)).toBe(false);
    for (const other of '\ufeff\u200b\u180e\u2060\u00ad=-/\u00e9\u6c34') expect(isKeyName(`na${other}me`)).toBe(true);
    for (let code = 0; code < 0x20; code++) expect(isKeyName(`a${String.fromCharCode(code)}`)).toBe(false);
  });

  test('is refused with invalid UTF-8, and above its size', () => {
    const [text, rest] = [fromUtf8('text'), fromUtf8(`\n\n\u2014 name ${DATA}\n`)];
    expect(parseNote(concat(text, Uint8Array.of(0xff), rest)).ok).toBe(false);
    expect(isNote(`${'a'.repeat(NOTE_BYTES_MAX)}\n\n\u2014 name ${DATA}\n`)).toBe(false);
  });
});

describe('a checkpoint', () => {
  const parse = (text: string) => parseCheckpoint(fromUtf8(text));
  const change = (from: string | RegExp, to: string) => parse(SOUND.replace(from, to));

  test('is read as it was written', () => {
    const parsed = parse(SOUND);
    expect(parsed.ok && formatCheckpoint(parsed.value)).toBe(SOUND);
    expect(parsed).toMatchObject({ value: { origin: 'example.com/log', size: 7, root: hashOf('root') } });
  });

  test('accepts no byte string but the one that it would write', () => {
    const random = new Random('checkpoint');
    const bytes = fromUtf8(SOUND);
    for (let at = 0; at < bytes.length; at++) {
      const changed = flipped(bytes, at, random.below(8));
      const parsed = parseCheckpoint(changed);
      if (parsed.ok) expect(formatCheckpoint(parsed.value)).toBe(toUtf8(changed));
    }
  });

  test.each([
    ['no origin', 'example.com/log\n7', '\n7'],
    ['a space in the origin', 'example.com/log\n', 'example.com log\n'],
    ['a plus in the origin', 'example.com/log\n', 'example.com+log\n'],
    ['an origin that is no ASCII', 'example.com/log\n', 'ex\u00e4mple.com/log\n'],
    ['an origin of 191 bytes', 'example.com/log\n', `${'o'.repeat(191)}\n`],
    ['a leading zero', '\n7\n', '\n07\n'],
    ['a sign', '\n7\n', '\n+7\n'],
    ['a negative size', '\n7\n', '\n-7\n'],
    ['a hexadecimal size', '\n7\n', '\n0x7\n'],
    ['an exponent', '\n7\n', '\n7e1\n'],
    ['a size of 2^53', '\n7\n', '\n9007199254740992\n'],
    ['a size of 17 digits', '\n7\n', '\n10000000000000000\n'],
    ['a digit of another script', '\n7\n', '\n\u0667\n'],
    ['no size', '\n7\n', '\n\n'],
    ['a root of 31 bytes', ROOT, toBase64(new Uint8Array(31))],
    ['a root of 33 bytes', ROOT, toBase64(new Uint8Array(33))],
    ['a root without padding', ROOT, ROOT.replace('=', '')],
    ['a root with spare bits', ROOT, `${ROOT.slice(0, 42)}${ROOT[42] === 'B' ? 'C' : 'B'}=`],
    ['no root', `\n${ROOT}`, ''],
  ])('is refused with %s', (_, from, to) => {
    expect(change(from, to)).toEqual({ ok: false, code: 'malformed' });
  });

  test('is refused with an extension line, even an empty one, under a code of its own', () => {
    expect(change(ROOT, `${ROOT}\nextension`)).toEqual({ ok: false, code: 'extension_line' });
    expect(change(`${ROOT}\n\n`, `${ROOT}\n\n\n`)).toEqual({ ok: false, code: 'extension_line' });
  });

  test('accepts the longest origin and the greatest size', () => {
    expect(change('example.com/log\n', `${'o'.repeat(190)}\n`).ok).toBe(true);
    expect(change('\n7\n', '\n9007199254740991\n').ok).toBe(true);
    expect(parseDecimal('0')).toBe(0);
    expect(isOrigin('')).toBe(false);
  });
});

describe('a verifier key', () => {
  const key = hashOf('key whose id has letters');
  const vkey = formatVerifierKey(createVerifierKey('example.com/log', SIGNATURE_TYPES.ed25519, key, hasher));
  const [name, id, material] = vkey.split('+') as [string, string, string];
  const ofType = (type: number, length: number): string => {
    const content = concat(Uint8Array.of(type), new Uint8Array(length));
    const keyId = hasher.sha256(concat(fromUtf8('n\n'), content)).subarray(0, 4);
    return `n+${Buffer.from(keyId).toString('hex')}+${toBase64(content)}`;
  };

  test('is read as it was written, also with a plus in its base64', () => {
    expect(parseVerifierKey(vkey, hasher)).toMatchObject({ name: 'example.com/log', type: 1, key });
    for (let i = 0; i < 64; i++) {
      const other = createVerifierKey('n', SIGNATURE_TYPES.ed25519Cosignature, hashOf(`key ${i}`), hasher);
      expect(parseVerifierKey(formatVerifierKey(other), hasher)).toEqual(other);
    }
  });

  test('has the length of its type', () => {
    for (const [type, length] of [
      [1, 32],
      [4, 32],
      [6, 1312],
    ] as const) {
      expect(parseVerifierKey(ofType(type, length), hasher)?.type).toBe(type);
      expect(parseVerifierKey(ofType(type, length - 1), hasher)).toBeUndefined();
      expect(parseVerifierKey(ofType(type, length + 1), hasher)).toBeUndefined();
    }
    for (const type of [0, 2, 3, 5, 255]) expect(parseVerifierKey(ofType(type, 32), hasher)).toBeUndefined();
  });

  test.each([
    ['', 'nothing'],
    [name, 'no key id'],
    [`${name}+${id}`, 'no key'],
    [`+${id}+${material}`, 'no name'],
    [`a b+${id}+${material}`, 'a space in the name'],
    [`${name}+${id.toUpperCase()}+${material}`, 'an upper case key id'],
    [`${name}+${id.slice(1)}+${material}`, 'a short key id'],
    [`${name}+00000000+${material}`, 'a key id of another key'],
    [`other+${id}+${material}`, 'the key id of another name'],
    [`${name}+${id}+${material.replace(/=*$/, '')}`, 'a missing padding'],
    [`${name}+${id}+${material} `, 'a space at the end'],
    [`${name}+${id}+`, 'an empty key'],
  ])('is refused: %j (%s)', (text) => {
    expect(parseVerifierKey(text, hasher)).toBeUndefined();
  });

  test('has a name of at most 255 bytes', () => {
    const named = (length: number): string =>
      formatVerifierKey(createVerifierKey('n'.repeat(length), SIGNATURE_TYPES.ed25519, key, hasher));
    expect(parseVerifierKey(named(255), hasher)).toBeDefined();
    expect(parseVerifierKey(named(256), hasher)).toBeUndefined();
  });
});
