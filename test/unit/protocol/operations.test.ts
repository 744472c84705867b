import { describe, expect, test } from 'vitest';
import type { Cbor } from '../../../src/core/cbor.ts';
import { ACCOUNT_KEYS_MAX, NAME_BYTES_MAX } from '../../../src/protocol/authority.ts';
import { parseClaim } from '../../../src/protocol/binding.ts';
import { CODES, codeName } from '../../../src/protocol/codes.ts';
import {
  addSubmitterToCbor,
  endIdentityToCbor,
  itemResultsToCbor,
  OPERATIONS,
  parseAddSubmitter,
  parseEndIdentity,
  parseItemResults,
  parseRegistration,
  registrationToCbor,
} from '../../../src/protocol/operation.ts';
import { BATCH_ITEMS_MAX } from '../../../src/protocol/transaction.ts';
import { hashOf } from '../../support/crypto.ts';
import { addSubmitter, makeSubmitter } from '../../support/devices.ts';
import { ed25519Key, p256Key } from '../../support/keys.ts';
import { signTransaction, TestLedger } from '../../support/ledger.ts';

const ID = hashOf('id');
type Parsed = { readonly ok: true } | { readonly ok: false; readonly code: number };
const verdict = (parsed: Parsed): string | undefined => (parsed.ok ? 'accepted' : codeName(parsed.code));

describe('the body of a registration', () => {
  const claim = { validUntil: 5, signature: new Uint8Array(64) };
  const registration = {
    subjectKind: 1,
    issuerId: ID,
    intermediateIds: [ID],
    items: [
      { der: new Uint8Array(3), claim },
      { der: new Uint8Array(0), claim: null },
    ],
  };
  const body = registrationToCbor(registration) as readonly Cbor[];

  test('is read as it was written', () => {
    expect(parseRegistration(body)).toEqual({ ok: true, value: registration });
  });

  test.each<readonly [string, Cbor]>([
    ['no list', new Map()],
    ['three places', body.slice(0, 3)],
    ['five places', [...body, null]],
    ['a kind that is text', body.with(0, 'device')],
    ['a negative kind', body.with(0, -1)],
    ['an issuer of 31 bytes', body.with(1, new Uint8Array(31))],
    ['intermediates that are null', body.with(2, null)],
    ['an intermediate of 31 bytes', body.with(2, [new Uint8Array(31)])],
    ['no item', body.with(3, [])],
    ['items that are null', body.with(3, null)],
    ['an item that is a certificate alone', body.with(3, [new Uint8Array(3)])],
    ['an item of three places', body.with(3, [[new Uint8Array(3), null, null]])],
    ['a certificate that is text', body.with(3, [['x', null]])],
    ['a claim of one place', body.with(3, [[new Uint8Array(3), [5]]])],
    ['a claim until a negative time', body.with(3, [[new Uint8Array(3), [-5, new Uint8Array(64)]]])],
    ['a claim whose signature is text', body.with(3, [[new Uint8Array(3), [5, 'x']]])],
    ['a good item and a bad one', body.with(3, [[new Uint8Array(3), null], 1])],
  ])('is refused with %s', (_, changed) => {
    expect(verdict(parseRegistration(changed))).toBe('body_malformed');
  });

  test('has 1,000 items at most', () => {
    const items = (count: number) => body.with(3, Array(count).fill([new Uint8Array(1), null]));
    expect(verdict(parseRegistration(items(BATCH_ITEMS_MAX)))).toBe('accepted');
    expect(verdict(parseRegistration(items(BATCH_ITEMS_MAX + 1)))).toBe('too_many_items');
  });

  test('has claims or none', () => {
    expect(parseClaim(null)).toBeNull();
    expect(parseClaim(undefined)).toBeUndefined();
    expect(parseClaim([5, new Uint8Array(64)])).toEqual(claim);
  });
});

describe('the body of a new submitter', () => {
  const key = ed25519Key('submitter').spki;
  const body = addSubmitterToCbor({ name: 'Factory', scope: { subjectKinds: [1] }, accountKeys: [key] }) as ReadonlyMap<
    number,
    Cbor
  >;
  const change = (place: number, value: Cbor): Cbor =>
    new Map([...body, [place, value]].sort(([a], [b]) => (a as number) - (b as number)) as [number, Cbor][]);

  test('is read as it was written', () => {
    expect(parseAddSubmitter(body)).toEqual({
      ok: true,
      value: { name: 'Factory', scope: { subjectKinds: [1] }, accountKeys: [key] },
    });
    const plain = addSubmitterToCbor({ name: 'F', scope: undefined, accountKeys: [key] });
    expect(parseAddSubmitter(plain)).toMatchObject({ ok: true, value: { scope: undefined } });
  });

  test.each<readonly [string, Cbor, string]>([
    ['no map', [1], 'body_malformed'],
    ['no name', new Map([...body].slice(1)), 'body_malformed'],
    ['a name that is a number', change(0, 1), 'body_malformed'],
    ['an empty name', change(0, ''), 'name_invalid'],
    ['a name of 257 bytes', change(0, `${'\u00e9'.repeat(NAME_BYTES_MAX / 2)}x`), 'name_invalid'],
    ['a key that only updates have', change(2, 5), 'body_malformed'],
    ['an unknown key', change(99, 5), 'body_malformed'],
    ['no account key', change(16, []), 'body_malformed'],
    ['account keys that are null', change(16, null), 'body_malformed'],
    ['an account key that is text', change(16, ['x']), 'body_malformed'],
    ['17 account keys', change(16, Array(ACCOUNT_KEYS_MAX + 1).fill(key)), 'body_malformed'],
    ['a scope that is null', change(1, null), 'scope_invalid'],
    ['an unknown scope key', change(1, new Map([[3, []]])), 'scope_invalid'],
    ['a scope that is no list', change(1, new Map([[0, 1]])), 'scope_invalid'],
    ['a subject kind that is text', change(1, new Map([[0, ['x']]])), 'scope_invalid'],
    ['subject kinds in descending order', change(1, new Map([[0, [2, 1]]])), 'scope_invalid'],
    ['a subject kind twice', change(1, new Map([[0, [1, 1]]])), 'scope_invalid'],
    ['257 subject kinds', change(1, new Map([[0, Array(257).fill(1)]])), 'scope_invalid'],
    ['a name without tag', change(1, new Map([[1, [new Uint8Array(1)]]])), 'scope_invalid'],
    [
      'a name under a tag that no GeneralName has',
      change(1, new Map([[1, [[9, new Uint8Array(1)]]]])),
      'scope_invalid',
    ],
    ['a name of three places', change(1, new Map([[1, [[2, new Uint8Array(1), 0]]]])), 'scope_invalid'],
    ['a purpose that is text', change(1, new Map([[2, ['x']]])), 'scope_invalid'],
  ])('is refused with %s', (_, changed, code) => {
    expect(verdict(parseAddSubmitter(changed))).toBe(code);
  });

  test('may have a name of 256 bytes and 16 keys', () => {
    expect(verdict(parseAddSubmitter(change(0, '\u00e9'.repeat(NAME_BYTES_MAX / 2))))).toBe('accepted');
    expect(verdict(parseAddSubmitter(change(16, Array(ACCOUNT_KEYS_MAX).fill(key))))).toBe('accepted');
  });

  test('has keys that sign: canonical, of prime order, each once', () => {
    const ledger = new TestLedger();
    const add = (...accountKeys: readonly Uint8Array[]): string | undefined => {
      const accepted = addSubmitterToCbor({ name: 'n', scope: undefined, accountKeys });
      return codeName(
        ledger.submit(signTransaction({ signer: ledger.member, operation: OPERATIONS.addSubmitter, body: accepted }))
          .code,
      );
    };
    const withKey = (raw: Uint8Array): Uint8Array => Uint8Array.of(...key.subarray(0, 12), ...raw);
    expect(add(key, key)).toBe('account_key_invalid');
    expect(add(Uint8Array.of(...key, 0))).toBe('account_key_invalid');
    expect(add(withKey(new Uint8Array(32)))).toBe('account_key_invalid');
    expect(add(withKey(Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0))))).toBe('account_key_invalid');
    expect(add(key, p256Key('second').spki)).toBe('accepted');
    expect(codeName(ledger.submit(addSubmitter(ledger.member, makeSubmitter('later'))).code)).toBe('accepted');
  });
});

describe('the body that ends an identity', () => {
  const body = endIdentityToCbor({ recordId: ID, reason: 1, evidenceDigest: ID }) as readonly Cbor[];

  test('is read as it was written', () => {
    expect(parseEndIdentity(body)).toEqual({ ok: true, value: { recordId: ID, reason: 1, evidenceDigest: ID } });
    expect(parseEndIdentity(body.with(2, null)).ok).toBe(true);
  });

  test.each<readonly [string, Cbor]>([
    ['no list', ID],
    ['two places', body.slice(0, 2)],
    ['four places', [...body, null]],
    ['an id of 31 bytes', body.with(0, new Uint8Array(31))],
    ['a negative reason', body.with(1, -1)],
    ['a reason that is null', body.with(1, null)],
    ['a digest of 31 bytes', body.with(2, new Uint8Array(31))],
  ])('is refused with %s', (_, changed) => {
    expect(verdict(parseEndIdentity(changed))).toBe('body_malformed');
  });
});

describe('item results', () => {
  const results = [
    { code: CODES.accepted, recordId: ID, index: 7 },
    { code: CODES.binding_missing, recordId: null, index: null },
  ];

  test('are read as they were written', () => {
    expect(parseItemResults(itemResultsToCbor(results))).toEqual(results);
  });

  test.each<readonly [string, Cbor | undefined]>([
    ['nothing', undefined],
    ['no list', 1],
    ['an item of two places', [[0, ID]]],
    ['a negative code', [[-1, null, null]]],
    ['an id of 31 bytes', [[0, new Uint8Array(31), 1]]],
    ['a negative index', [[0, ID, -1]]],
  ])('are refused: %s', (_, value) => {
    expect(parseItemResults(value)).toBeUndefined();
  });
});
