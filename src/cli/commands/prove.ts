/** `entente prove`: the proof file that goes along with a certificate. */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Command, Option } from 'commander';
import { LedgerClient, LedgerError, type ProofForm } from '../../../sdk/src/index.ts';
import { readCertificate } from '../certificate-files.ts';
import { CommandFailure } from '../failure.ts';
import { jsonOption, nodeOption, parseId } from '../options.ts';
import { good, print, printJson } from '../output.ts';
import { sha256Of } from '../registration/report.ts';

interface ProveOptions {
  readonly form: ProofForm;
  readonly out: string;
  readonly node: string;
  readonly json?: boolean;
}

const EXTENSIONS: Readonly<Record<ProofForm, string>> = { text: 'tlog-proof', cbor: 'proof.cbor' };
/** An entry that was just written is cosigned within a second. */
const ATTEMPTS_MAX = 20;
const PAUSE_MS = 500;

export function addProveCommand(program: Command): void {
  program
    .command('prove')
    .description("fetch the proof of a certificate's standing, to be verified offline")
    .argument('<certificates...>', 'certificate files')
    .addOption(
      new Option('--form <name>', 'text, which any tlog-proof reader checks, or binary')
        .choices(['text', 'cbor'])
        .default('text'),
    )
    .option('--out <folder>', 'where the proof files go; made when it does not exist', '.')
    .addOption(nodeOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(prove);
}

const HELP = `
Writes NAME.tlog-proof, or NAME.proof.cbor. A proof is as fresh as the moment it was fetched: verifiers refuse old ones.

Examples:
  entente prove devices/cell-000001.crt.pem
  entente prove devices/*.crt.pem --out proofs --form cbor`;

async function prove(certificates: readonly string[], { form, out, node, json }: ProveOptions): Promise<void> {
  const client = new LedgerClient(node);
  await mkdir(out, { recursive: true });
  for (const file of certificates) {
    const sha256 = sha256Of(await readCertificate(file));
    const proof = await fetchProof(client, sha256, form, file);
    const proofFile = join(out, `${basename(file).replace(/(\.crt)?\.[^.]+$/, '')}.${EXTENSIONS[form]}`);
    await writeFile(proofFile, proof);
    if (json) printJson({ certificate: file, sha256, proofFile, bytes: proof.length });
    else print(`${good('proved')} ${file}: ${proofFile}, ${proof.length} bytes`);
  }
}

async function fetchProof(client: LedgerClient, sha256: string, form: ProofForm, file: string): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.proof(parseId(sha256), { form });
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      if (error.status === 404) {
        throw new CommandFailure(`${file} is not in the ledger`, { exitCode: 1, code: error.code });
      }
      if (error.status !== 503 || attempt >= ATTEMPTS_MAX) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
