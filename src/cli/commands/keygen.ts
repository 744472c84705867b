/** `entente keygen`: an account key. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Command, Option } from 'commander';
import { memberIdOf, signerFromPem, submitterIdOf } from '../../../sdk/src/index.ts';
import { writeNewFiles } from '../new-files.ts';
import { jsonOption, parseId } from '../options.ts';
import { hex, printFields, printJson } from '../output.ts';

interface KeygenOptions {
  readonly out: string;
  readonly algorithm: 'p256' | 'ed25519';
  readonly networkId?: Uint8Array;
  readonly json?: boolean;
}

export function addKeygenCommand(program: Command): void {
  program
    .command('keygen')
    .description('make an account key for a member or a submitter')
    .requiredOption('--out <file>', 'where the private key goes; the public one goes beside it')
    .addOption(new Option('--algorithm <name>', 'kind of key').choices(['p256', 'ed25519']).default('p256'))
    .option('--network-id <hex>', 'id of a network: also prints the ids that the key will have there', parseId)
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(keygen);
}

const HELP = `
Writes FILE (PKCS#8, readable by you only) and the public key to FILE with .pub.pem. An existing file is never overwritten.

Examples:
  entente keygen --out submitter.key.pem
  entente keygen --out account.key.pem --algorithm ed25519 --network-id HEX`;

async function keygen({ out, algorithm, networkId, json }: KeygenOptions): Promise<void> {
  const { privateKey, publicKey } = generate(algorithm);
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  const publicFile = `${out.replace(/(\.key)?\.pem$/, '')}.pub.pem`;
  await writeNewFiles([
    { path: out, content: pem, isSecret: true },
    { path: publicFile, content: publicKey.export({ format: 'pem', type: 'spki' }) as string, isSecret: false },
  ]);
  const { spki, keyId } = await signerFromPem(pem);
  const facts = {
    privateKeyFile: out,
    publicKeyFile: publicFile,
    algorithm,
    spki: Buffer.from(spki).toString('base64'),
    keyId: hex(keyId),
    memberId: networkId && hex(memberIdOf({ networkId }, spki)),
    submitterId: networkId && hex(submitterIdOf({ networkId }, spki)),
  };
  if (json) return printJson(facts);
  printFields({
    'private key': `${out} (keep it secret)`,
    'public key': publicFile,
    algorithm: algorithm === 'p256' ? 'P-256 (ES256)' : 'Ed25519',
    SPKI: facts.spki,
    'key id': facts.keyId,
    'as a submitter': facts.submitterId,
    'as a member': facts.memberId,
  });
}

function generate(algorithm: KeygenOptions['algorithm']): { privateKey: KeyObject; publicKey: KeyObject } {
  return algorithm === 'p256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
}
