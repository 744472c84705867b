import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileScope, isWithinScope, type ScopeName } from '../../src/protocol/scope.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const dns = (text: string): ScopeName => ({ tag: 2, bytes: bytes(text) });
const within = (items: readonly ScopeName[], names: readonly ScopeName[]): boolean =>
  isWithinScope(compileScope({ names: items }), 1, { subjectAltNames: names, extendedKeyUsage: null });

/** Every name against every item, as the rule is written. */
const isPermitted = (item: ScopeName, name: ScopeName): boolean => {
  if (item.tag !== name.tag) return false;
  if (name.tag === 2) {
    const [suffix, full] = [item, name].map((each) => new TextDecoder().decode(each.bytes).toLowerCase());
    return full === suffix || full?.endsWith(`.${suffix}`) === true;
  }
  if (name.tag === 7) {
    const length = name.bytes.length;
    const mask = item.bytes.subarray(length);
    return (
      item.bytes.length === 2 * length &&
      name.bytes.every((byte, i) => (byte & (mask[i] ?? 0)) === ((item.bytes[i] ?? 0) & (mask[i] ?? 0)))
    );
  }
  return Buffer.compare(item.bytes, name.bytes) === 0;
};

const label = fc.constantFrom('a', 'B', 'ab', 'example', 'EXAMPLE', '*');
const dnsName = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => dns(labels.join('.')));
const address = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((octets): ScopeName => ({ tag: 7, bytes: octets }));
const range = fc.tuple(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.integer({ min: 0, max: 4 })).map(
  ([octets, kept]): ScopeName => ({
    tag: 7,
    bytes: Uint8Array.of(...octets, ...[0, 1, 2, 3].map((i) => (i < kept ? 255 : 0))),
  }),
);
const uri = fc.constantFrom('urn:a', 'urn:b').map((text): ScopeName => ({ tag: 6, bytes: bytes(text) }));

test('a compiled scope permits just what comparing every name with every item permits', () => {
  const items = fc.array(fc.oneof(dnsName, range, uri), { maxLength: 6 });
  const names = fc.array(fc.oneof(dnsName, address, uri), { maxLength: 4 });
  fc.assert(
    fc.property(items, names, (scope, certificate) => {
      const expected = certificate.every((name) => scope.some((item) => isPermitted(item, name)));
      expect(within(scope, certificate)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test('a batch of certificates with the most names under the longest scope is no attack', () => {
  // Compared one by one these are 262 million pairs, each of them decoded: the test would end by its time-out.
  const items = Array.from({ length: 256 }, (_, i) => dns(`factory-${i}.example`));
  const compiled = compileScope({ names: items });
  const subjectAltNames = Array.from({ length: 256 }, (_, i) => dns(`cell-${i}.factory-255.example`));
  for (let certificate = 0; certificate < 4000; certificate++) {
    expect(isWithinScope(compiled, 1, { subjectAltNames, extendedKeyUsage: null })).toBe(true);
  }
});
