/** `entente register`: devices into the ledger, by their certificates. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  LedgerClient,
  LedgerError,
  memberIdOf,
  type Signatory,
  type SubjectKind,
  signClaim,
  signRegistration,
  splitBatches,
  submitterIdOf,
} from '../../../sdk/src/index.ts';
import {
  type CertificateSource,
  listCertificateFiles,
  readCertificates,
  STANDARD_INPUT,
} from '../certificate-files.ts';
import { CommandFailure } from '../failure.ts';
import { readSigner } from '../key-files.ts';
import { jsonOption, nodeOption, parseCount, parseId } from '../options.ts';
import { bad, count, dim, good, hex, notice, print, printError, printJson } from '../output.ts';
import { Progress } from '../progress.ts';
import { type Device, Outbox, type SignedBatch } from '../registration/outbox.ts';
import { explain, hexOrNull, RegistrationReport, sha256Of } from '../registration/report.ts';
import { KIND_NAMES, parseKind } from '../scope.ts';

interface RegisterOptions {
  readonly key: string;
  readonly signer?: Uint8Array;
  readonly kind: string;
  readonly claims?: boolean;
  readonly batch: number;
  readonly report?: string;
  readonly node: string;
  readonly json?: boolean;
}

/** A tenth of a second of the ledger's work: progress is seen, and signing a batch costs nothing beside it. */
const DEFAULT_BATCH = 250;
/** The protocol's limit. */
const BATCH_MAX = 1000;

export function addRegisterCommand(program: Command): void {
  program
    .command('register')
    .description('register devices by their certificates')
    .argument('<paths...>', 'certificate files (PEM or DER), folders of them, or - for PEM on standard input')
    .requiredOption('--key <file>', "the submitter's private key")
    .option('--signer <hex>', "the signer's id (default: the submitter with this key)", parseId)
    .addOption(new Option('--kind <name>', 'what the devices are').choices(KIND_NAMES).default('device'))
    .option(
      '--claims',
      'sign a claim for each NAME.crt.pem with NAME.key.pem beside it, for certificates without binding',
    )
    .option('--batch <number>', `devices in one transaction, at most ${BATCH_MAX}`, parseBatch, DEFAULT_BATCH)
    .option('--report <file>', 'write what became of each device, one JSON object a line')
    .addOption(nodeOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(register);
}

const HELP = `
Batches are signed while they stream, and sent again when the connection breaks; registering the same device twice does no harm.
Exit code: 0 when every device was accepted, 1 when some were refused, 2 when the ledger could not be asked.

Examples:
  entente register devices --key submitter.key.pem --report report.ndjson
  entente register cell-000001.crt.pem cell-000002.crt.der --key submitter.key.pem
  cat *.pem | entente register - --key submitter.key.pem --json`;

function parseBatch(text: string): number {
  const batch = parseCount(text);
  if (batch > BATCH_MAX) throw new InvalidArgumentError(`Expected at most ${BATCH_MAX}.`);
  return batch;
}

async function register(paths: readonly string[], options: RegisterOptions): Promise<void> {
  const kind = parseKind(options.kind);
  const files = await listCertificateFiles(paths);
  const signer = await readSigner(options.key);
  const client = new LedgerClient(options.node);
  const network = await client.network();
  const signatory = { network, signer, recordId: options.signer ?? submitterIdOf(network, signer.spki) };
  const report = await RegistrationReport.open(options.report);
  const progress = new Progress('registering', files.includes(STANDARD_INPUT) ? undefined : files.length);
  const stopOnInterrupt = onInterrupt(report, progress, options);
  const onAnswer = (): void => progress.advance(report.refused > 0 ? `${count(report.refused)} refused` : '');
  const onUnreadable = async ({ source }: CertificateSource): Promise<void> => {
    await report.add({ ...NOT_SENT, source });
    onAnswer();
  };
  const devices = readDevices(files, options.claims === true ? signatory : undefined, onUnreadable);
  const outbox = new Outbox(client, signedBatches(devices, { kind, size: options.batch, signatory }));
  try {
    for await (const { device, code, result, recordId, index } of outbox.send(({ error, seconds }) =>
      notice(`${error.message}; trying again in ${seconds} s`),
    )) {
      const sha256 = sha256Of(device.der);
      const message = explain(code, result) + (result === 'signer_unknown' ? signerHint(signatory, options) : '');
      await report.add({ source: device.source, sha256, recordId: hexOrNull(recordId), index, code, result, message });
      onAnswer();
    }
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    throw new CommandFailure(`${error.message}; ${soFar(report)}`, { code: error.code });
  } finally {
    stopOnInterrupt();
    progress.finish();
    await report.close();
  }
  summarize(report, progress.seconds, options);
}

const soFar = ({ accepted, refused }: RegistrationReport): string =>
  `${count(accepted)} accepted and ${count(refused)} refused so far. Run the command again to go on.`;

/** 128 and the number of SIGINT, as shells do. */
const EXIT_INTERRUPTED = 130;

/** Says how far it came; a second SIGINT ends at once. Returns how to stop listening. */
function onInterrupt(report: RegistrationReport, progress: Progress, { json }: RegisterOptions): () => void {
  const interrupt = async (): Promise<void> => {
    progress.finish();
    await report.close();
    const message = `interrupted; ${soFar(report)}`;
    if (json) printJson({ error: 'interrupted', message });
    else printError(message);
    process.exit(EXIT_INTERRUPTED);
  };
  process.once('SIGINT', interrupt);
  return () => process.off('SIGINT', interrupt);
}

/** Without --signer the id comes from the key, as if it were a submitter's. */
function signerHint({ network, signer }: Signatory, { signer: given }: RegisterOptions): string {
  if (given !== undefined) return '';
  return ` If this is a member's account key, give its id by --signer ${hex(memberIdOf(network, signer.spki))}.`;
}

const NOT_SENT = {
  sha256: null,
  recordId: null,
  index: null,
  code: null,
  result: 'no_certificate',
  message: 'The file holds no certificate.',
} as const;

/** Claims are signed where `claimsFor` is given: with the key file beside the certificate file. */
async function* readDevices(
  files: readonly string[],
  claimsFor: Signatory | undefined,
  onUnreadable: (source: CertificateSource) => Promise<void>,
): AsyncGenerator<Device, void> {
  for await (const found of readCertificates(files)) {
    const { source, der, file } = found;
    if (der === null) {
      await onUnreadable(found);
      continue;
    }
    const claim = claimsFor && (await claimFor(claimsFor, der, file ?? source));
    yield { source, der, claim: claim ?? null };
  }
}

async function claimFor({ network, recordId }: Signatory, certificate: Uint8Array, file: string) {
  const keyFile = file.replace(/(\.crt)?\.(pem|crt|cer|der)$/i, '.key.pem');
  return await signClaim({ network, submitterId: recordId, certificate }, await readSigner(keyFile));
}

async function* signedBatches(
  devices: AsyncIterable<Device>,
  { kind, size, signatory }: { kind: SubjectKind; size: number; signatory: Signatory },
): AsyncGenerator<SignedBatch, void> {
  for await (const batch of splitBatches(devices, { itemsMax: size })) {
    yield { transaction: await signRegistration({ subjectKind: kind, items: batch }, signatory), devices: batch };
  }
}

function summarize(report: RegistrationReport, seconds: number, { report: reportFile, json }: RegisterOptions): void {
  const { accepted, refused, refusals } = report;
  if (refused > 0) process.exitCode = 1;
  const devices = accepted + refused;
  const perSecond = devices / Math.max(seconds, 0.001);
  if (json) {
    printJson({ devices, accepted, refused, seconds, perSecond, refusals, report: reportFile ?? null });
    return;
  }
  const verdict = refused === 0 ? good('registered') : bad(accepted === 0 ? 'refused' : 'refused in part');
  print(
    `${verdict}  ${count(accepted)} of ${count(devices)} devices in ${seconds.toFixed(1)} s (${count(perSecond)}/s)`,
  );
  for (const { result, message, count: number, examples } of refusals) {
    print(`${String(number).padStart(6)}  ${bad(result)}  ${message}`);
    print(dim(`        for example ${examples.join(', ')}`));
  }
  if (reportFile !== undefined) print(`report: ${reportFile}`);
}
