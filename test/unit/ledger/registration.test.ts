import { describe, expect, test } from 'vitest';
import { codeName } from '../../../src/protocol/codes.ts';
import { STATES } from '../../../src/protocol/record.ts';
import { VALID_SECONDS_MAX } from '../../../src/protocol/transaction.ts';
import { addSubmitter, type Device, endIdentity, makeDevice, makeSubmitter, register } from '../../support/devices.ts';
import { p256Key } from '../../support/keys.ts';
import { GENESIS_TIME, TestLedger } from '../../support/ledger.ts';
import { codeNames, itemNames, makeParties } from '../../support/parties.ts';

const NOW = GENESIS_TIME + 100;

describe('a batch', () => {
  test('with two certificates of one key registers the first', () => {
    const { ledger, factory } = makeParties();
    const key = p256Key('one key');
    const [first, second] = ['first', 'second'].map((seed) => makeDevice(seed, factory.recordId, { key })) as [
      Device,
      Device,
    ];
    const answer = ledger.submit(register(factory, [first, second]));
    expect(itemNames(answer)).toEqual(['accepted', 'identity_exists']);
    expect(answer.items[1]?.index).toBe(answer.items[0]?.index);
    expect(ledger.appends.at(-1)?.entries).toHaveLength(1);
  });

  test('with one certificate twice registers it once', () => {
    const { ledger, factory } = makeParties();
    const device = makeDevice('twice', factory.recordId);
    const { items } = ledger.submit(register(factory, [device, device]));
    expect(items[0]).toEqual(items[1]);
    expect(ledger.appends.at(-1)?.entries).toHaveLength(1);
  });

  test('that comes again gets the first answer, and appends nothing', () => {
    const { ledger, factory } = makeParties();
    const devices = ['a', 'b', 'c'].map((seed) => makeDevice(seed, factory.recordId));
    const first = ledger.submit(register(factory, devices));
    const { height } = ledger.state;
    expect(ledger.submit(register(factory, devices))).toEqual(first);
    expect(ledger.state.height).toBe(height);
  });

  test('registers its good items, in their order, and writes nothing for the others', () => {
    const { ledger, factory, rival } = makeParties();
    const [a, b] = ['a', 'b'].map((seed) => makeDevice(seed, factory.recordId)) as [Device, Device];
    const bad = makeDevice('bad', rival.recordId);
    const answer = ledger.submit(register(factory, [a, bad, { der: new Uint8Array(3) }, b]));
    expect(itemNames(answer)).toEqual(['accepted', 'binding_mismatch', 'certificate_malformed', 'accepted']);
    expect(ledger.appends.at(-1)?.entries.map(({ record }) => record.recordId)).toEqual([a.recordId, b.recordId]);
  });

  test('sees what the transactions before it in the block did', () => {
    const { ledger, factory, member } = makeParties();
    const fresh = makeSubmitter('fresh');
    const device = makeDevice('fresh', fresh.recordId);
    const other = makeDevice('other', factory.recordId);
    const outcome = ledger.block([
      register(fresh, [device]),
      addSubmitter(member, fresh),
      register(fresh, [device]),
      register(factory, [other]),
      endIdentity(factory, other.recordId),
      register(factory, [other]),
    ]);
    expect(outcome.results.map(({ code }) => codeName(code))).toEqual([
      'signer_unknown',
      'accepted',
      'accepted',
      'accepted',
      'accepted',
      'accepted',
    ]);
    expect(outcome.append?.entries.map(({ record }) => record.state)).toEqual([1, 1, 1, 3]);
    expect(outcome.append?.superseded).toEqual([outcome.append?.entries[2]?.index]);
  });
});

describe('time', () => {
  test('of a transaction ends with its last second, and is a day at most', () => {
    const at = (validUntil: number): string | undefined => {
      const { ledger, factory } = makeParties();
      const transaction = register(factory, [makeDevice('time', factory.recordId)], { header: { validUntil } });
      return codeName(ledger.submit(transaction, NOW).code);
    };
    expect(at(NOW)).toBe('accepted');
    expect(at(NOW - 1)).toBe('transaction_expired');
    expect(at(NOW + VALID_SECONDS_MAX)).toBe('accepted');
    expect(at(NOW + VALID_SECONDS_MAX + 1)).toBe('valid_too_long');
  });

  test('of a certificate may begin ten minutes ahead of the block, and ends with its last second', () => {
    const of = (options: { notBefore?: number; notAfter?: number }): (string | undefined)[] => {
      const { ledger, factory } = makeParties();
      return itemNames(ledger.submit(register(factory, [makeDevice('time', factory.recordId, options)]), NOW));
    };
    expect(of({ notBefore: NOW + 600 })).toEqual(['accepted']);
    expect(of({ notBefore: NOW + 601 })).toEqual(['certificate_not_yet_valid']);
    expect(of({ notAfter: NOW })).toEqual(['accepted']);
    expect(of({ notAfter: NOW - 1 })).toEqual(['certificate_expired']);
  });
});

describe('standing', () => {
  test.each([
    ['suspended', STATES.suspended],
    ['ended', STATES.ended],
  ])('a %s submitter, or one under such a member, does nothing', (_, state) => {
    for (const who of ['factory', 'member'] as const) {
      const parties = makeParties();
      const { ledger, factory } = parties;
      ledger.override(parties[who].recordId, { state });
      const transaction = register(factory, [makeDevice('x', factory.recordId)]);
      expect(codeNames(ledger.submit(transaction))).toEqual(['signer_not_active']);
    }
  });

  test('a submitter whose member accepts older certificates only does nothing', () => {
    const { ledger, factory, member } = makeParties();
    const payload = ledger.record(member.recordId)?.record.payload ?? new Map();
    ledger.override(member.recordId, { payload: new Map([...payload, [2, 1]]) });
    const transaction = register(factory, [makeDevice('x', factory.recordId)]);
    expect(codeNames(ledger.submit(transaction))).toEqual(['signer_not_active']);
  });

  test('a suspended identity is not registered again, by the same certificate or another', () => {
    const { ledger, factory } = makeParties();
    const device = makeDevice('suspended', factory.recordId);
    ledger.submit(register(factory, [device]));
    ledger.override(device.recordId, { state: STATES.suspended });
    const other = makeDevice('other', factory.recordId, { key: device.key });
    const answer = ledger.submit(register(factory, [device, other]));
    expect(itemNames(answer)).toEqual(['identity_suspended', 'identity_suspended']);
  });

  test('a suspended identity may be ended', () => {
    const { ledger, factory } = makeParties();
    const device = makeDevice('suspended', factory.recordId);
    ledger.submit(register(factory, [device]));
    ledger.override(device.recordId, { state: STATES.suspended });
    expect(codeNames(ledger.submit(endIdentity(factory, device.recordId)))).toEqual(['accepted', 'accepted']);
  });

  test('a member registers and ends devices of its own', () => {
    const { ledger, member, otherMember } = makeParties();
    const device = makeDevice('own', otherMember.recordId);
    expect(itemNames(ledger.submit(register(otherMember, [device])))).toEqual(['accepted']);
    expect(codeNames(ledger.submit(endIdentity(member, device.recordId)))).toEqual(['not_authorized']);
    expect(codeNames(ledger.submit(endIdentity(otherMember, device.recordId)))).toEqual(['accepted', 'accepted']);
  });

  test('a submitter belongs to the member that added it first', () => {
    const { ledger, factory, member, otherMember } = makeParties();
    expect(codeNames(ledger.submit(addSubmitter(otherMember, factory)))).toEqual(['record_exists', 'record_exists']);
    expect(ledger.record(factory.recordId)?.record.authorityIds).toEqual([member.recordId]);
  });

  test('the scope of the submitter holds', () => {
    const ledger = new TestLedger(1);
    const scoped = makeSubmitter('scoped');
    const names = [{ tag: 2, bytes: new TextEncoder().encode('example.com') }];
    ledger.submit(addSubmitter(ledger.member, scoped, { scope: { subjectKinds: [1], names } }));
    const judge = (dnsNames: readonly string[], subjectKind = 1): (string | undefined)[] => {
      const device = makeDevice(dnsNames.join(), scoped.recordId, { dnsNames });
      return itemNames(ledger.submit(register(scoped, [device], { subjectKind })));
    };
    expect(judge(['a.example.com'])).toEqual(['accepted']);
    expect(judge(['b.example.com'], 2)).toEqual(['out_of_scope']);
    expect(judge(['c.example.com', 'example.org'])).toEqual(['out_of_scope']);
  });
});
