import { describe, expect, test } from 'vitest';
import { concat } from '../../../src/core/bytes.ts';
import { CODES } from '../../../src/protocol/codes.ts';
import { parseEcdsaSignature } from '../../../src/x509/ecdsa.ts';
import { ecdsaToDer } from '../../support/certificate.ts';
import { type Device, endIdentity, makeClaim, makeDevice, register } from '../../support/devices.ts';
import { ed25519Key, p256Key, withOtherS } from '../../support/keys.ts';
import { type Account, GENESIS_TIME } from '../../support/ledger.ts';
import { bareDevice, claimed, codeNames, itemNames, makeParties, type Parties } from '../../support/parties.ts';

const VALID_UNTIL = GENESIS_TIME + 900;

/** Everything that a factory may do with the device is still open to it. */
const registers = ({ ledger, factory }: Parties, device: Device): void =>
  expect(itemNames(ledger.submit(register(factory, [device])))).toEqual(['accepted']);

describe('a rival', () => {
  test("cannot register a factory's certificate first", () => {
    const parties = makeParties();
    const { ledger, factory, rival } = parties;
    const device = makeDevice('stolen', factory.recordId);
    expect(itemNames(ledger.submit(register(rival, [device])))).toEqual(['binding_mismatch']);
    registers(parties, device);
  });

  test('cannot register it first with a claim of its own', () => {
    const { ledger, factory, rival } = makeParties();
    const device = bareDevice('claims');
    const own = makeClaim(
      { ...device, key: p256Key('rival') },
      { submitterId: rival.recordId, validUntil: VALID_UNTIL },
    );
    for (const { claim } of [{ claim: own }, claimed(device, factory)]) {
      const answer = ledger.submit(register(rival, [{ der: device.der, claim }]));
      expect(itemNames(answer)).toEqual(['bad_claim_signature']);
    }
    expect(itemNames(ledger.submit(register(factory, [claimed(device, factory)])))).toEqual(['accepted']);
  });

  test('cannot take the key with a certificate of its own for it', () => {
    const parties = makeParties();
    const { ledger, factory, rival } = parties;
    const device = makeDevice('owner', factory.recordId);
    const forged = makeDevice('owner', rival.recordId, { key: p256Key('rival'), spki: device.key.spki });
    expect(itemNames(ledger.submit(register(rival, [forged])))).toEqual(['bad_certificate_signature']);
    registers(parties, device);
  });

  test('learns nothing of what a factory registered, and cannot register it again', () => {
    const { ledger, factory, rival } = makeParties();
    const device = bareDevice('both');
    ledger.submit(register(factory, [claimed(device, factory)]));
    const { items } = ledger.submit(register(rival, [claimed(device, rival)]));
    expect(items).toEqual([{ code: CODES.registered_by_other, recordId: null, index: null }]);
  });

  test('cannot bring back what the factory revoked', () => {
    const { ledger, factory, rival } = makeParties();
    const device = bareDevice('revoked');
    ledger.submit(register(factory, [claimed(device, factory)]));
    expect(codeNames(ledger.submit(endIdentity(factory, device.recordId)))).toEqual(['accepted', 'accepted']);
    expect(itemNames(ledger.submit(register(rival, [claimed(device, rival)])))).toEqual(['registered_by_other']);
    expect(itemNames(ledger.submit(register(factory, [claimed(device, factory)])))).toEqual(['certificate_revoked']);
    const renamed = bareDevice('renamed', device.key);
    expect(itemNames(ledger.submit(register(rival, [claimed(renamed, rival)])))).toEqual(['identity_ended']);
  });

  test("cannot end a factory's device, nor can its member", () => {
    const parties = makeParties();
    const { ledger, factory, rival, member, otherMember } = parties;
    const device = makeDevice('device', factory.recordId);
    registers(parties, device);
    for (const signer of [rival, otherMember]) {
      expect(codeNames(ledger.submit(endIdentity(signer, device.recordId)))).toEqual(['not_authorized']);
    }
    expect(codeNames(ledger.submit(endIdentity(member, device.recordId)))).toEqual(['accepted', 'accepted']);
  });

  test('cannot make a second form of a transaction that it sees', () => {
    const parties = makeParties();
    const device = makeDevice('seen', parties.factory.recordId);
    const second = register(parties.factory, [device], { alterSignature: withOtherS });
    expect(codeNames(parties.ledger.submit(second))).toEqual(['bad_transaction_signature']);
    registers(parties, device);
  });
});

describe('a twin', () => {
  test('of a registered certificate, the same but for its signature, is refused for ever', () => {
    const parties = makeParties();
    const { ledger, factory } = parties;
    const device = makeDevice('twin', factory.recordId);
    const twin = makeDevice('twin', factory.recordId, {
      alterSignature: (der) => {
        const scalars = parseEcdsaSignature(der);
        return scalars.ok ? ecdsaToDer(withOtherS(scalars.value)) : der;
      },
    });
    registers(parties, twin);
    expect(itemNames(ledger.submit(register(factory, [device])))).toEqual(['twin_signature']);
    ledger.submit(endIdentity(factory, device.recordId));
    expect(itemNames(ledger.submit(register(factory, [device])))).toEqual(['twin_signature']);
  });
});

describe('a claim', () => {
  type Item = Parameters<typeof register>[1][number];
  const judge = (make: (device: Device, factory: Account) => Item, time?: number): (string | undefined)[] => {
    const { ledger, factory } = makeParties();
    return itemNames(ledger.submit(register(factory, [make(bareDevice('claim'), factory)]), time));
  };

  test('holds through its last second', () => {
    const until = GENESIS_TIME + 100;
    expect(judge((device, factory) => claimed(device, factory, until), until)).toEqual(['accepted']);
    expect(judge((device, factory) => claimed(device, factory, until), until + 1)).toEqual(['claim_expired']);
  });

  test('is of this network, epoch, submitter, certificate and time', () => {
    const changes: readonly Partial<Parameters<typeof makeClaim>[1]>[] = [
      { networkId: new Uint8Array(32) },
      { epoch: 1 },
      { submitterId: new Uint8Array(32) },
    ];
    for (const change of changes) {
      const verdict = judge((device, { recordId }) => {
        const claim = makeClaim(device, { submitterId: recordId, validUntil: VALID_UNTIL, ...change });
        return { der: device.der, claim };
      });
      expect(verdict).toEqual(['bad_claim_signature']);
    }
    const later = judge((device, factory) => {
      const { der, claim } = claimed(device, factory);
      return { der, claim: { ...claim, validUntil: VALID_UNTIL + 1 } };
    });
    expect(later).toEqual(['bad_claim_signature']);
    const ofOther = judge(({ der }, factory) => ({ ...claimed(bareDevice('other'), factory), der }));
    expect(ofOther).toEqual(['bad_claim_signature']);
  });

  test('is signed by the key of the certificate, with low S', () => {
    const alter = (change: (signature: Uint8Array) => Uint8Array): (string | undefined)[] =>
      judge((device, factory) => {
        const { der, claim } = claimed(device, factory);
        return { der, claim: { ...claim, signature: change(claim.signature) } };
      });
    expect(alter((signature) => signature)).toEqual(['accepted']);
    expect(alter(withOtherS)).toEqual(['bad_claim_signature']);
    expect(alter((signature) => signature.subarray(1))).toEqual(['bad_claim_signature']);
    expect(alter((signature) => concat(signature, new Uint8Array(1)))).toEqual(['bad_claim_signature']);
    expect(alter(() => new Uint8Array(64))).toEqual(['bad_claim_signature']);
  });

  test('does not help a certificate that is bound to another', () => {
    const { ledger, factory, rival } = makeParties();
    const device = makeDevice('bound', factory.recordId);
    expect(itemNames(ledger.submit(register(rival, [claimed(device, rival)])))).toEqual(['binding_mismatch']);
  });

  test('works with Ed25519 too', () => {
    expect(judge((_, factory) => claimed(bareDevice('ed', ed25519Key('ed')), factory))).toEqual(['accepted']);
  });
});
