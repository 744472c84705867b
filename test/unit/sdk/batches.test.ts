import { describe, expect, it } from 'vitest';
import type { LedgerError } from '../../../sdk/src/ledger-error.ts';
import { splitBatches } from '../../../sdk/src/transactions.ts';
import { encode } from '../../../src/core/cbor.ts';
import { type RegistrationItem, registrationToCbor } from '../../../src/protocol/operation.ts';
import { PAYLOAD_EXPANDED_MAX } from '../../../src/protocol/transaction.ts';
import { collect } from '../../support/collect.ts';

const items = (count: number, bytes: number): RegistrationItem[] =>
  Array.from({ length: count }, (_, i) => ({
    der: new Uint8Array(bytes).fill(i),
    claim: i % 3 === 0 ? { validUntil: 1_800_000_000, signature: new Uint8Array(64) } : null,
  }));

async function split(list: readonly RegistrationItem[], options = {}): Promise<RegistrationItem[][]> {
  return await collect(splitBatches(list, options));
}

const payloadLength = (batch: readonly RegistrationItem[]): number => {
  const body = registrationToCbor({ subjectKind: 1, issuerId: null, intermediateIds: [], items: batch });
  return encode(new Map([[0, body]])).length;
};

describe('splitBatches', () => {
  it('makes batches of at most 1,000 items and keeps their order', async () => {
    const list = items(2_500, 400);
    const batches = await split(list);
    expect(batches.map(({ length }) => length)).toEqual([1000, 1000, 500]);
    expect(batches.flat()).toEqual(list);
  });

  it('never exceeds the payload of a transaction, and fills it', async () => {
    for (const bytes of [1_500, 16_384]) {
      const list = items(Math.ceil((2.5 * PAYLOAD_EXPANDED_MAX) / bytes), bytes);
      const batches = await split(list);
      expect(batches.flat()).toEqual(list);
      for (const batch of batches) expect(payloadLength(batch)).toBeLessThanOrEqual(PAYLOAD_EXPANDED_MAX);
      for (const batch of batches.slice(0, -1))
        expect(payloadLength(batch)).toBeGreaterThan(PAYLOAD_EXPANDED_MAX - 20_000);
    }
  });

  it('makes smaller batches when asked, and none of nothing', async () => {
    expect((await split(items(5, 10), { itemsMax: 2 })).map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(await split([])).toEqual([]);
  });

  it('refuses a certificate that fits into no batch', async () => {
    const error = await split(items(1, PAYLOAD_EXPANDED_MAX)).catch((thrown: unknown) => thrown);
    expect((error as LedgerError).code).toBe('item_too_large');
  });
});
