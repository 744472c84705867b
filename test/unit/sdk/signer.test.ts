import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LedgerError } from '../../../sdk/src/ledger-error.ts';
import { signerFromPem, toLowS } from '../../../sdk/src/signer.ts';
import { signAddSubmitter, signClaim, signRegistration } from '../../../sdk/src/transactions.ts';
import { verifyMessage } from '../../../src/ledger/signature.ts';
import { claimMessage } from '../../../src/protocol/binding.ts';
import { accountKeyId } from '../../../src/protocol/id.ts';
import { decodeTransaction, signedBytesOf } from '../../../src/protocol/transaction.ts';
import { platformCrypto } from '../../../src/runtime/crypto.ts';
import { isLowS } from '../../../src/x509/ecdsa.ts';
import type { VerifiableKey } from '../../../src/x509/public-key.ts';
import { parseSpki } from '../../../src/x509/spki.ts';

const { hasher, verifier } = platformCrypto();

const pemOf = (type: 'p256' | 'ed25519'): string => {
  const { privateKey } =
    type === 'p256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  return privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
};

const network = { networkId: new Uint8Array(32).fill(7), epoch: 0 };

describe.each(['p256', 'ed25519'] as const)('a signer with a key of type %s', (type) => {
  it('signs what the ledger verifies, always with low S', async () => {
    const signer = await signerFromPem(pemOf(type));
    const key = parseSpki(signer.spki) as VerifiableKey;
    expect(signer.keyId).toEqual(accountKeyId(signer.spki, hasher));
    // Half of all ECDSA signatures have a high S before they are normalized.
    for (let i = 0; i < 32; i++) {
      const message = Uint8Array.of(i);
      expect(verifyMessage(key, message, await signer.sign(message), verifier)).toBe(true);
    }
  });

  it('signs transactions that the ledger decodes', async () => {
    const signer = await signerFromPem(pemOf(type));
    const signatory = { network, recordId: new Uint8Array(32).fill(1), signer };
    const submitter = { name: 'Factory', scope: { subjectKinds: [1] }, accountKeys: [signer.spki] };
    const items = [{ der: Uint8Array.of(0x30, 0), claim: null }];
    const before = Math.floor(Date.now() / 1000);
    for (const bytes of [
      await signAddSubmitter(submitter, signatory),
      await signRegistration({ subjectKind: 1, items }, signatory),
    ]) {
      const decoded = decodeTransaction(bytes);
      if (!decoded.ok) throw new Error(`refused with ${decoded.code}`);
      const { header, signature } = decoded.value;
      const signedBytes = signedBytesOf(decoded.value);
      expect(header.validUntil).toBeGreaterThanOrEqual(before + 900);
      expect(verifyMessage(parseSpki(signer.spki) as VerifiableKey, signedBytes, signature, verifier)).toBe(true);
    }
  });

  it('signs claims over the certificate and the submitter', async () => {
    const device = await signerFromPem(pemOf(type));
    const [submitterId, certificate] = [new Uint8Array(32).fill(2), Uint8Array.of(0x30, 0)];
    const { validUntil, signature } = await signClaim({ network, submitterId, certificate }, device);
    const derHash = hasher.sha256(certificate);
    const message = claimMessage({ ...network, submitterId, derHash, validUntil });
    expect(verifyMessage(parseSpki(device.spki) as VerifiableKey, message, signature, verifier)).toBe(true);
  });
});

describe('signerFromPem', () => {
  it.each([
    ['text without a key', 'nothing'],
    ['a SEC1 key', '-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----'],
    ['a key of another curve', pem384()],
    ['two keys', pemOf('p256') + pemOf('p256')],
  ])('refuses %s', async (_, pem) => {
    const error = await signerFromPem(pem).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LedgerError);
    expect((error as LedgerError).code).toBe('key_invalid');
  });
});

describe('toLowS', () => {
  it('turns a high S into the low one that verifies too, and leaves a low one alone', () => {
    const high = new Uint8Array(64).fill(0xab);
    expect(isLowS(high)).toBe(false);
    const low = toLowS(high);
    expect(isLowS(low)).toBe(true);
    expect(low.subarray(0, 32)).toEqual(high.subarray(0, 32));
    expect(toLowS(low)).toBe(low);
  });
});

function pem384(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
}
