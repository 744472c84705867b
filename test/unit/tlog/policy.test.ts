import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createVerifierKey, formatVerifierKey, SIGNATURE_TYPES, type VerifierKey } from '../../../src/tlog/note.ts';
import { isWeak, type Policy, type PolicyDefect, parsePolicy, quorumTime } from '../../../src/tlog/policy.ts';
import { ports } from '../../support/crypto.ts';
import { ed25519Key } from '../../support/keys.ts';

const key = (name: string, seed: string, type: VerifierKey['type'] = SIGNATURE_TYPES.ed25519Cosignature): string =>
  formatVerifierKey(createVerifierKey(name, type, ed25519Key(seed).raw, ports.hasher));
const LOG = `log ${key('example.com/log', 'log', SIGNATURE_TYPES.ed25519)}`;
const witness = (name: string, keyName = `example.com/${name}`, seed = name): string =>
  `witness ${name} ${key(keyName, seed)}`;
const WITNESSES = ['a', 'b', 'c', 'd'].map((name) => witness(name));

function parse(...lines: readonly string[]): Policy {
  const parsed = parsePolicy(`${lines.join('\n')}\n`, ports);
  if (!parsed.ok) throw new Error(`line ${parsed.code.line}: ${parsed.code.problem}`);
  return parsed.value;
}

function defect(...lines: readonly string[]): PolicyDefect {
  const parsed = parsePolicy(`${lines.join('\n')}\n`, ports);
  if (parsed.ok) throw new Error('the policy was accepted');
  return parsed.code;
}

describe('a policy', () => {
  test('may have comments, tabulators, empty lines and URLs', () => {
    const policy = parse(
      '# comment',
      '',
      `\t${LOG}\thttps://example.com/`,
      ...WITNESSES.map((line) => `${line} https://w`),
      ' group  g 3 a b c d',
      'quorum g',
      '',
    );
    expect(policy).toMatchObject({ origin: 'example.com/log', fewestMembers: 3, memberCount: 4 });
    expect(policy.witnesses).toHaveLength(4);
  });

  test('may name one witness as its quorum', () => {
    expect(parse(LOG, witness('a'), 'quorum a')).toMatchObject({ fewestMembers: 1, memberCount: 1 });
  });

  test.each<readonly [string, readonly string[], number]>([
    ['an unknown keyword', ['witnes a b'], 1],
    ['an upper case keyword', [LOG.replace('log', 'LOG')], 1],
    ['a control character', [`${LOG}\x01`], 1],
    ['a delete character', [`${LOG} \x7f`], 1],
    ['a carriage return', [`${LOG}\r`], 1],
    ['no log line', [...WITNESSES, 'group g 3 a b c d', 'quorum g'], 6],
    ['no quorum line', [LOG, ...WITNESSES], 5],
    ['two quorum lines', [LOG, ...WITNESSES, 'quorum a', 'quorum b'], 7],
    ['quorum none', [LOG, witness('a'), 'quorum none'], 3],
    ['a quorum of two names', [LOG, ...WITNESSES, 'quorum a b'], 6],
    ['a quorum without name', [LOG, witness('a'), 'quorum'], 3],
    ['a quorum that is not defined', [LOG, witness('a'), 'quorum b'], 3],
    ['a quorum above its definition', [LOG, 'quorum a', witness('a')], 2],
    ['no key', ['log'], 1],
    ['a key that is none', ['log example.com+00000000+AAAA'], 1],
    ['a witness key as log key', [`log ${key('example.com/log', 'log')}`], 1],
    ['a log key as witness key', [LOG, `witness a ${key('x', 'a', SIGNATURE_TYPES.ed25519)}`], 2],
    ['words behind the URL of a log', [`${LOG} https://a more`], 1],
    ['words behind the URL of a witness', [`${witness('a')} https://a more`], 1],
    ['log keys of two names', [LOG, `log ${key('example.com/other', 'other', SIGNATURE_TYPES.ed25519)}`], 2],
    ['a log name that is no ASCII', [`log ${key('ex\u00e4mple', 'log', SIGNATURE_TYPES.ed25519)}`], 1],
    ['a log name of 191 bytes', [`log ${key('o'.repeat(191), 'log', SIGNATURE_TYPES.ed25519)}`], 1],
    ['a log key twice', [LOG, LOG], 2],
    ['one key in two roles', [LOG, witness('a', 'example.com/a', 'log')], 2],
    ['a witness key twice', [LOG, witness('a'), witness('b', 'example.com/b', 'a')], 3],
    ['a name twice', [LOG, witness('a'), witness('a', 'example.com/a', 'b')], 3],
    ['a group named as a witness', [LOG, ...WITNESSES, 'group a 1 b'], 6],
    ['a witness named none', [LOG, witness('none')], 2],
    ['a group named none', [LOG, witness('a'), 'group none 1 a'], 3],
    ['a group without members', [LOG, 'group g 1'], 2],
    ['a group without threshold', [LOG, 'group g'], 2],
    ['a group without name', [LOG, 'group'], 2],
    ['a threshold of 0', [LOG, ...WITNESSES, 'group g 0 a b'], 6],
    ['a threshold above the members', [LOG, ...WITNESSES, 'group g 3 a b'], 6],
    ['a threshold with a leading zero', [LOG, ...WITNESSES, 'group g 01 a b'], 6],
    ['a threshold in words', [LOG, ...WITNESSES, 'group g most a b'], 6],
    ['a negative threshold', [LOG, ...WITNESSES, 'group g -1 a b'], 6],
    ['a member that is not defined', [LOG, ...WITNESSES, 'group g 1 e'], 6],
    ['a member twice', [LOG, ...WITNESSES, 'group g 1 a a'], 6],
    ['a member of two groups', [LOG, ...WITNESSES, 'group g 1 a b', 'group h 1 b c'], 7],
    ['a group in itself', [LOG, ...WITNESSES, 'group g 1 a g'], 6],
  ])('is refused with %s', (_, lines, line) => {
    expect(defect(...lines).line).toBe(line);
  });

  test('is refused without a newline at the end: it may be cut off', () => {
    expect(parsePolicy([LOG, witness('a'), 'quorum a'].join('\n'), ports).ok).toBe(false);
  });

  test('is refused when a key has a small-order part, or is not canonical', () => {
    const keys = [
      new Uint8Array(32),
      Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0)),
      Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0xee : i === 31 ? 0x7f : 0xff)),
    ];
    for (const raw of keys) {
      const vkey = formatVerifierKey(createVerifierKey('w', SIGNATURE_TYPES.ed25519Cosignature, raw, ports.hasher));
      expect(defect(LOG, `witness a ${vkey}`).problem).toContain('Ed25519');
    }
  });

  test('is refused above its limits', () => {
    expect(defect(`# ${'x'.repeat(1_048_576)}`).problem).toContain('too long');
    const groups = Array.from({ length: 1024 }, (_, i) => `group g${i} 1 ${i === 0 ? 'a' : `g${i - 1}`}`);
    expect(defect(LOG, witness('a'), ...groups).problem).toContain('too many');
  });
});

describe('old and new key of one member', () => {
  const rotated = [
    LOG,
    witness('a1', 'example.com/a', 'a1'),
    witness('a2', 'example.com/a', 'a2'),
    witness('b'),
    witness('c'),
  ];

  test('count once, together in an any group', () => {
    const policy = parse(...rotated, 'group a any a1 a2', 'group g 3 a b c', 'quorum g');
    expect(policy).toMatchObject({ memberCount: 3, fewestMembers: 3 });
    expect(isWeak(policy)).toBe(false);
    expect(parse(...rotated, 'group a 1 a1 a2', 'group g 3 a b c', 'quorum g').memberCount).toBe(3);
  });

  test.each<readonly [string, readonly string[]]>([
    ['alone', ['group g 3 a1 a2 b c', 'quorum g']],
    ['in a group that needs both', ['group a all a1 a2', 'group g 3 a b c', 'quorum g']],
    ['in two groups', ['group x any a1', 'group y any a2', 'group g 3 x y b', 'quorum g']],
    ['with one of them in no group', ['group g any a1 b', 'quorum g']],
    ['in no group', ['group g 1 b', 'quorum g']],
  ])('are refused %s', (_, lines) => {
    expect(defect(...rotated, ...lines).problem).toContain('any group');
  });
});

describe('a weak policy', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 10])('is one that fewer than floor(2 * %i / 3) + 1 members satisfy', (count) => {
    const names = Array.from({ length: count }, (_, i) => `m${i}`);
    for (let threshold = 1; threshold <= count; threshold++) {
      const policy = parse(
        LOG,
        ...names.map((name) => witness(name)),
        `group g ${threshold} ${names.join(' ')}`,
        'quorum g',
      );
      expect(isWeak(policy)).toBe(3 * threshold <= 2 * count);
    }
  });

  test('counts the fewest members through nested groups', () => {
    const policy = parse(LOG, ...WITNESSES, 'group x any a b', 'group y all c d', 'group g 2 x y', 'quorum g');
    expect(policy).toMatchObject({ fewestMembers: 3, memberCount: 4 });
    expect(
      parse(LOG, ...WITNESSES, 'group x any a b', 'group y all c d', 'group g any x y', 'quorum g').fewestMembers,
    ).toBe(1);
  });

  test('counts witnesses that the quorum does not use', () => {
    expect(isWeak(parse(LOG, ...WITNESSES, 'group g 2 a b', 'quorum g'))).toBe(true);
  });
});

describe('the time of a quorum', () => {
  type Node = { readonly leaf: number } | { readonly threshold: number; readonly of: readonly Node[] };
  const leafCount = 6;
  /** A tree of groups over the witnesses, each in one place at most. */
  const trees = fc.infiniteStream(fc.nat(100)).map((stream) => {
    const next = (bound: number): number => (stream.next().value as number) % bound;
    let nodes: Node[] = Array.from({ length: leafCount }, (_, leaf) => ({ leaf }));
    while (nodes.length > 1) {
      const of = nodes.splice(0, 1 + next(Math.min(3, nodes.length)));
      nodes = [...nodes, { threshold: 1 + next(of.length), of }];
      if (nodes.length === 1 || next(12) === 0) break;
    }
    return nodes.at(-1) as Node;
  });

  /** Satisfied at a time: enough members are, whose own time is not below it. */
  const isSatisfied = (node: Node, times: readonly (number | null)[], at: number): boolean =>
    'leaf' in node
      ? (times[node.leaf] ?? -1) >= at
      : node.of.filter((member) => isSatisfied(member, times, at)).length >= node.threshold;

  function policyOf(root: Node): Policy {
    const lines = [LOG, ...Array.from({ length: leafCount }, (_, i) => witness(`w${i}`))];
    let groups = 0;
    const define = (node: Node): string => {
      if ('leaf' in node) return `w${node.leaf}`;
      const members = node.of.map(define);
      const name = `g${groups++}`;
      lines.push(`group ${name} ${node.threshold} ${members.join(' ')}`);
      return name;
    };
    const quorum = define(root);
    return parse(...lines, `quorum ${quorum}`);
  }

  test('is the latest at which enough members vouch, as trying every time says', () => {
    const times = fc.array(fc.option(fc.nat(9)), { minLength: leafCount, maxLength: leafCount });
    fc.assert(
      fc.property(trees, times, (root, given) => {
        const policy = policyOf(root);
        const time = quorumTime(policy.quorum, (witnessKey) => {
          const own = given[policy.witnesses.indexOf(witnessKey)];
          return own === null || own === undefined ? undefined : BigInt(own);
        });
        const best = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0].find((at) => isSatisfied(root, given, at));
        expect(time).toBe(best === undefined ? undefined : BigInt(best));
      }),
      { numRuns: 300 },
    );
  });
});
