/** `entente device`: test devices with keys and certificates of their own. */
import { type Command, Option } from 'commander';
import { bindingExtensionValue, submitterIdOf } from '../../../sdk/src/index.ts';
import type { CertificateForm, DeviceAlgorithm } from '../device/plan.ts';
import { CommandFailure } from '../failure.ts';
import { readPublicKey } from '../key-files.ts';
import {
  isIdText,
  jsonOption,
  type NetworkOptions,
  networkIdOption,
  nodeOption,
  parseCount,
  parseCountOrZero,
  parseId,
  resolveNetworkId,
} from '../options.ts';
import { count, good, notice, print, printJson } from '../output.ts';
import { Progress } from '../progress.ts';

interface MakeOptions extends NetworkOptions {
  readonly count: number;
  readonly out: string;
  readonly algorithm: DeviceAlgorithm | 'mixed';
  readonly submitter?: string;
  readonly binding: boolean;
  readonly openssl: number;
  readonly prefix: string;
  readonly domain: string;
  readonly start: number;
  readonly days: number;
  readonly form: CertificateForm;
  readonly json?: boolean;
}

/** RFC 5280 Appendix A: ub-common-name. */
const COMMON_NAME_LENGTH_MAX = 64;

export function addDeviceCommands(program: Command): void {
  const device = program.command('device').description('devices with keys and certificates of their own');
  device
    .command('make')
    .description('make keys and self-signed certificates, bound to a submitter')
    .option('--count <number>', 'how many', parseCount, 1)
    .requiredOption('--out <folder>', 'folder for NAME.crt.pem and NAME.key.pem')
    .option('--submitter <id>', 'the submitter that will register them: its id or its key file')
    .option('--no-binding', 'leave the binding out; register then needs --claims')
    .addOption(new Option('--algorithm <name>', 'kind of keys').choices(['p256', 'ed25519', 'mixed']).default('p256'))
    .option('--openssl <number>', 'how many of them the openssl command line makes', parseCountOrZero, 0)
    .option('--prefix <text>', 'in front of the number', 'cell-')
    .option('--domain <name>', 'behind the number', 'factory.example')
    .option('--start <number>', 'first number', parseCount, 1)
    .option('--days <number>', 'how long the certificates are valid', parseCount, 3650)
    .addOption(new Option('--form <name>', 'form of the certificates').choices(['pem', 'der']).default('pem'))
    .addOption(nodeOption())
    .addOption(networkIdOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(make);
}

const HELP = `
Keys are readable by you only; an existing key or certificate is never overwritten. The binding names network and submitter, so that nobody else can register the device.

Examples:
  entente device make --count 10 --out devices --submitter ID
  entente device make --count 5000 --out devices --submitter submitter.pub.pem --algorithm mixed --openssl 20
  entente device make --out devices --submitter ID --network-id HEX       in a factory without a connection`;

async function make(options: MakeOptions): Promise<void> {
  const { submitter, openssl, json } = options;
  if (options.binding && submitter === undefined) {
    throw new CommandFailure('--submitter is missing: the certificates name who will register them (or --no-binding)');
  }
  if (openssl > options.count) {
    throw new CommandFailure(`--openssl ${openssl} is more than the ${options.count} of --count`);
  }
  const [{ makeDevices }, { opensslVersion }, { namesOf, planDevices }] = await Promise.all([
    import('../device/make.ts'),
    import('../device/openssl.ts'),
    import('../device/plan.ts'),
  ]);
  const binding = options.binding && submitter !== undefined ? await bindingTo(submitter, options) : null;
  const { out: folder, prefix, domain, days: validDays, form } = options;
  const profile = { folder, prefix, domain, validDays, form, binding };
  const { host } = namesOf(profile, options.start + options.count - 1);
  if (host.length > COMMON_NAME_LENGTH_MAX) {
    throw new CommandFailure(`${host} is longer than the ${COMMON_NAME_LENGTH_MAX} characters of a common name`);
  }
  const version = openssl > 0 ? await opensslVersion() : undefined;
  if (openssl > 0 && version === undefined) notice('openssl is not installed: making all devices without it');
  const plans = planDevices({ ...options, openssl: version === undefined ? 0 : openssl });
  const byOpenssl = plans.filter((plan) => plan.byOpenssl).length;
  const progress = new Progress('making devices', plans.length);
  await makeDevices(plans, profile, () => progress.advance());
  progress.finish();
  const seconds = progress.seconds;
  if (json) return printJson({ folder, made: plans.length, byOpenssl, opensslVersion: version ?? null, seconds });
  print(
    `${good('made')} ${count(plans.length)} ${plans.length === 1 ? 'device' : 'devices'} in ${folder} (${seconds.toFixed(1)} s)`,
  );
  if (version !== undefined) print(`${byOpenssl} of them by ${version}`);
}

async function bindingTo(submitter: string, options: NetworkOptions): Promise<Uint8Array> {
  const network = await resolveNetworkId(options);
  const id = isIdText(submitter) ? parseId(submitter) : submitterIdOf(network, await readPublicKey(submitter));
  return bindingExtensionValue(network, id);
}
