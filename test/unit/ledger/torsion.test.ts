import { expect, test } from 'vitest';
import { CODES } from '../../../src/protocol/codes.ts';
import { portableCrypto } from '../../../src/runtime/crypto.ts';
import { ports } from '../../support/crypto.ts';
import { addSubmitter, makeDevice, makeSubmitter, register } from '../../support/devices.ts';
import { ed25519Key } from '../../support/keys.ts';
import { GENESIS_TIME, TestLedger } from '../../support/ledger.ts';

/** The neutral element as a key: native and portable code disagree about its signatures. */
const neutral = Uint8Array.of(1, ...new Uint8Array(31));
const spki = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00, ...neutral);
const signature = Uint8Array.of(...neutral, ...new Uint8Array(32));

test.each([
  ['native', ports.verifier],
  ['portable', portableCrypto.verifier],
])('a claim by a key with torsion is refused for the key, with %s code', (_, verifier) => {
  const ledger = new TestLedger(1, 'members', { ...ports, verifier });
  const submitter = makeSubmitter('factory');
  ledger.submit(addSubmitter(ledger.member, submitter));
  const { der } = makeDevice('neutral', submitter.recordId, { key: ed25519Key('any'), spki, binding: null });
  const claim = { validUntil: GENESIS_TIME + 900, signature };
  expect(ledger.submit(register(submitter, [{ der, claim }])).items.map(({ code }) => code)).toEqual([
    CODES.key_not_admitted,
  ]);
});
