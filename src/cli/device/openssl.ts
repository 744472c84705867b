/** Devices whose key and certificate the openssl command line makes: what a factory without our software does. */
import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { promisify } from 'node:util';
import { BINDING_OID } from '../../../sdk/src/index.ts';
import { CommandFailure } from '../failure.ts';
import { hex } from '../output.ts';
import { type DevicePlan, type DeviceProfile, namesOf } from './plan.ts';

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

export async function makeByOpenssl({ number, algorithm }: DevicePlan, profile: DeviceProfile): Promise<void> {
  const { host, certificateFile, keyFile } = namesOf(profile, number);
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
  await chmod(keyFile, 0o600);
}
