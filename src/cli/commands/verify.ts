/** `entente verify`: what a relying party does, offline. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  type CertificateStanding,
  createVerifier,
  SUBJECT_KINDS,
  VerificationError,
  type Verifier,
} from '../../../sdk/src/index.ts';
import { readCertificate } from '../certificate-files.ts';
import { CommandFailure } from '../failure.ts';
import { jsonOption, parseCount, parseId, parseTime } from '../options.ts';
import { bad, good, hex, notice, print, printFields, printJson, utc } from '../output.ts';

interface VerifyOptions {
  readonly proof: string;
  readonly policy: string;
  readonly maxAge?: number;
  readonly at?: number;
  readonly record?: Uint8Array;
  readonly allowWeakPolicy?: boolean;
  readonly json?: boolean;
}

export function addVerifyCommand(program: Command): void {
  program
    .command('verify')
    .description('verify offline that a certificate is in the ledger and current')
    .argument('<certificate>', 'certificate file, PEM or DER')
    .requiredOption('--proof <file>', 'the proof file that came with it, text or binary')
    .requiredOption('--policy <file>', 'which ledger, whose signatures, how many; from somebody you trust')
    .option('--max-age <seconds>', "how old the quorum's word may be (default: 300)", parseCount)
    .option('--at <seconds>', 'the time to verify for, in seconds since 1970 (default: now)', parseTime)
    .option('--record <hex>', 'the identity that it has to be', parseId)
    .option('--allow-weak-policy', 'accept a policy whose quorum is below two thirds of its members')
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(verify);
}

const HELP = `
No network is used. Exit code: 0 verified, 1 refused, the code says why; 2 a file cannot be read.

Examples:
  entente verify cell-000001.crt.pem --proof cell-000001.tlog-proof --policy policy.txt
  entente verify cell-000001.crt.pem --proof cell-000001.tlog-proof --policy policy.txt --max-age 86400 --json`;

async function verify(file: string, options: VerifyOptions): Promise<void> {
  const { at, maxAge, allowWeakPolicy = false, record } = options;
  const certificate = await readCertificate(file);
  const proof = new Uint8Array(await readFile(options.proof));
  const policy = await readFile(options.policy, 'utf8');
  try {
    const verifier = createVerifier({
      policy,
      allowWeakPolicy,
      ...(maxAge !== undefined && { maxAgeSeconds: maxAge }),
      ...(at !== undefined && { clock: () => at }),
    });
    const standing = verifier.verifyCertificate({ proof, certificate, ...(record && { recordId: record }) });
    if (options.json) printJson({ verified: true, ...presentStanding(standing) });
    else printStanding(file, standing, verifier);
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    if (error.code === 'policy_invalid') {
      throw new CommandFailure(`${options.policy} is no policy: ${error.message}`, { code: error.code });
    }
    process.exitCode = 1;
    if (options.json) printJson({ verified: false, code: error.code, message: error.message });
    else notice(`${bad('refused')} ${file}\n${error.code}: ${error.message}`);
  }
}

function presentStanding({ recordId, authorities, ...rest }: CertificateStanding) {
  return {
    recordId: hex(recordId),
    ...rest,
    authorities: authorities.map(({ recordId: id, ...authority }) => ({ recordId: hex(id), ...authority })),
  };
}

/** Record kinds that others stand under. */
const AUTHORITY_NAMES: Readonly<Record<number, string>> = { 1: 'member', 2: 'anchor', 3: 'submitter' };

function printStanding(file: string, standing: CertificateStanding, { policy }: Verifier): void {
  const kind = Object.entries(SUBJECT_KINDS).find(([, value]) => value === standing.subjectKind)?.[0];
  const authorities = standing.authorities.map(
    (authority) =>
      `${AUTHORITY_NAMES[authority.kind] ?? authority.kind} ${hex(authority.recordId)}, entry ${authority.index}`,
  );
  print(`${good('verified')} ${file} is in the ledger and current`);
  printFields({
    identity: `${hex(standing.recordId)}, entry ${standing.index}`,
    kind: kind ?? standing.subjectKind,
    ledger: `${policy.origin}, ${standing.size} entries, height ${standing.height}`,
    'vouched for': `${utc(standing.checkpointTime)}, ${standing.ageSeconds} s ago, by ${policy.fewestMembers} of ${policy.memberCount} members or more`,
    'stands under': authorities.join('\n'),
  });
}
