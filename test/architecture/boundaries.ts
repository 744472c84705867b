/** Which folder may import which: one way only. */
import type { IForbiddenRuleType } from 'dependency-cruiser';

/** A folder and all that it may import besides itself. Packages are free unless a rule below says otherwise. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/tlog': ['src/core'],
  'src/x509': ['src/core'],
  'src/protocol': ['src/core', 'src/tlog'],
  'src/ledger': ['src/core', 'src/tlog', 'src/x509', 'src/protocol'],
  'src/runtime': ['src/core'],
  'src/service': ['src/core', 'src/tlog', 'src/x509', 'src/protocol', 'src/ledger'],
  'src/store': ['src/core', 'src/tlog', 'src/protocol', 'src/ledger', 'src/service'],
  'src/consensus': ['src/core', 'src/tlog', 'src/protocol', 'src/ledger', 'src/service', 'src/runtime'],
  'src/api': ['src/core', 'src/tlog', 'src/protocol', 'src/service'],
  'src/cli': ['sdk/src'],
  'sdk/src': ['src/core', 'src/tlog', 'src/x509', 'src/protocol', 'src/runtime'],
};

const PURE = '^src/(core|tlog|x509|protocol|ledger)/';

const oneWay = Object.entries(MAY_IMPORT).map(
  ([folder, allowed]): IForbiddenRuleType => ({
    name: `${folder} imports only what lies below it`,
    severity: 'error',
    from: { path: `^${folder}/` },
    to: { path: '^(src|sdk/src|test)/', pathNot: [folder, ...allowed].map((name) => `^${name}/`) },
  }),
);

export const RULES: readonly IForbiddenRuleType[] = [
  ...oneWay,
  { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'pure folders use no package and no platform',
    severity: 'error',
    from: { path: PURE },
    to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer'] },
  },
  {
    name: 'a contract imports no other contract',
    severity: 'error',
    from: { path: '^src/ledger/contracts/([^/]+)/' },
    to: { path: '^src/ledger/contracts/', pathNot: '^src/ledger/contracts/$1/' },
  },
  {
    name: 'only the composition root imports the configuration, and only main.ts the composition root',
    severity: 'error',
    from: { pathNot: ['^src/(main|node)\\.ts$', '^test/'] },
    to: { path: '^src/(main|node|config)\\.ts$' },
  },
];
