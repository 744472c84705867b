import { describe, expect, it } from 'vitest';
import { parseKind, parseRange, scopeFromOptions } from '../../../src/cli/scope.ts';
import { compileScope, isWithinScope, parseScope, scopeToCbor } from '../../../src/protocol/scope.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('parseRange', () => {
  it.each([
    ['192.0.2.0/24', 'c0000200ffffff00'],
    ['192.0.2.7', 'c0000207ffffffff'],
    ['10.0.0.0/9', '0a000000ff800000'],
    ['0.0.0.0/0', '0000000000000000'],
    ['2001:db8::/32', `20010db8${'00'.repeat(12)}ffffffff${'00'.repeat(12)}`],
    ['::1', `${'00'.repeat(15)}01${'ff'.repeat(16)}`],
    ['1:2:3:4:5:6:7:8/127', `00010002000300040005000600070008${'ff'.repeat(15)}fe`],
    ['::ffff:192.0.2.1', `${'00'.repeat(10)}ffffc0000201${'ff'.repeat(16)}`],
  ])('reads %s', (range, expected) => {
    expect(hex(parseRange(range))).toBe(expected);
  });

  it.each([
    '192.0.2.0/33',
    '2001:db8::/129',
    'factory.example',
    '192.0.2.0/',
    '192.0.2.0/24/8',
    '',
    '192.0.2.0/-1',
    'fe80::1%eth0',
    'fe80::1%1/64',
  ])('refuses %s', (range) => {
    expect(() => parseRange(range)).toThrow('no IP address or range');
  });
});

describe('scopeFromOptions', () => {
  it('does not restrict when no option is given', () => {
    expect(scopeFromOptions({})).toBeUndefined();
  });

  it('makes a scope that the ledger reads and keeps', () => {
    const scope = scopeFromOptions({
      kind: ['gateway', 'device', 'device'],
      dns: ['.factory.example'],
      ip: ['192.0.2.0/24'],
    });
    const parsed = scope && parseScope(scopeToCbor(scope));
    if (parsed === undefined) throw new Error('the ledger cannot read the scope');
    expect(parsed.subjectKinds).toEqual([1, 2]);
    const named = (name: string) => ({
      subjectAltNames: [{ tag: 2, bytes: new TextEncoder().encode(name) }],
      extendedKeyUsage: null,
    });
    expect(isWithinScope(compileScope(parsed), 1, named('cell-1.factory.example'))).toBe(true);
    expect(isWithinScope(compileScope(parsed), 1, named('cell-1.rival.example'))).toBe(false);
    expect(isWithinScope(compileScope(parsed), 4, named('cell-1.factory.example'))).toBe(false);
  });
});

describe('parseKind', () => {
  it.each(['toaster', 'constructor', '__proto__', ''])('refuses "%s", which is no kind', (name) => {
    expect(() => parseKind(name)).toThrow(`there is no kind ${name}: `);
  });
});
