/** A relying party: an empty folder with the packed SDK, a policy, certificates and proofs; nothing of the ledger, and no network. */
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dim, print } from '../output.ts';
import { DemoFailure, ROOT, run } from './commands.ts';

/** A certificate that somebody presents, the proof that comes along, and what must be the verdict. */
export interface Presentation {
  readonly name: string;
  /** File names in the relying party's folder. */
  readonly certificate: string;
  readonly proof: string;
  /** The relying party's clock ahead of now, in seconds. */
  readonly laterSeconds: number;
  readonly expected: string;
}

export interface Verdicts {
  /** The version of Node that ran it. */
  readonly node: string;
  readonly outcomes: readonly string[];
  readonly milliseconds: number;
  /** How the network was taken away; undefined when the system does not allow that. */
  readonly isolation: string | undefined;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Builds and packs the SDK and unpacks it into `folder` as npm would. */
export async function installSdk(folder: string): Promise<void> {
  const sdk = join(ROOT, 'sdk');
  const target = join(folder, 'node_modules/@entente/sdk');
  await mkdir(target, { recursive: true });
  await run(process.execPath, [join(ROOT, 'node_modules/tsdown/dist/run.mjs')], { folder: sdk, isQuiet: true });
  const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], { folder: sdk, isQuiet: true });
  const tarball = /"filename": "([^"]+)"/.exec(packed.stdout)?.[1];
  if (tarball === undefined) throw new DemoFailure(`npm pack names no file:\n${packed.stdout}`);
  const file = tarball.replace('@', '').replaceAll('/', '-');
  await run('tar', ['-xzf', join(folder, file), '-C', target, '--strip-components=1'], { isQuiet: true });
  const copied = new Set<string>();
  await copyDependencies(target, folder, copied);
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  await copyFile(join(ROOT, 'src/cli/demo/verify.mjs'), join(folder, 'verify.mjs'));
  print(`   ${file} and ${[...copied].join(', ')}`);
}

/** The same versions as in this repository, from its node_modules: the demo needs no registry. */
async function copyDependencies(packageFolder: string, folder: string, copied: Set<string>): Promise<void> {
  const manifest: Manifest = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (copied.has(name)) continue;
    copied.add(name);
    const source = join(ROOT, 'node_modules', name);
    await cp(source, join(folder, 'node_modules', name), { recursive: true });
    await copyDependencies(source, folder, copied);
  }
}

const ISOLATIONS = [
  ['unshare', '-rn'],
  ['unshare', '-n'],
] as const;

/** Runs verify.mjs in a process of its own, without network where the system allows it. */
export async function present(
  folder: string,
  presentations: readonly Presentation[],
  { nodeUrl, runtime }: { nodeUrl: string; runtime: string },
): Promise<Verdicts> {
  await writeFile(join(folder, 'cases.json'), JSON.stringify(presentations));
  const isolation = await findIsolation();
  const command = [...(isolation ?? []), runtime, 'verify.mjs', nodeUrl];
  print(dim(`   $ ${command.join(' ')}`));
  const { stdout } = await run(command[0] as string, command.slice(1), { folder, isQuiet: true });
  const { isOnline, ...verdicts } = JSON.parse(stdout);
  if (isolation !== undefined && isOnline)
    throw new DemoFailure('the relying party reaches the node in spite of unshare');
  return { ...verdicts, isolation: isolation?.join(' ') };
}

async function findIsolation(): Promise<readonly string[] | undefined> {
  for (const isolation of ISOLATIONS) {
    const [program, ...args] = isolation;
    const isAllowed = await run(program, [...args, 'true'], { isQuiet: true }).then(
      () => true,
      () => false,
    );
    if (isAllowed) return isolation;
  }
  return undefined;
}

/** This program's own Node, and an older one if the system has it: relying parties are not all up to date. */
export async function runtimes(): Promise<string[]> {
  const found = [process.execPath];
  for (const candidate of ['/usr/bin/node', '/usr/local/bin/node', '/opt/homebrew/bin/node']) {
    if (!existsSync(candidate)) continue;
    const { stdout } = await run(candidate, ['--version'], { isQuiet: true });
    const isOther = stdout.trim() !== process.version && Number(/^v(\d+)/.exec(stdout)?.[1]) >= 20;
    if (isOther) return [...found, candidate];
  }
  return found;
}
