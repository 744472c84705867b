/** What an attacker does to files. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { decodePem } from '../../../sdk/src/index.ts';
import { DemoFailure } from './commands.ts';

/** Changes the last bit of a certificate: its signature. */
export async function tamperCertificate(from: string, to: string): Promise<void> {
  const der = await readDer(from);
  flipLastBit(der, der.length);
  const base64 = Buffer.from(der).toString('base64');
  await writeFile(to, `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`);
}

/** Puts another certificate's hash into the entry of a binary proof. */
export async function tamperEntry(
  { proof, certificate, other }: { proof: string; certificate: string; other: string },
  to: string,
): Promise<void> {
  const bytes = await readFile(proof);
  const at = bytes.indexOf(await hashOf(certificate));
  if (at < 0) throw new DemoFailure(`${proof} does not name its certificate`);
  bytes.set(await hashOf(other), at);
  await writeFile(to, bytes);
}

/** Changes the last bit of the cosignature, the last line of a text proof. */
export async function tamperCosignature(from: string, to: string): Promise<void> {
  const text = await readFile(from, 'utf8');
  const at = text.trimEnd().lastIndexOf(' ') + 1;
  const signature = Buffer.from(text.slice(at).trim(), 'base64');
  flipLastBit(signature, signature.length);
  await writeFile(to, `${text.slice(0, at)}${signature.toString('base64')}\n`);
}

function flipLastBit(bytes: Uint8Array, length: number): void {
  bytes[length - 1] = (bytes[length - 1] as number) ^ 1;
}

const hashOf = async (certificate: string): Promise<Buffer> =>
  createHash('sha256')
    .update(await readDer(certificate))
    .digest();

async function readDer(file: string): Promise<Uint8Array> {
  const [der] = decodePem(await readFile(file, 'utf8'), 'CERTIFICATE');
  if (der === undefined) throw new DemoFailure(`${file} holds no certificate`);
  return der;
}
