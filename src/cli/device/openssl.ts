/** Devices whose key and certificate the openssl command line makes: what a factory without our software does. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BINDING_OID } from '../../../sdk/src/index.ts';
import { CommandFailure } from '../failure.ts';
import { writeNewFiles } from '../new-files.ts';
import { hex } from '../output.ts';
import { type DeviceAlgorithm, type DeviceNames, type DevicePlan, type DeviceProfile, namesOf } from './plan.ts';

const run = promisify(execFile);
/** A key and a signature take milliseconds; a busy machine may need seconds. */
const TIMEOUT_MS = 30_000;

/** The version line of the installed openssl; undefined when there is none. */
export async function opensslVersion(): Promise<string | undefined> {
  try {
    return (await run('openssl', ['version'], { timeout: TIMEOUT_MS })).stdout.trim();
  } catch {
    return undefined;
  }
}

/** Writes the certificate, and the key readable by its owner only. Existing files are never overwritten. */
export async function makeByOpenssl(plan: DevicePlan, profile: DeviceProfile): Promise<void> {
  const { host, certificateFile, keyFile } = namesOf(profile, plan.number);
  // openssl overwrites what it finds: it works in a folder of its own. A key goes to no other disk than the one chosen for it.
  const folder = await mkdtemp(join(profile.folder, '.openssl-'));
  try {
    const made = { host, keyFile: join(folder, 'key'), certificateFile: join(folder, 'certificate') };
    await runOpenssl(made, plan.algorithm, profile);
    await writeNewFiles([
      { path: keyFile, content: await readFile(made.keyFile), isSecret: true },
      { path: certificateFile, content: await readFile(made.certificateFile), isSecret: false },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function runOpenssl(
  { host, keyFile, certificateFile }: DeviceNames,
  algorithm: DeviceAlgorithm,
  profile: DeviceProfile,
): Promise<void> {
  const key = algorithm === 'p256' ? ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-sha256'] : ['ed25519'];
  const binding = profile.binding === null ? [] : ['-addext', `${BINDING_OID}=DER:${hex(profile.binding)}`];
  const args = ['req', '-x509', '-nodes', '-newkey', ...key, '-keyout', keyFile, '-out', certificateFile];
  args.push('-outform', profile.form, '-days', String(profile.validDays), '-subj', `/CN=${host}`);
  args.push('-addext', `subjectAltName=DNS:${host}`, '-addext', 'keyUsage=critical,digitalSignature', ...binding);
  try {
    await run('openssl', args, { timeout: TIMEOUT_MS });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new CommandFailure(`openssl failed for ${host}: ${stderr?.trim() ?? String(error)}`, { code: 'openssl' });
  }
}
