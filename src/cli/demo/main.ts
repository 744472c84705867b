/** `npm run demo`: from nothing to devices that a relying party verifies offline, with the real commands, in about half a minute. */
import { copyFile, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { opensslVersion } from '../device/openssl.ts';
import { bad, bold, count, good, print, printError } from '../output.ts';
import { DemoFailure, entente, ROOT, step } from './commands.ts';
import { NodeProcess } from './node-process.ts';
import { installSdk, type Presentation, present, runtimes, type Verdicts } from './relying-party.ts';
import { tamperCertificate, tamperCosignature, tamperEntry } from './tampering.ts';

const FOLDER = '.entente/demo';
const DATA = `${FOLDER}/node`;
const DEVICES = `${FOLDER}/devices`;
const KEY = `${FOLDER}/submitter.key.pem`;
const RELYING_PARTY = join(ROOT, FOLDER, 'relying-party');

const DEVICE_COUNT = 500;
const OPENSSL_COUNT = 20;
/** `mixed` alternates from P-256 on, and openssl makes the first ones. */
const OPENSSL_DEVICE = 'cell-000001';
const ED25519_DEVICE = 'cell-000100';
const P256_DEVICE = 'cell-000101';
const REVOKED_DEVICE = 'cell-000250';
const UNREGISTERED_DEVICE = 'cell-900000';
const LATER_SECONDS = 600;

const certificateOf = (name: string): string => `${DEVICES}/${name}.crt.pem`;

let node: NodeProcess | undefined;

async function demo(): Promise<boolean> {
  const rows: [string, string][] = [];
  await rm(join(ROOT, FOLDER), { recursive: true, force: true });
  await mkdir(join(ROOT, FOLDER, 'proofs/before'), { recursive: true });

  step('A ledger of one carrier, and its node');
  await entente(['init', '--data', DATA, '--origin', 'ledger.example/demo', '--name', 'Demo']);
  node = await NodeProcess.start(DATA, '0');
  const at = ['--node', node.url];

  step('A factory that may register small cells below factory.example');
  await entente(['keygen', '--out', KEY]);
  const scope = ['--kind', 'device', '--dns', 'factory.example'];
  const account = ['--account-key', `${DATA}/keys/account.pem`];
  await entente(['submitter', 'add', '--key', KEY, '--name', 'Factory 1', ...scope, ...account, ...at]);

  step(`${DEVICE_COUNT} small cells with keys of their own`);
  const openssl = await opensslVersion();
  if (openssl === undefined) print('   openssl is not installed: all of them by the entente command');
  const byOpenssl = openssl === undefined ? [] : ['--openssl', String(OPENSSL_COUNT)];
  const many = ['--count', String(DEVICE_COUNT), '--algorithm', 'mixed', ...byOpenssl];
  const made = await entente(['device', 'make', ...many, '--out', DEVICES, '--submitter', KEY, ...at]);
  const makers = openssl === undefined ? 'openssl is not installed' : `${OPENSSL_COUNT} by ${openssl.split(' (')[0]}`;
  rows.push(['devices made', `${DEVICE_COUNT}, half P-256, half Ed25519; ${makers}; ${made.seconds.toFixed(1)} s`]);

  step('Into the ledger');
  const report = `${FOLDER}/report.ndjson`;
  const registered = await entente(['register', DEVICES, '--key', KEY, '--report', report, ...at]);
  rows.push(['registered', registered.stdout.split('\n')[0]?.replace(/^registered\s+/, '') ?? '']);
  await checkReport(report);

  step('A stolen device is revoked, for ever');
  await entente(['prove', certificateOf(REVOKED_DEVICE), '--out', `${FOLDER}/proofs/before`, ...at]);
  await entente(['revoke', certificateOf(REVOKED_DEVICE), '--key', KEY, '--reason', 'keyCompromise', ...at]);
  await entente(['revoke', certificateOf(REVOKED_DEVICE), '--key', KEY, ...at], 1);
  print('   (a second time is refused, as it must be)');

  step('The node stops and starts again; then devices get their proofs');
  const sizeBefore = await logSize(node.url);
  await node.stop();
  node = await NodeProcess.start(DATA, node.port);
  const sizeAfter = await logSize(node.url);
  if (sizeAfter !== sizeBefore) throw new DemoFailure(`the log had ${sizeBefore} entries and has ${sizeAfter}`);
  rows.push(['restart', `${node.startSeconds.toFixed(1)} s; ${count(sizeAfter)} entries before and after`]);
  const proved = [OPENSSL_DEVICE, ED25519_DEVICE, P256_DEVICE, REVOKED_DEVICE].map(certificateOf);
  await entente(['prove', ...proved, '--out', `${FOLDER}/proofs`, ...at]);
  await entente(['prove', certificateOf(P256_DEVICE), '--form', 'cbor', '--out', `${FOLDER}/proofs`, ...at]);
  rows.push(['proof', await proofSizes()]);

  step('A relying party with the packed SDK, and without network');
  const stranger = ['--start', '900000', '--submitter', KEY];
  await entente(['device', 'make', ...stranger, '--out', `${FOLDER}/unregistered`, ...at]);
  await mkdir(RELYING_PARTY);
  await installSdk(RELYING_PARTY);
  const presentations = await bringFiles(openssl === undefined ? 'first of the row' : 'made by openssl');
  const all: Verdicts[] = [];
  for (const runtime of await runtimes())
    all.push(await present(RELYING_PARTY, presentations, { nodeUrl: node.url, runtime }));
  for (const { node: version, milliseconds } of all) {
    rows.push([`verification, Node ${version.slice(1)}`, `${milliseconds.toFixed(2)} ms`]);
  }
  rows.push([
    'network',
    all[0]?.isolation ? `none: ${all[0].isolation}` : 'not taken away: this system allows no unshare',
  ]);
  await node.stop();
  return summarize(rows, presentations, all);
}

/** Every device has its line, and every line says accepted. */
async function checkReport(file: string): Promise<void> {
  const lines = (await readFile(join(ROOT, file), 'utf8')).trimEnd().split('\n');
  const accepted = lines.filter((line) => JSON.parse(line).result === 'accepted').length;
  if (lines.length !== DEVICE_COUNT || accepted !== DEVICE_COUNT) {
    throw new DemoFailure(`${file} has ${lines.length} lines, ${accepted} of them accepted`);
  }
}

async function logSize(url: string): Promise<number> {
  const response = await fetch(`${url}/v1/network`);
  return ((await response.json()) as { size: number }).size;
}

async function proofSizes(): Promise<string> {
  const [text, binary] = await Promise.all(
    ['tlog-proof', 'proof.cbor'].map((extension) => stat(join(ROOT, FOLDER, `proofs/${P256_DEVICE}.${extension}`))),
  );
  return `${count(text?.size ?? 0)} bytes as text, ${count(binary?.size ?? 0)} binary`;
}

/** Carries policy, certificates and proofs over, and lets the attacker at some of them. */
async function bringFiles(first: string): Promise<Presentation[]> {
  const from = join(ROOT, FOLDER);
  const to = (file: string): string => join(RELYING_PARTY, basename(file));
  const certificates = [OPENSSL_DEVICE, ED25519_DEVICE, P256_DEVICE, REVOKED_DEVICE].map(
    (name) => `devices/${name}.crt.pem`,
  );
  const proofs = [OPENSSL_DEVICE, ED25519_DEVICE, P256_DEVICE, REVOKED_DEVICE].map(
    (name) => `proofs/${name}.tlog-proof`,
  );
  const stranger = `unregistered/${UNREGISTERED_DEVICE}.crt.pem`;
  for (const file of ['node/policy.txt', stranger, ...certificates, ...proofs])
    await copyFile(join(from, file), to(file));
  await copyFile(join(from, `proofs/before/${REVOKED_DEVICE}.tlog-proof`), to('before.tlog-proof'));

  const certificate = to(`${P256_DEVICE}.crt.pem`);
  await tamperCertificate(certificate, to('tampered.crt.pem'));
  await tamperCosignature(to(`${P256_DEVICE}.tlog-proof`), to('tampered.tlog-proof'));
  const proof = join(from, `proofs/${P256_DEVICE}.proof.cbor`);
  await tamperEntry({ proof, certificate, other: to(stranger) }, to('tampered.proof.cbor'));

  const device = (name: string) => ({ certificate: `${name}.crt.pem`, proof: `${name}.tlog-proof`, laterSeconds: 0 });
  const p256 = device(P256_DEVICE);
  const unregistered = `${UNREGISTERED_DEVICE}.crt.pem`;
  const old = { ...device(REVOKED_DEVICE), proof: 'before.tlog-proof', laterSeconds: LATER_SECONDS };
  return [
    { name: 'registered device, P-256', ...p256, expected: 'verified' },
    { name: 'registered device, Ed25519', ...device(ED25519_DEVICE), expected: 'verified' },
    { name: `registered device, ${first}`, ...device(OPENSSL_DEVICE), expected: 'verified' },
    { name: 'revoked device', ...device(REVOKED_DEVICE), expected: 'state' },
    { name: 'its proof from before, 10 minutes later', ...old, expected: 'stale_checkpoint' },
    {
      name: "unregistered device with another's proof",
      ...p256,
      certificate: unregistered,
      expected: 'certificate_not_in_entry',
    },
    {
      name: 'one bit of the certificate changed',
      ...p256,
      certificate: 'tampered.crt.pem',
      expected: 'certificate_not_in_entry',
    },
    {
      name: 'unregistered device written into a proof',
      ...p256,
      certificate: unregistered,
      proof: 'tampered.proof.cbor',
      expected: 'inclusion',
    },
    { name: 'one bit of the cosignature changed', ...p256, proof: 'tampered.tlog-proof', expected: 'bad_signature' },
  ];
}

function summarize(
  rows: [string, string][],
  presentations: readonly Presentation[],
  all: readonly Verdicts[],
): boolean {
  print(`\n${bold('What the relying party said')}`);
  let isExpected = true;
  for (const [i, { name, expected }] of presentations.entries()) {
    const outcomes = [...new Set(all.map(({ outcomes }) => outcomes[i] ?? 'nothing'))];
    const isRight = outcomes.length === 1 && outcomes[0] === expected;
    isExpected &&= isRight;
    const verdict = isRight ? good('as it must be') : bad(`must be ${expected}`);
    print(`   ${name.padEnd(42)}${outcomes.join(', ').padEnd(26)}${verdict}`);
  }
  print(`\n${bold('Figures')}`);
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) print(`   ${name.padEnd(width)}  ${value}`);
  print(BY_HAND);
  return isExpected;
}

const BY_HAND = `
${bold('By hand')}
   alias entente="npm run --silent entente --"
   entente start --data ${DATA}
   entente prove ${certificateOf(P256_DEVICE)} --out ${FOLDER}
   entente verify ${certificateOf(P256_DEVICE)} --proof ${FOLDER}/${P256_DEVICE}.tlog-proof --policy ${DATA}/policy.txt
   entente --help
   Everything that was made lies in ${FOLDER}; the node is stopped.
`;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    node?.kill();
    process.exit(130);
  });
}

try {
  if (!(await demo())) process.exitCode = 1;
} catch (error) {
  process.exitCode = 1;
  if (error instanceof DemoFailure) printError(error.message);
  else throw error;
} finally {
  await node?.stop();
}
