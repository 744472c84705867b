/** `entente submitter`: who may register devices. */
import { type Command, Option } from 'commander';
import {
  BINDING_OID,
  bindingExtensionValue,
  LedgerClient,
  memberIdOf,
  type Signatory,
  signAddSubmitter,
  submitterIdOf,
  type TransactionAnswer,
} from '../../../sdk/src/index.ts';
import { CommandFailure } from '../failure.ts';
import { readPublicKey, readSigner } from '../key-files.ts';
import { collect, DEFAULT_DATA_FOLDER, jsonOption, nodeOption, parseId } from '../options.ts';
import { good, hex, notice, print, printFields, printJson } from '../output.ts';
import { describeScope, KIND_NAMES, type ScopeOptions, scopeFromOptions } from '../scope.ts';

interface AddOptions extends ScopeOptions {
  readonly key: string;
  readonly name: string;
  readonly accountKey: string;
  readonly member?: Uint8Array;
  readonly node: string;
  readonly json?: boolean;
}

export function addSubmitterCommands(program: Command): void {
  const submitter = program.command('submitter').description('submitters: who may register devices under a member');
  submitter
    .command('add')
    .description('add a submitter; signed with the account key of its member')
    .requiredOption('--key <file>', "the submitter's key, public or private PEM")
    .requiredOption('--name <text>', 'its name, for people')
    .option('--account-key <file>', "the member's account key", `${DEFAULT_DATA_FOLDER}/keys/account.pem`)
    .option('--member <hex>', "the member's id (default: computed from the account key)", parseId)
    .addOption(new Option('--kind <name>', `may register this kind: ${KIND_NAMES.join(', ')}`).argParser(collect))
    .option(
      '--dns <name>',
      'may vouch for this DNS name and those below it (no *); a scope cannot be changed later',
      collect,
    )
    .option('--uri <uri>', 'may vouch for exactly this URI', collect)
    .option('--ip <range>', 'may vouch for addresses of this range, such as 192.0.2.0/24', collect)
    .addOption(nodeOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(add);
}

const HELP = `
--kind, --dns, --uri and --ip make the scope and may be repeated. With --dns, --uri or --ip every alternative name of a certificate has to
match one of them. A dot in front of a DNS name is left out; a range has no bits set behind its prefix. Without any the
submitter may register everything its member may.

Examples:
  entente submitter add --key factory.pub.pem --name "Factory 1" --kind device --dns factory.example
  entente submitter add --key fleet.pub.pem --name "Fleet" --kind gateway --ip 192.0.2.0/24 --ip 2001:db8::/32`;

async function add(options: AddOptions): Promise<void> {
  const scope = scopeFromOptions(options);
  const spki = await readPublicKey(options.key);
  const signer = await readSigner(options.accountKey);
  const client = new LedgerClient(options.node);
  const network = await client.network();
  const member: Signatory = { network, signer, recordId: options.member ?? memberIdOf(network, signer.spki) };
  const transaction = await signAddSubmitter({ name: options.name, scope, accountKeys: [spki] }, member);
  const answer = await client.submit(transaction);
  const id = submitterIdOf(network, spki);
  if (answer.code !== 0) {
    const message = `${answer.result}: ${explainRefusal(answer, options, member)} The submitter id is ${hex(id)}.`;
    throw new CommandFailure(message, { exitCode: 1, code: answer.result });
  }
  const index = answer.items[0]?.index;
  const permitted = scope && describeScope(scope);
  const binding = `${BINDING_OID}=DER:${hex(bindingExtensionValue(network, id))}`;
  if (options.json) {
    printJson({ submitterId: hex(id), memberId: hex(member.recordId), index, scope: permitted ?? null, binding });
    return;
  }
  if (scope === undefined) notice('note: without a scope the submitter may register whatever its member may');
  print(`${good('added')} ${options.name}`);
  printFields({
    'submitter id': hex(id),
    'under member': hex(member.recordId),
    entry: index ?? undefined,
    scope:
      permitted &&
      Object.entries(permitted)
        .flatMap(([name, list]) => list.map((item: string) => `${name} ${item}`))
        .join('\n'),
    binding,
  });
}

/** The member's id comes from the key, so an unknown member is mostly a wrong file. */
function explainRefusal(
  { result, message }: TransactionAnswer,
  { accountKey, member: given }: AddOptions,
  { recordId }: Signatory,
): string {
  if (result !== 'signer_unknown') return message;
  const id = hex(recordId);
  if (given !== undefined) return `No member of this ledger has the id ${id}.`;
  return `${accountKey} is not the account key of a member of this ledger (its member would have the id ${id}).`;
}
