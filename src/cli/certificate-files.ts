/** Certificates from files, folders and standard input, PEM or DER. */
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { decodePem } from '../../sdk/src/index.ts';
import { CommandFailure } from './failure.ts';

export interface CertificateSource {
  /** The file, and which of several in it: `bundle.pem#2`. */
  readonly source: string;
  /** The file that holds it; undefined on standard input. */
  readonly file: string | undefined;
  /** Null when the file holds no certificate. */
  readonly der: Uint8Array | null;
}

export const STANDARD_INPUT = '-';

const CERTIFICATE_NAME = /\.(pem|crt|cer|der)$/i;
/** Private and public keys lie beside certificates; the former are nobody's business. */
const KEY_NAME = /\.(key|pub)(\.pem)?$/i;
/** Larger files are read piece by piece. */
const WHOLE_FILE_BYTES_MAX = 16 * 1_048_576;
const DER_SEQUENCE = 0x30;

/** Files as named, folders by their certificate files, sorted. */
export async function listCertificateFiles(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    if (path === STANDARD_INPUT || !(await stat(path)).isDirectory()) {
      files.push(path);
      continue;
    }
    const names = (await readdir(path)).filter((name) => CERTIFICATE_NAME.test(name) && !KEY_NAME.test(name)).sort();
    if (names.length === 0) throw new CommandFailure(`${path} holds no .pem, .crt, .cer or .der files`);
    files.push(...names.map((name) => join(path, name)));
  }
  return files;
}

export async function* readCertificates(files: readonly string[]): AsyncGenerator<CertificateSource, void> {
  for (const file of files) {
    if (file === STANDARD_INPUT) yield* readPemStream(process.stdin, 'standard input', undefined);
    else if ((await stat(file)).size > WHOLE_FILE_BYTES_MAX) yield* readPemStream(createReadStream(file), file, file);
    else yield* readWhole(file);
  }
}

/** The one certificate of a file. */
export async function readCertificate(file: string): Promise<Uint8Array> {
  const [first, ...more] = decodeCertificates(await readFile(file), file);
  if (first === undefined || more.length > 0) {
    throw new CommandFailure(`${file} holds ${first === undefined ? 'no certificate' : 'several certificates'}`);
  }
  return first;
}

async function* readWhole(file: string): AsyncGenerator<CertificateSource, void> {
  const ders = decodeCertificates(await readFile(file), file);
  if (ders.length === 0) yield { source: file, file, der: null };
  for (const [i, der] of ders.entries()) yield { source: ders.length === 1 ? file : `${file}#${i + 1}`, file, der };
}

function decodeCertificates(content: Uint8Array, file: string): Uint8Array[] {
  if (content[0] === DER_SEQUENCE) return [new Uint8Array(content)];
  return decodeText(new TextDecoder().decode(content), file);
}

function decodeText(text: string, file: string): Uint8Array[] {
  try {
    return decodePem(text, 'CERTIFICATE');
  } catch (error) {
    throw new CommandFailure(`${file}: ${(error as Error).message}`, { code: 'pem_invalid' });
  }
}

async function* readPemStream(
  stream: NodeJS.ReadableStream,
  name: string,
  file: string | undefined,
): AsyncGenerator<CertificateSource, void> {
  let block: string[] | undefined;
  let found = 0;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.startsWith('-----BEGIN ')) block = [];
    block?.push(line);
    if (block === undefined || !line.startsWith('-----END ')) continue;
    for (const der of decodeText(block.join('\n'), name)) {
      found += 1;
      yield { source: `${name}#${found}`, file, der };
    }
    block = undefined;
  }
  if (found === 0) yield { source: name, file, der: null };
}
