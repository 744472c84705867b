import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { bindingHash } from '../../src/protocol/binding.ts';
import { parseCertificate } from '../../src/x509/certificate.ts';
import { checkSelfSigned } from '../../src/x509/self-signed.ts';
import { hashOf, ports } from '../support/crypto.ts';
import { newFolder } from '../support/databases.ts';
import { buildGo, isGoMissing } from '../support/go.ts';
import { isOpensslMissing } from '../support/openssl.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const NETWORK = hashOf('a network');
const SUBMITTER = hashOf('a submitter');
const BINDING = toHex(bindingHash(NETWORK, SUBMITTER, ports.hasher));

/** Certificates as the command line makes them without a node: P-256 and Ed25519, ours and by openssl. */
const folder = newFolder();
let files: string[] = [];

beforeAll(() => {
  const made = ['device', 'make', '--count', '8', '--algorithm', 'mixed', '--out', folder];
  const offline = ['--submitter', toHex(SUBMITTER), '--network-id', toHex(NETWORK)];
  const byOpenssl = isOpensslMissing ? [] : ['--openssl', '4'];
  execFileSync(process.execPath, [MAIN, ...made, ...offline, ...byOpenssl], { stdio: 'pipe' });
  files = readdirSync(folder).filter((name) => name.endsWith('.crt.pem'));
  expect(files).toHaveLength(8);
});

const derOf = (file: string): Uint8Array => new Uint8Array(new X509Certificate(readFileSync(join(folder, file))).raw);

it('our own reader reads every device certificate with its binding', () => {
  for (const file of files) {
    const certificate = parseCertificate(derOf(file));
    if (!certificate.ok) throw new Error(`${file}: ${certificate.code.reason}`);
    expect(toHex(certificate.value.binding ?? new Uint8Array(0))).toBe(BINDING);
    expect(checkSelfSigned(certificate.value, ports.verifier).ok).toBe(true);
  }
});

describe.skipIf(isOpensslMissing)('openssl', () => {
  it('reads and verifies every device certificate with the binding extension', () => {
    for (const file of files) {
      const path = join(folder, file);
      const text = execFileSync('openssl', ['x509', '-in', path, '-noout', '-text'], { encoding: 'utf8' });
      expect(text).toContain('1.3.6.1.4.1.32473.1.1');
      expect(execFileSync('openssl', ['verify', '-CAfile', path, path], { encoding: 'utf8' })).toContain(': OK');
    }
  });
});

describe.skipIf(isGoMissing)("Go's crypto/x509", () => {
  it('reads and verifies every device certificate, and sees the same binding', () => {
    const readcert = buildGo('readcert');
    for (const file of files) {
      expect(execFileSync(readcert, { input: derOf(file), encoding: 'utf8' }).trim(), file).toBe(BINDING);
    }
  });
});
