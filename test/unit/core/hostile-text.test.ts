import { expect, test } from 'vitest';
import { fromBase64 } from '../../../src/core/bytes.ts';

// A pattern that backtracks would take minutes for each of these: the test ends by its time-out then.
test.each([
  ['padding only', '='.repeat(1_400_000)],
  ['padding before a character', `${'='.repeat(1_399_999)}A`],
  ['padding in the middle', `AAAA${'='.repeat(1_399_992)}AAAA`],
])('refuses a megabyte of %s at once', (_, text) => {
  expect(fromBase64(text)).toBeUndefined();
});
