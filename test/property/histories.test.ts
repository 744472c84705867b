import { describe, expect, test } from 'vitest';
import { CODES, codeName } from '../../src/protocol/codes.ts';
import { randomAction } from '../support/history.ts';
import { answers, TestLedger } from '../support/ledger.ts';
import { LedgerModel, sign } from '../support/model.ts';
import { supersededBy } from '../support/proof-builder.ts';
import { Random } from '../support/random.ts';

const BLOCKS = 80;
const seeds = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

describe('a random history', () => {
  test.each(seeds)('%s comes out as in the slow model: answers, entries, log root and status root', (seed) => {
    const random = new Random(`history ${seed}`);
    const ledger = new TestLedger(3);
    const model = new LedgerModel(ledger.members, ledger.entries);
    const seen = new Set<string | undefined>();
    let time = ledger.state.time;
    for (let block = 0; block < BLOCKS; block++) {
      time += random.below(40);
      const actions = Array.from({ length: random.below(5) }, () => randomAction(random, ledger));
      const outcome = ledger.block(
        actions.map((action) => sign(action, time)),
        time,
      );
      const expected = model.block(actions, time);
      expect(answers(outcome)).toEqual(expected);
      for (const { code, items } of expected)
        for (const each of [code, ...items.map((item) => item.code)]) seen.add(codeName(each));
      expect(ledger.entries).toEqual(model.entries);
      expect(ledger.state.root).toEqual(model.root());
      expect(ledger.state.status.root()).toEqual(model.statusRoot());
      expect(ledger.superseded).toEqual(supersededBy(ledger.entries, ledger.entries.length));
    }
    // The history is worth something: most of what can happen does.
    expect(seen.size).toBeGreaterThan(10);
  });

  test('gives the same results, whatever is in the same block', () => {
    const random = new Random('split');
    const [together, apart] = [new TestLedger(3), new TestLedger(3)];
    const time = together.state.time;
    const transactions = Array.from({ length: 60 }, () => sign(randomAction(random, together), time));
    const inOne = answers(together.block(transactions, time)).map(({ code, items }) => [
      code,
      ...items.map((item) => item.code),
    ]);
    const oneByOne = transactions
      .map((bytes) => apart.submit(bytes, time))
      .map(({ code, items }) => [code, ...items.map((item) => item.code)]);
    expect(inOne).toEqual(oneByOne);
  });

  test('changes nothing before it is taken over, and the same block gives the same outcome', () => {
    const random = new Random('preview');
    const ledger = new TestLedger(2);
    for (let block = 0; block < 20; block++) {
      const time = ledger.state.time + 1;
      const transactions = Array.from({ length: 4 }, () => sign(randomAction(random, ledger), time));
      const before = { root: ledger.state.root, status: ledger.state.status.root() };
      const first = ledger.preview(transactions, time);
      expect(ledger.preview(transactions, time)).toEqual(first);
      expect({ root: ledger.state.root, status: ledger.state.status.root() }).toEqual(before);
      expect(ledger.block(transactions, time)).toEqual(first);
    }
  });

  test('has no block entry for a block that appended nothing', () => {
    const ledger = new TestLedger();
    const size = ledger.entries.length;
    expect(ledger.block([]).append).toBeNull();
    expect(ledger.submit(Uint8Array.of(0)).code).toBe(CODES.transaction_malformed);
    expect(ledger.entries).toHaveLength(size);
    expect(ledger.state.height).toBe(0);
  });
});

describe('the replay rule', () => {
  test('what was accepted does nothing when it comes again, and nothing works beyond its validUntil', () => {
    for (const seed of ['r', 's', 't']) {
      const random = new Random(`replay ${seed}`);
      const ledger = new TestLedger(3);
      const played: { bytes: Uint8Array; isAccepted: boolean; validUntil: number }[] = [];
      let time = ledger.state.time;
      for (let block = 0; block < 40; block++) {
        time += random.below(60);
        const actions = Array.from({ length: 3 }, () => randomAction(random, ledger));
        const signed = actions.map((action) => sign(action, time));
        const results = answers(ledger.block(signed, time));
        for (const [i, { code, items }] of results.entries()) {
          const isAccepted = code === CODES.accepted && items.every((item) => item.code === CODES.accepted);
          const { fault } = actions[i] as (typeof actions)[number];
          if (fault === undefined) played.push({ bytes: signed[i] as Uint8Array, isAccepted, validUntil: time + 900 });
        }
        for (const { bytes, isAccepted, validUntil } of played) {
          if (isAccepted && time <= validUntil) expect(ledger.preview([bytes], time).append).toBeNull();
          expect(answers(ledger.preview([bytes], validUntil + 1 > time ? validUntil + 1 : time))).toEqual([
            { code: CODES.transaction_expired, items: [] },
          ]);
        }
      }
      expect(played.filter(({ isAccepted }) => isAccepted).length).toBeGreaterThan(5);
    }
  });
});
