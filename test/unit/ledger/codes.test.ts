import { describe, expect, test } from 'vitest';
import { concat } from '../../../src/core/bytes.ts';
import { type Cbor, encode } from '../../../src/core/cbor.ts';
import { CODES, type CodeName, codeName, codeSentence } from '../../../src/protocol/codes.ts';
import { REASONS, SUBJECT_KINDS } from '../../../src/protocol/identity.ts';
import { addSubmitterToCbor, OPERATIONS, registrationToCbor } from '../../../src/protocol/operation.ts';
import { STATES } from '../../../src/protocol/record.ts';
import { BATCH_ITEMS_MAX, TRANSACTION_BYTES_MAX } from '../../../src/protocol/transaction.ts';
import { parseEcdsaSignature } from '../../../src/x509/ecdsa.ts';
import { ecdsaToDer, NOT_BEFORE } from '../../support/certificate.ts';
import { hashOf } from '../../support/crypto.ts';
import {
  addSubmitter,
  endIdentity,
  makeClaim,
  makeDevice,
  makeSubmitter,
  register,
  registrationBody,
} from '../../support/devices.ts';
import { ed25519Key, p256Key, withOtherS } from '../../support/keys.ts';
import { type Account, GENESIS_TIME, signTransaction, TestLedger } from '../../support/ledger.ts';
import { flipped } from '../../support/random.ts';

/** A ledger with a submitter and one registered device. */
function begin(): { ledger: TestLedger; factory: Account; device: ReturnType<typeof makeDevice> } {
  const ledger = new TestLedger();
  const factory = makeSubmitter('factory');
  const device = makeDevice('registered', factory.recordId);
  expect(ledger.submit(addSubmitter(ledger.member, factory)).code).toBe(CODES.accepted);
  expect(ledger.submit(register(factory, [device])).items[0]?.code).toBe(CODES.accepted);
  return { ledger, factory, device };
}

/** The code of a transaction at the ledger above. */
const transactionCode = (make: (scene: ReturnType<typeof begin>) => Uint8Array, time?: number): number => {
  const scene = begin();
  return scene.ledger.submit(make(scene), time).code;
};

/** The code of the first item of a registration. */
const itemCode = (
  make: (scene: ReturnType<typeof begin>) => Uint8Array,
  prepare: (scene: ReturnType<typeof begin>) => void = () => undefined,
  time?: number,
): number => {
  const scene = begin();
  prepare(scene);
  const { code, items } = scene.ledger.submit(make(scene), time);
  expect(code).toBe(CODES.accepted);
  return items[0]?.code ?? -1;
};

type Scene = ReturnType<typeof begin>;
const fresh = ({ factory }: Scene, options: Parameters<typeof makeDevice>[2] = {}) =>
  makeDevice('fresh', factory.recordId, options);
const registerFresh =
  (options: Parameters<typeof makeDevice>[2]) =>
  (scene: Scene): Uint8Array =>
    register(scene.factory, [fresh(scene, options)]);
const withBody =
  (operation: number, body: Cbor, header = {}) =>
  ({ factory }: Scene): Uint8Array =>
    signTransaction({ signer: factory, operation, body, header });
const asMember =
  (body: (scene: Scene) => Cbor) =>
  (scene: Scene): Uint8Array =>
    signTransaction({ signer: scene.ledger.member, operation: OPERATIONS.addSubmitter, body: body(scene) });
const submitterBody = (change: Partial<Parameters<typeof addSubmitterToCbor>[0]>): Cbor =>
  addSubmitterToCbor({ name: 'New', scope: undefined, accountKeys: [p256Key('new').spki], ...change });
const setState =
  (state: 1 | 2 | 3) =>
  ({ ledger, device }: Scene): void =>
    ledger.override(device.recordId, { state });
const otherCertificate = ({ factory, device }: Scene): Uint8Array =>
  register(factory, [makeDevice('other', factory.recordId, { key: device.key })]);

/** How every code is produced. A code without a line here does not compile. */
const PRODUCE: Readonly<Record<CodeName, () => number>> = {
  accepted: () => itemCode(registerFresh({})),

  transaction_malformed: () => transactionCode(() => Uint8Array.of(0x80)),
  transaction_too_large: () => transactionCode(() => new Uint8Array(TRANSACTION_BYTES_MAX + 1)),
  wrong_network: () =>
    transactionCode((s) => register(s.factory, [fresh(s)], { header: { networkId: hashOf('other') } })),
  wrong_epoch: () => transactionCode((s) => register(s.factory, [fresh(s)], { header: { epoch: 1 } })),
  transaction_expired: () => transactionCode((s) => register(s.factory, [fresh(s)]), GENESIS_TIME + 901),
  valid_too_long: () =>
    transactionCode(
      (s) => register(s.factory, [fresh(s)], { header: { validUntil: GENESIS_TIME + 86_500 } }),
      GENESIS_TIME + 50,
    ),
  unknown_operation: () => transactionCode(withBody(1, [])),
  unknown_encoding: () => transactionCode(withBody(OPERATIONS.register, [], { encoding: 1, expandedLength: 1 })),
  signer_unknown: () => transactionCode((s) => register(makeSubmitter('stranger'), [fresh(s)])),
  signer_not_active: () =>
    transactionCode((s) => {
      s.ledger.override(s.factory.recordId, { state: STATES.suspended });
      return register(s.factory, [fresh(s)]);
    }),
  signer_key_unknown: () => transactionCode((s) => register({ ...s.factory, key: ed25519Key('other') }, [fresh(s)])),
  bad_transaction_signature: () =>
    transactionCode((s) => register(s.factory, [fresh(s)], { alterSignature: (signature) => flipped(signature, 5) })),
  not_authorized: () => transactionCode((s) => addSubmitter(s.factory, makeSubmitter('more'))),
  body_malformed: () => transactionCode(withBody(OPERATIONS.register, [])),
  too_many_items: () =>
    transactionCode((s) => register(s.factory, Array(BATCH_ITEMS_MAX + 1).fill({ der: Uint8Array.of(0) }))),
  approvals_not_expected: () => transactionCode((s) => withApprovals(s)),
  expected_version_missing: () =>
    transactionCode((s) => endIdentity(s.factory, s.device.recordId, { header: { expectedVersion: null } })),
  expected_version_not_expected: () =>
    transactionCode((s) => register(s.factory, [fresh(s)], { header: { expectedVersion: 1 } })),

  record_unknown: () => transactionCode((s) => endIdentity(s.factory, hashOf('nothing'))),
  record_exists: () => transactionCode((s) => addSubmitter(s.ledger.member, s.factory)),
  record_ended: () =>
    transactionCode((s) => {
      s.ledger.submit(endIdentity(s.factory, s.device.recordId));
      return endIdentity(s.factory, s.device.recordId, { version: 2 });
    }),
  version_mismatch: () => transactionCode((s) => endIdentity(s.factory, s.device.recordId, { version: 2 })),
  entry_too_large: () => transactionCode(asMember(() => submitterBody({ scope: { names: manyNames() } }))),

  name_invalid: () => transactionCode(asMember(() => submitterBody({ name: '' }))),
  scope_invalid: () =>
    transactionCode(asMember(() => new Map([...(submitterBody({}) as Map<number, Cbor>), [1, [1]]]))),
  account_key_invalid: () => transactionCode(asMember(() => submitterBody({ accountKeys: [Uint8Array.of(1)] }))),

  certificate_malformed: () => itemCode(({ factory }) => register(factory, [{ der: Uint8Array.of(0x30, 0) }])),
  not_self_signed: () => itemCode(registerFresh({ issuerName: 'somebody else' })),
  key_not_admitted: () => itemCode(registerFresh({ spki: ed25519Key('of another algorithm').spki })),
  bad_certificate_signature: () => itemCode(registerFresh({ spki: p256Key('of somebody else').spki })),
  binding_missing: () => itemCode(registerFresh({ binding: null })),
  binding_mismatch: () => itemCode(registerFresh({ binding: hashOf('another submitter') })),
  claim_expired: () => claimCode({ validUntil: GENESIS_TIME }, GENESIS_TIME + 10),
  bad_claim_signature: () => claimCode({ submitterId: hashOf('another submitter') }),
  certificate_not_yet_valid: () => itemCode(registerFresh({ notBefore: GENESIS_TIME + 700 })),
  certificate_expired: () => itemCode(registerFresh({ notBefore: NOT_BEFORE, notAfter: GENESIS_TIME - 1 })),
  out_of_scope: () => {
    const scoped = makeSubmitter('scoped');
    return itemCode(
      () => register(scoped, [makeDevice('fresh', scoped.recordId)]),
      ({ ledger }) =>
        void ledger.submit(addSubmitter(ledger.member, scoped, { scope: { subjectKinds: [SUBJECT_KINDS.gateway] } })),
    );
  },
  twin_signature: () =>
    itemCode(({ factory }) =>
      register(factory, [makeDevice('registered', factory.recordId, { alterSignature: otherSignature })]),
    ),
  registered_by_other: () => rivalCode(),
  certificate_revoked: () =>
    itemCode(
      (s) => register(s.factory, [s.device]),
      (s) => void s.ledger.submit(endIdentity(s.factory, s.device.recordId)),
    ),
  issuer_not_supported: () =>
    transactionCode(
      withBody(
        OPERATIONS.register,
        registrationToCbor({
          subjectKind: 1,
          issuerId: hashOf('anchor'),
          intermediateIds: [],
          items: [{ der: Uint8Array.of(0), claim: null }],
        }),
      ),
    ),

  identity_exists: () => itemCode(otherCertificate),
  identity_suspended: () => itemCode(otherCertificate, setState(STATES.suspended)),
  identity_ended: () => itemCode(otherCertificate, setState(STATES.ended)),
  reason_invalid: () => transactionCode((s) => endIdentity(s.factory, s.device.recordId, { reason: 6 })),
  subject_kind_invalid: () =>
    transactionCode(withBody(OPERATIONS.register, registrationBody([{ der: Uint8Array.of(0), claim: null }], 99))),
};

/** As many names as a scope may have, together longer than a payload. */
const manyNames = () => Array.from({ length: 256 }, (_, i) => ({ tag: 2, bytes: new Uint8Array(100).fill(i) }));

/** The same transaction with one approval in its payload, and no longer the same signature: it is refused before. */
function withApprovals({ factory, device }: Scene): Uint8Array {
  const sound = endIdentity(factory, device.recordId);
  const payload = encode(
    new Map<number, Cbor>([
      [0, [device.recordId, REASONS.unspecified, null]],
      [1, [[hashOf('a'), hashOf('b'), new Uint8Array(64)]]],
    ]),
  );
  const headerEnd = 3 + (sound[2] as number);
  expect(sound.subarray(0, 2)).toEqual(Uint8Array.of(0x84, 0x58));
  return concat(sound.subarray(0, headerEnd), Uint8Array.of(0xa0), encode(payload), encode(new Uint8Array(64)));
}

function claimCode(claimed: Partial<Parameters<typeof makeClaim>[1]>, time?: number): number {
  return itemCode(
    (s) => {
      const device = fresh(s, { binding: null });
      const claim = makeClaim(device, { submitterId: s.factory.recordId, validUntil: GENESIS_TIME + 900, ...claimed });
      return register(s.factory, [{ der: device.der, claim }]);
    },
    undefined,
    time,
  );
}

/** A device without extension that signed a claim for two submitters. */
function rivalCode(): number {
  const rival = makeSubmitter('rival');
  const claimed = (scene: Scene, submitter: Account): Uint8Array => {
    const device = fresh(scene, { binding: null });
    const claim = makeClaim(device, { submitterId: submitter.recordId, validUntil: GENESIS_TIME + 900 });
    return register(submitter, [{ der: device.der, claim }]);
  };
  return itemCode(
    (s) => claimed(s, rival),
    (s) => {
      s.ledger.submit(addSubmitter(s.ledger.member, rival));
      s.ledger.submit(claimed(s, s.factory));
    },
  );
}

function otherSignature(der: Uint8Array): Uint8Array {
  const scalars = parseEcdsaSignature(der);
  if (!scalars.ok) throw new Error('no signature');
  return ecdsaToDer(withOtherS(scalars.value));
}

describe('outcome codes', () => {
  test.each(Object.entries(PRODUCE))('%s has a transaction that produces it', (name, produce) => {
    expect(codeName(produce())).toBe(name);
  });

  test('have a number each, and never another', () => {
    const numbers = Object.values(CODES);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const [name, number] of Object.entries(CODES)) expect(codeName(number)).toBe(name);
    expect(codeName(99)).toBeUndefined();
  });

  test('have a sentence each for the person who reads it', () => {
    const names = Object.keys(CODES) as CodeName[];
    const sentences = names.map(codeSentence);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(new Set(sentences).size).toBe(names.length);
  });

  test('are grouped in hundreds', () => {
    expect(Object.values(CODES).every((number) => number === 0 || (number >= 100 && number < 600))).toBe(true);
  });
});
