/** The SDK as its users get it: built, packed, installed into an empty folder, run there by more than one Node. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadProofVectors } from '../support/vectors.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SDK = join(ROOT, 'sdk');
const COMMAND_TIMEOUT_MS = 300_000;

const SCRIPT = `
import { readFileSync } from 'node:fs';
import { createVerifier, decodePem, signerFromPem, VerificationError } from '@entente/sdk';
const { policy, proof, certificate, now, maxAge } = JSON.parse(readFileSync('case.json', 'utf8'));
const question = { proof: Buffer.from(proof, 'base64'), certificate: Buffer.from(certificate, 'base64') };
const verify = (at) => {
  try {
    return createVerifier({ policy, maxAgeSeconds: maxAge, clock: () => at }).verifyCertificate(question).height;
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return error.code;
  }
};
const key = await globalThis.crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign']);
const pkcs8 = Buffer.from(await globalThis.crypto.subtle.exportKey('pkcs8', key.privateKey)).toString('base64');
const signer = await signerFromPem('-----BEGIN PRIVATE KEY-----\\n' + pkcs8 + '\\n-----END PRIVATE KEY-----\\n');
const signatureLength = (await signer.sign(new Uint8Array(1))).length;
console.log(JSON.stringify({ node: process.version, now: verify(now), later: verify(now + 86400), signatureLength, pem: decodePem.length }));
`;

let folder: string;
let missingNetwork: string | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'entente-sdk-'));
  execFileSync(process.execPath, [join(ROOT, 'node_modules/tsdown/dist/run.mjs')], { cwd: SDK, stdio: 'pipe' });
  execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: SDK, stdio: 'pipe' });
  const { version } = JSON.parse(readFileSync(join(SDK, 'package.json'), 'utf8')) as { version: string };
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const install = ['install', '--no-audit', '--no-fund', `./entente-sdk-${version}.tgz`];
  const { status, stderr } = spawnSync('npm', install, { cwd: folder, encoding: 'utf8', timeout: COMMAND_TIMEOUT_MS });
  if (status === 0) return;
  const isOffline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(stderr);
  if (!isOffline || process.env['CI'] === 'true') throw new Error(`npm install failed:\n${stderr}`);
  missingNetwork = 'the package registry cannot be reached: the packed SDK was not installed';
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** This Node, and the first other one on the PATH. */
function runtimes(): string[] {
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, 'node'));
  const other = candidates.find((candidate) => existsSync(candidate) && versionOf(candidate) !== process.version);
  return other === undefined ? [process.execPath] : [process.execPath, other];
}

const versionOf = (node: string): string => execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();

describe('the packed SDK', () => {
  it('has the built files, README and license, and nothing else', () => {
    const [packed] = JSON.parse(
      execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: SDK, encoding: 'utf8', stdio: 'pipe' }),
    ) as { files: { path: string }[] }[];
    const files = packed?.files.map(({ path }) => path).sort();
    expect(files).toEqual(['LICENSE', 'README.md', 'dist/index.d.ts', 'dist/index.js', 'package.json']);
  });

  it('imports its three dependencies and no module of Node', () => {
    const built = readFileSync(join(SDK, 'dist/index.js'), 'utf8');
    const imported = [...built.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, name]) => name);
    expect(imported.length).toBeGreaterThan(0);
    for (const name of imported) expect(name).toMatch(/^@noble\/(curves|hashes|post-quantum)\//);
  });

  it.for(runtimes())('verifies and refuses after npm install on %s', (node, { skip }) => {
    if (missingNetwork !== undefined) skip(missingNetwork);
    const proof = loadProofVectors().find(({ expect: verdict }) => verdict === 'ok');
    writeFileSync(join(folder, 'case.json'), JSON.stringify(proof));
    writeFileSync(join(folder, 'verify.mjs'), SCRIPT);
    const output = execFileSync(node, ['verify.mjs'], { cwd: folder, encoding: 'utf8', timeout: COMMAND_TIMEOUT_MS });
    expect(JSON.parse(output)).toMatchObject({
      node: versionOf(node),
      now: expect.any(Number),
      later: 'stale_checkpoint',
      signatureLength: 64,
    });
  });
});
