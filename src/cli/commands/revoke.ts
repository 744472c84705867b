/** `entente revoke`: identities, and their certificates with them, for ever. */
import { stat } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import {
  type IdentityAnswer,
  LedgerClient,
  LedgerError,
  memberIdOf,
  REASONS,
  type Reason,
  signEndIdentity,
  submitterIdOf,
  type TransactionAnswer,
} from '../../../sdk/src/index.ts';
import { readCertificate } from '../certificate-files.ts';
import { CommandFailure } from '../failure.ts';
import { readSigner } from '../key-files.ts';
import { isIdText, jsonOption, nodeOption, parseId } from '../options.ts';
import { good, hex, print, printFields, printJson } from '../output.ts';
import { sha256Of } from '../registration/report.ts';

interface RevokeOptions {
  readonly key: string;
  readonly reason: keyof typeof REASONS;
  readonly signer?: Uint8Array;
  readonly evidence?: Uint8Array;
  readonly node: string;
  readonly json?: boolean;
}

export function addRevokeCommand(program: Command): void {
  program
    .command('revoke')
    .description('revoke a device for ever, with all its certificates')
    .argument('<target>', 'a certificate file, the SHA-256 of a certificate, or an identity')
    .requiredOption('--key <file>', 'private key of the submitter that registered it, or of its member')
    .addOption(new Option('--reason <name>', 'RFC 5280 reason').choices(Object.keys(REASONS)).default('unspecified'))
    .option('--signer <hex>', "the signer's id (default: found by the key)", parseId)
    .option('--evidence <hex>', 'SHA-256 of evidence that you keep', parseId)
    .addOption(nodeOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(revoke);
}

const HELP = `
A revoked device never comes back: it needs a new key. Proofs made before stay good for as long as verifiers accept their age.

Examples:
  entente revoke devices/cell-000017.crt.pem --key submitter.key.pem --reason keyCompromise
  entente revoke 4f0c...e1 --key .entente/node/keys/account.pem --reason cessationOfOperation`;

async function revoke(target: string, options: RevokeOptions): Promise<void> {
  const signer = await readSigner(options.key);
  const client = new LedgerClient(options.node);
  const network = await client.network();
  const { recordId, version, controllerId } = await findIdentity(target, client);
  const asSubmitter = submitterIdOf(network, signer.spki);
  const isController = hex(asSubmitter) === hex(controllerId);
  const signerId = options.signer ?? (isController ? asSubmitter : memberIdOf(network, signer.spki));
  const reason: Reason = REASONS[options.reason];
  const end = { recordId, version, reason, ...(options.evidence && { evidenceDigest: options.evidence }) };
  const answer = await client.submit(await signEndIdentity(end, { network, signer, recordId: signerId }));
  if (options.signer === undefined && FOREIGN_KEY_RESULTS.has(answer.result))
    throw foreignKey(controllerId, options.key);
  report(answer, recordId, options);
}

/** What the ledger answers when no id given by the key may revoke: it names the signer that was tried, which says little. */
const FOREIGN_KEY_RESULTS: ReadonlySet<string> = new Set(['signer_unknown', 'not_authorized']);

function foreignKey(controllerId: Uint8Array, keyFile: string): CommandFailure {
  const message =
    `not_authorized: the device was registered by ${hex(controllerId)}; ${keyFile} is neither its key nor the key of its member. ` +
    'A further account key of either needs --signer.';
  return new CommandFailure(message, { exitCode: 1, code: 'not_authorized' });
}

async function findIdentity(
  target: string,
  client: LedgerClient,
): Promise<Pick<IdentityAnswer, 'recordId' | 'version' | 'controllerId'>> {
  const isFile = await stat(target).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile)
    return await client.certificate(parseId(sha256Of(await readCertificate(target)))).catch(unknownTarget(target));
  if (!isIdText(target)) throw new CommandFailure(`${target} is neither a file nor 64 hexadecimal digits`);
  const id = parseId(target);
  return await client
    .certificate(id)
    .catch((error: unknown) => (isUnknown(error) ? client.identity(id) : Promise.reject(error)))
    .catch(unknownTarget(target));
}

const isUnknown = (error: unknown): boolean => error instanceof LedgerError && error.status === 404;

const unknownTarget =
  (target: string) =>
  (error: unknown): never => {
    if (!isUnknown(error)) throw error;
    throw new CommandFailure(`the ledger knows no certificate or identity ${target}`, { exitCode: 1, code: 'unknown' });
  };

function report(answer: TransactionAnswer, recordId: Uint8Array, { reason, json }: RevokeOptions): void {
  if (answer.code !== 0) {
    throw new CommandFailure(`${answer.result}: ${answer.message}`, { exitCode: 1, code: answer.result });
  }
  const index = answer.items[0]?.index ?? undefined;
  if (json) {
    printJson({ recordId: hex(recordId), reason, index, height: answer.height });
    return;
  }
  print(`${good('revoked')} for ever`);
  printFields({ identity: hex(recordId), reason, entry: index, height: answer.height ?? undefined });
}
