import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addKeygenCommand } from '../../../src/cli/commands/keygen.ts';
import { makeByOpenssl } from '../../../src/cli/device/openssl.ts';
import type { DeviceProfile } from '../../../src/cli/device/plan.ts';
import { makeSelfSigned } from '../../../src/cli/device/self-signed.ts';
import { CommandFailure } from '../../../src/cli/failure.ts';
import { writeNewFiles } from '../../../src/cli/new-files.ts';
import { isOpensslMissing } from '../../support/openssl.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entente-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function failureOf(work: Promise<unknown>): Promise<CommandFailure> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof CommandFailure)) throw new Error('no CommandFailure', { cause: thrown });
  return thrown;
}

const OLD = 'what was there before';
const refused = (path: string) => ({ code: 'file_exists', message: `${path} exists already and is not overwritten` });
const contents = async () =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(folder)).map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const),
    ),
  );

describe('writeNewFiles', () => {
  it('lets nobody else read a secret', async () => {
    await writeNewFiles([{ path: join(folder, 'key'), content: 'secret', isSecret: true }]);
    expect((await stat(join(folder, 'key'))).mode & 0o777).toBe(0o600);
  });

  it('creates no file when one of them exists', async () => {
    await writeFile(join(folder, 'b'), OLD);
    const files = ['a', 'b', 'c'].map((name) => ({ path: join(folder, name), content: 'new', isSecret: false }));
    expect(await failureOf(writeNewFiles(files))).toMatchObject(refused(join(folder, 'b')));
    expect(await contents()).toEqual({ b: OLD });
  });
});

const makers = [
  ['this program', makeSelfSigned, true],
  ['openssl', makeByOpenssl, !isOpensslMissing],
] as const;

describe.each(makers)('a device made by %s', (_, make, isInstalled) => {
  const profile = (): DeviceProfile => ({
    folder,
    prefix: 'cell-',
    domain: 'factory.example',
    validDays: 1,
    form: 'pem',
    binding: null,
  });
  const plan = { number: 7, algorithm: 'p256', byOpenssl: true } as const;
  const KEY = 'cell-000007.key.pem';
  const CERTIFICATE = 'cell-000007.crt.pem';

  it.skipIf(!isInstalled)('keeps its key and certificate when its number is made again', async () => {
    await make(plan, profile());
    const before = await contents();
    expect(Object.keys(before).sort()).toEqual([CERTIFICATE, KEY]);
    expect((await stat(join(folder, KEY))).mode & 0o777).toBe(0o600);
    expect(await failureOf(make(plan, profile()))).toMatchObject(refused(`${folder}/${KEY}`));
    expect(await contents()).toEqual(before);
  });

  it.skipIf(!isInstalled)('gets no key when its certificate exists', async () => {
    await writeFile(join(folder, CERTIFICATE), OLD);
    expect(await failureOf(make(plan, profile()))).toMatchObject(refused(`${folder}/${CERTIFICATE}`));
    expect(await contents()).toEqual({ [CERTIFICATE]: OLD });
  });
});

describe('entente keygen', () => {
  const keygen = async () => {
    const program = new Command();
    addKeygenCommand(program);
    await program.parseAsync(['node', 'entente', 'keygen', '--out', join(folder, 'a.key.pem')]);
  };

  it('overwrites no public key, and makes no private one then', async () => {
    await writeFile(join(folder, 'a.pub.pem'), OLD);
    expect(await failureOf(keygen())).toMatchObject(refused(join(folder, 'a.pub.pem')));
    expect(await contents()).toEqual({ 'a.pub.pem': OLD });
  });
});
