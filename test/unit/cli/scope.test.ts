import { describe, expect, it } from 'vitest';
import {
  describeScope,
  parseDnsName,
  parseKind,
  parseRange,
  parseUri,
  scopeFromOptions,
} from '../../../src/cli/scope.ts';
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

  it.each(['192.0.2.7/24', '10.128.0.0/8', '0.0.0.1/0', '2001:db8::1/64'])(
    'refuses %s, which names a host',
    (range) => {
      expect(() => parseRange(range)).toThrow(`${range} is no range`);
    },
  );
});

describe('parseDnsName', () => {
  const longest = `${'a'.repeat(61)}.${`${'b'.repeat(63)}.`.repeat(2)}${'c'.repeat(63)}`;

  it.each(['factory.example', 'xn--bcher-kva.example', 'a', '1.example', 'a'.repeat(63), longest])(
    'reads %s',
    (name) => {
      expect(parseDnsName(name)).toBe(name);
      expect(parseDnsName(`.${name}`)).toBe(name);
    },
  );

  it.each([
    '',
    '.',
    '*',
    '*.factory.example',
    '..factory.example',
    'factory..example',
    'factory.example.',
    'https://factory.example',
    'factory.example/cells',
    'factory.example:443',
    'bücher.example',
    '-a.example',
    'a-.example',
    'a_b.example',
    'factory .example',
    'factory.example\n',
    'a'.repeat(64),
    `a${longest}`,
  ])('refuses "%s" and names it', (name) => {
    expect(() => parseDnsName(name)).toThrow(`--dns ${name} is no DNS name`);
  });

  it('refuses an address', () => {
    expect(() => parseDnsName('192.0.2.1')).toThrow('give it by --ip');
  });
});

describe('parseUri', () => {
  it.each(['urn:example:cells', 'https://factory.example/cells', 'spiffe://factory.example/line-1'])(
    'reads %s',
    (uri) => {
      expect(parseUri(uri)).toBe(uri);
    },
  );

  it.each([
    '',
    'factory.example',
    '//factory.example',
    '/cells',
    'urn:',
    'https://',
    'urn:a b',
    'urn:bücher',
    ' urn:a:b',
  ])('refuses "%s" and names it', (uri) => {
    expect(() => parseUri(uri)).toThrow(`--uri ${uri} is no URI`);
  });
});

describe('describeScope', () => {
  it('gives the options that make the scope again', () => {
    const options = {
      kind: ['device', 'gateway'],
      dns: ['factory.example'],
      uri: ['urn:example:cells'],
      ip: ['192.0.2.0/24', '0.0.0.0/0', '2001:db8::/32', '::1/128'],
    };
    const scope = scopeFromOptions(options);
    expect(scope && describeScope(scope)).toEqual(options);
  });

  it('leaves out what does not restrict', () => {
    expect(describeScope({ subjectKinds: [1] })).toEqual({ kind: ['device'] });
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
