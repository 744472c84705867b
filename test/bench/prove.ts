/** What a proof takes on the wire and in time, in a ledger of a million entries. */
import { createVerifier, type Verifier } from '../../sdk/src/index.ts';
import { fromUtf8 } from '../../src/core/bytes.ts';
import { checkpointText, type SignedCheckpoint } from '../../src/tlog/checkpoint.ts';
import { cosignedMessage } from '../../src/tlog/cosignature.ts';
import { encodeProof } from '../../src/tlog/proof.ts';
import { ports } from '../support/crypto.ts';
import { ORIGIN, policyText, type TestMember } from '../support/members.ts';
import { Random } from '../support/random.ts';
import { quorumLines } from '../support/scene.ts';
import { type Device, DeviceLedger, START } from './device-ledger.ts';
import { type Bench, cpuMicroseconds, lower, median, takeTurns } from './measure.ts';

const SIZE = 1_000_000;
/** Sizes lie within one in a hundred of that: paths are as long as the size has bits, so that neighbours differ. */
const SIZE_SPREAD = 10_000;
const SIZES = 100;
/** Devices to verify in turn, so that no cache knows the next one. */
const DEVICES = 100;
const PASSES = 5;
const ROUNDS = { rounds: 31, warmUp: 3 };

const random = new Random('prove');
const NOW = START + 10_000;

export function prove(): Bench {
  const places = Array.from({ length: DEVICES }, () => 1000 + random.below(SIZE - SIZE_SPREAD - 1000));
  const ledger = new DeviceLedger(SIZE + SIZE_SPREAD + 1, places);
  const lengths = measureLengths(ledger);
  const worst = (of: (length: Lengths) => number): number => Math.max(...lengths.map(of));
  const verification = measureVerification(ledger);
  const device = ledger.devices[0] as Device;
  const { size } = ledger.log;
  return {
    metrics: [
      lower('proof_bytes_1m', 2300, { value: worst(({ held }) => held) }),
      lower('self_contained_bytes_1m', 6000, { value: worst(({ whole }) => whole) }),
      lower('verify_over_signatures', 1.5, median(verification.map((cost) => cost.whole / cost.signatures))),
      lower('cached_verify_us', 50, median(verification.map((cost) => cost.cached))),
    ],
    notes: [
      `${SIZES} sizes from ${SIZE - SIZE_SPREAD} to ${SIZE + SIZE_SPREAD}, the worst of them; on average ${mean(lengths.map(({ held }) => held))} and ${mean(lengths.map(({ whole }) => whole))} bytes`,
      `of one proof: the identity's entry ${ledger.log.entry(device.index).length} bytes, the block entry ${ledger.log.entry(size - 1).length}, signatures with their names ${lineBytes(checkpointOf(ledger))}`,
      `a CA-issued certificate under ${ledger.authorities.length} authorities, 3 of 4 Ed25519 cosigners and one log line`,
      `bare signatures ${median(verification.map((cost) => cost.signatures)).value.toFixed(0)} us, a self-contained proof ${median(verification.map((cost) => cost.whole)).value.toFixed(0)} us`,
    ],
  };
}

interface Lengths {
  /** With the authorities' entries, and without them. */
  readonly whole: number;
  readonly held: number;
}

/** The ledger grows from size to size; each time another device is asked for. Every proof is verified. */
function measureLengths(ledger: DeviceLedger): Lengths[] {
  const sizes = new Set<number>();
  while (sizes.size < SIZES) sizes.add(SIZE - SIZE_SPREAD + random.below(2 * SIZE_SPREAD));
  const verifier = verifierOf(ledger);
  return [...sizes]
    .sort((a, b) => a - b)
    .map((size, i) => {
      ledger.growTo(size);
      const { index, der } = ledger.devices[i % ledger.devices.length] as Device;
      const checkpoint = checkpointOf(ledger);
      const whole = encodeProof(ledger.log.proof([index, ...ledger.authorities], checkpoint));
      verifier.verifyCertificate({ proof: whole, certificate: der });
      return { whole: whole.length, held: encodeProof(ledger.log.proof([index], checkpoint)).length };
    });
}

function checkpointOf({ log, members }: DeviceLedger): SignedCheckpoint {
  const unsigned = { origin: ORIGIN, size: log.size, root: log.root() };
  return { ...unsigned, lines: quorumLines(members, unsigned, NOW) };
}

const verifierOf = ({ members }: DeviceLedger): Verifier =>
  createVerifier({ policy: policyText(members), clock: () => NOW });

function measureVerification(ledger: DeviceLedger) {
  const { log, devices } = ledger;
  const checkpoint = checkpointOf(ledger);
  const verifier = verifierOf(ledger);
  const proofs = devices.map(({ index, der }) => ({
    proof: encodeProof(log.proof([index, ...ledger.authorities], checkpoint)),
    certificate: der,
  }));
  const held = verifier.hold({
    proof: encodeProof(log.proof(ledger.authorities, checkpoint)),
    words: log.words(),
  });
  const questions = devices.map(({ index, der }) => ({
    index,
    entry: log.entry(index),
    path: log.path(index),
    certificate: der,
  }));
  const checkSignatures = signatureChecks(ledger.members, checkpoint);
  const perDevice = <T>(items: readonly T[], action: (item: T) => void): number =>
    cpuMicroseconds(() => {
      for (let pass = 0; pass < PASSES; pass++) for (const item of items) action(item);
    }) /
    (PASSES * items.length);
  return takeTurns(
    {
      signatures: () => perDevice(devices, checkSignatures),
      whole: () => perDevice(proofs, (question) => verifier.verifyCertificate(question)),
      cached: () => perDevice(questions, (question) => held.verifyCertificate(question)),
    },
    ROUNDS,
  );
}

/** Just the checks that a proof asks for: messages made, keys imported. */
function signatureChecks(members: readonly TestMember[], checkpoint: SignedCheckpoint): () => void {
  const [log, ...cosigners] = checkpoint.lines;
  const checks = [
    { key: (members[0] as TestMember).log.raw, message: fromUtf8(checkpointText(checkpoint)), line: log },
    ...cosigners.map((line, i) => ({
      key: (members[i] as TestMember).cosigner.raw,
      message: cosignedMessage(checkpoint, BigInt(NOW)),
      line,
    })),
  ].map(({ key, message, line }) => ({ key, message, signature: (line?.data ?? key).slice(-64) }));
  return () => {
    for (const { key, message, signature } of checks) {
      if (!ports.verifier.verifyEd25519(key, message, signature)) throw new Error('a signature of the bench is wrong');
    }
  };
}

const lineBytes = ({ lines }: SignedCheckpoint): number =>
  lines.reduce((sum, { name, data }) => sum + name.length + data.length + 5, 0);

const mean = (values: readonly number[]): number =>
  Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
