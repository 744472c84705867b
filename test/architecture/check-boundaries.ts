/** Cruises the code against the one-way rule, and a canary that breaks every rule: a checker that finds nothing there checks nothing. */
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { RULES } from './boundaries.ts';

/** Fewer modules mean that the cruiser did not understand the code: it reports 0 and success then. */
const MODULES_MIN = 60;

/** One of the layer rules, and each of the others. */
const CANARY_RULES = [
  'src/core imports only what lies below it',
  ...RULES.map(({ name }) => name ?? '').filter(isNoLayerRule),
];

function isNoLayerRule(name: string): boolean {
  return !name.endsWith('imports only what lies below it');
}

async function check(baseDir: URL, folders: string[]): Promise<ICruiseResult> {
  const { output } = await cruise(folders, {
    baseDir: fileURLToPath(baseDir),
    validate: true,
    ruleSet: { forbidden: [...RULES] },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  });
  return output as ICruiseResult;
}

const { summary, modules } = await check(new URL('../../', import.meta.url), ['src', 'sdk/src']);
const own = modules.filter(({ source }) => /^(src|sdk\/src)\//.test(source));
const canary = await check(new URL('canary/', import.meta.url), ['src']);
const broken = new Set(canary.summary.violations.map(({ rule }) => rule.name));
const missed = CANARY_RULES.filter((rule) => !broken.has(rule));

for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} -> ${to}`);
if (own.length < MODULES_MIN) console.error(`only ${own.length} modules were cruised`);
for (const rule of missed) console.error(`the canary breaks a rule that was not enforced: ${rule}`);
console.log(
  `${own.length} modules, ${summary.violations.length} violations; canary: ${CANARY_RULES.length - missed.length} of ${CANARY_RULES.length} rules`,
);
process.exitCode = summary.violations.length === 0 && own.length >= MODULES_MIN && missed.length === 0 ? 0 : 1;
