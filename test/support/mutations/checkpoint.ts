/** Steps 1 and 2: the checkpoint's lines and the quorum. */
import { concat, toU64 } from '../../../src/core/bytes.ts';
import { type Checkpoint, checkpointText } from '../../../src/tlog/checkpoint.ts';
import { cosignatureLine, logLine } from '../../../src/tlog/cosignature.ts';
import { createVerifierKey, formatSignatureLine, SIGNATURE_TYPES, type SignatureLine } from '../../../src/tlog/note.ts';
import { ports } from '../crypto.ts';
import { ed25519Key } from '../keys.ts';
import { cosign, cosignerName, policyText, signAsLog, type TestMember } from '../members.ts';
import { flipped } from '../random.ts';
import { blockTime, COSIGNED_AT, MAX_AGE, makeScene, NOW, present, quorumLines, type Vector } from '../scene.ts';

const SKEW = 60;

export function checkpointMutations(): Vector[] {
  return [...lineMutations(), ...timeMutations(), ...policyMutations(), ...textMutations()];
}

/** Cosignatures of the members at their times, behind one log line. */
const cosignedAt =
  (members: readonly TestMember[], times: readonly (number | bigint)[]) =>
  (checkpoint: Checkpoint): SignatureLine[] => [
    signAsLog(members[0] as TestMember, checkpoint),
    ...times.map((time, i) => cosign(members[i] as TestMember, checkpoint, BigInt(time))),
  ];

function lineMutations(): Vector[] {
  const scene = makeScene();
  const { members } = scene;
  const [first, second, third, fourth] = members as [TestMember, TestMember, TestMember, TestMember];
  const quorum = (checkpoint: Checkpoint) => quorumLines(members, checkpoint, COSIGNED_AT);
  const also = (more: (checkpoint: Checkpoint) => readonly SignatureLine[]) => (checkpoint: Checkpoint) => [
    ...quorum(checkpoint),
    ...more(checkpoint),
  ];
  const strangers = (count: number): SignatureLine[] =>
    Array.from({ length: count }, (_, i) => ({
      name: cosignerName(new Uint8Array(32).fill(i)),
      data: new Uint8Array(76).fill(i),
    }));
  const flip = (line: SignatureLine): SignatureLine => ({ ...line, data: flipped(line.data, line.data.length - 40) });
  return [
    present('a sound proof', { expect: 'ok' }, scene),
    present('every member cosigned', { expect: 'ok' }, scene, { lines: cosignedAt(members, [NOW, NOW, NOW, NOW]) }),
    present('no log line', { expect: 'log_line' }, scene, { lines: (checkpoint) => quorum(checkpoint).slice(1) }),
    present('a log line that signs another size', { expect: 'bad_signature' }, scene, {
      lines: (checkpoint) => [
        signAsLog(first, { ...checkpoint, size: checkpoint.size + 1 }),
        ...quorum(checkpoint).slice(1),
      ],
    }),
    present('the log line of another member that does not verify', { expect: 'bad_signature' }, scene, {
      lines: also((checkpoint) => [flip(signAsLog(second, checkpoint))]),
    }),
    present('the log line twice', { expect: 'duplicate_line' }, scene, { lines: also((c) => [signAsLog(first, c)]) }),
    present('one key twice beside a quorum', { expect: 'duplicate_line' }, scene, {
      lines: also((checkpoint) => [cosign(first, checkpoint, BigInt(COSIGNED_AT + 1))]),
    }),
    present('one key twice in place of a third member', { expect: 'duplicate_line', alone: false }, scene, {
      lines: (checkpoint) => [...quorum(checkpoint).slice(0, 3), cosign(second, checkpoint, BigInt(NOW))],
    }),
    present('a flipped byte in a line that the quorum does not need', { expect: 'bad_signature' }, scene, {
      lines: also((checkpoint) => [flip(cosign(fourth, checkpoint, BigInt(COSIGNED_AT)))]),
    }),
    present('a cosignature whose time was moved', { expect: 'bad_signature' }, scene, {
      lines: also((checkpoint) => {
        const line = cosign(fourth, checkpoint, BigInt(COSIGNED_AT));
        return [{ ...line, data: concat(line.data.subarray(0, 4), toU64(BigInt(NOW)), line.data.subarray(12)) }];
      }),
    }),
    present('a cosignature of another root', { expect: 'bad_signature' }, scene, {
      lines: also((c) => [cosign(fourth, { ...c, root: flipped(c.root, 0) }, BigInt(COSIGNED_AT))]),
    }),
    present('a cosignature one byte short', { expect: 'bad_signature' }, scene, {
      lines: also((checkpoint) => {
        const line = cosign(fourth, checkpoint, BigInt(COSIGNED_AT));
        return [{ ...line, data: line.data.subarray(0, -1) }];
      }),
    }),
    present('a cosigner key that signs as a log', { expect: 'quorum_not_met' }, scene, {
      lines: (checkpoint) => [...quorum(checkpoint).slice(0, 3), asLog(third, checkpoint)],
    }),
    present('64 lines', { expect: 'ok' }, scene, { lines: also(() => strangers(60)) }),
    present('an unknown line whose name has a byte order mark', { expect: 'ok' }, scene, {
      lines: also(() => [{ name: 'stranger\ufeff', data: new Uint8Array(68) }]),
    }),
    present('an unknown line whose name has an ideographic space', { expect: 'malformed' }, scene, {
      lines: also(() => [{ name: 'stranger\u3000', data: new Uint8Array(68) }]),
    }),
    present('65 lines', { expect: 'too_many_lines' }, scene, { lines: also(() => strangers(61)) }),
    present('another origin, signed by all', { expect: 'origin' }, scene, {
      checkpoint: (checkpoint) => ({ ...checkpoint, origin: 'ledger.example/other' }),
    }),
  ];
}

/** The member's cosigner key signs the checkpoint itself, under the id of a log key: no cosignature, which would state a time. */
function asLog({ cosignerKey, cosigner }: TestMember, checkpoint: Checkpoint): SignatureLine {
  const key = createVerifierKey(cosignerKey.name, SIGNATURE_TYPES.ed25519, cosignerKey.key, ports.hasher);
  return logLine(key, cosigner.sign(new TextEncoder().encode(checkpointText(checkpoint))));
}

function timeMutations(): Vector[] {
  const scene = makeScene();
  const { members } = scene;
  const fourth = members[3] as TestMember;
  const block = blockTime(2);
  const at = (name: string, expect: string, times: readonly (number | bigint)[], alone = expect !== 'ok') =>
    present(name, { expect, alone }, scene, { lines: cosignedAt(members, times) });
  const beside = (name: string, expect: string, time: bigint) =>
    present(name, { expect }, scene, {
      lines: (checkpoint) => [...quorumLines(members, checkpoint, COSIGNED_AT), cosign(fourth, checkpoint, time)],
    });
  return [
    at('two of four cosigned', 'quorum_not_met', [NOW, NOW]),
    at('nobody cosigned', 'quorum_not_met', []),
    beside('time 0 beside a quorum', 'time_zero', 0n),
    beside('time 2^63 - 1 beside a quorum', 'ok', 2n ** 63n - 1n),
    beside('time 2^63 beside a quorum', 'bad_signature', 2n ** 63n),
    beside('time 2^64 - 1 beside a quorum', 'bad_signature', 2n ** 64n - 1n),
    at('time 2^63 - 1 in the quorum', 'quorum_not_met', [NOW, NOW, 2n ** 63n - 1n]),
    at('a third member ahead by the skew', 'ok', [NOW, NOW, NOW + SKEW]),
    at('a third member ahead by more than the skew', 'quorum_not_met', [NOW, NOW, NOW + SKEW + 1]),
    at('a third member at the time of the block', 'ok', [NOW, NOW, block]),
    at('a third member before the block', 'cosignature_time', [NOW, NOW, block - 1]),
    present('the third newest exactly as old as allowed', { expect: 'ok' }, scene, {
      now: block + MAX_AGE + 10,
      lines: cosignedAt(members, [block + 10, block + 10, block + 10]),
    }),
    present('one fresh and two stale cosignatures', { expect: 'stale_checkpoint' }, scene, {
      now: block + MAX_AGE + 10,
      lines: cosignedAt(members, [block + MAX_AGE, block + 9, block + 9]),
    }),
    present('two fresh and two stale cosignatures', { expect: 'stale_checkpoint' }, scene, {
      now: block + MAX_AGE + 10,
      lines: cosignedAt(members, [block + MAX_AGE, block + MAX_AGE, block + 9, block + 9]),
    }),
    present('three fresh and one stale cosignature', { expect: 'ok' }, scene, {
      now: block + MAX_AGE + 10,
      lines: cosignedAt(members, [block + 9, block + 10, block + 10, block + 10]),
    }),
    at('all cosigned before the block, within the age', 'cosignature_time', [
      block - 1,
      block - 1,
      block - 1,
      block - 1,
    ]),
  ];
}

function policyMutations(): Vector[] {
  const scene = makeScene();
  const { members } = scene;
  const policy = policyText(members);
  const one = makeScene({ memberCount: 1 });
  const two = cosignedAt(members, [NOW, NOW]);
  return [
    present('one member', { expect: 'ok' }, one),
    present('quorum none', { expect: 'policy_invalid' }, scene, {
      policy: policy.replace('quorum members', 'quorum none'),
    }),
    present('no quorum line', { expect: 'policy_invalid' }, scene, { policy: policy.replace('quorum members\n', '') }),
    present('no log line in the policy', { expect: 'policy_invalid' }, scene, {
      policy: policy.replaceAll(/^log .*\n/gm, ''),
    }),
    present('a policy without its last newline', { expect: 'policy_invalid' }, scene, { policy: policy.trimEnd() }),
    present('a threshold of half', { expect: 'policy_weak' }, scene, { policy: policyText(members, 2) }),
    present('a threshold of half, allowed', { expect: 'ok' }, scene, {
      policy: policyText(members, 2),
      lines: two,
      options: { allow_weak: true },
    }),
    present('a witness of the policy that no one is', { expect: 'quorum_not_met' }, scene, {
      policy: policyText(members, 4),
    }),
  ];
}

/** The text form, whose checkpoint is a note of its own. */
function textMutations(): Vector[] {
  const scene = makeScene();
  const { members } = scene;
  const edit = (name: string, expect: string, text: (text: string) => string, alone = expect !== 'ok') =>
    present(name, { expect, alone }, scene, { text });
  const stranger = ed25519Key('stranger');
  const strange = (count: number): string =>
    Array.from({ length: count }, (_, i) =>
      formatSignatureLine({ name: `stranger${i}`, data: concat(Uint8Array.of(1, 2, 3, i), stranger.raw) }),
    ).join('');
  return [
    edit('the text form', 'ok', (text) => text),
    edit('the text form with an unknown line', 'ok', (text) => text + strange(1)),
    edit('the text form with 65 lines', 'too_many_lines', (text) => text + strange(61)),
    edit('an extension line that all signed', 'extension_line', (text) => withExtensionLine(text, members)),
    edit(
      'an extension line that nobody signed',
      'extension_line',
      (text) => text.replace('=\n\n\u2014', '=\nextension\n\n\u2014'),
      false,
    ),
    edit('a size with a leading zero', 'malformed', (text) => text.replace(/(\nledger\.example\/test\n)/, '$10')),
    edit('a signature line without its dash', 'malformed', (text) => text.replace('\n\u2014 ', '\n')),
    edit('a carriage return', 'malformed', (text) => text.replace('\n\u2014', '\r\n\u2014')),
    edit('no newline at the end', 'malformed', (text) => text.slice(0, -1)),
    edit('a line of the subject path left out', 'text_path', (text) => text.replace(/(\nindex .*\n)[^\n]*\n/, '$1')),
    edit('the index of another entry', 'text_path', (text) => text.replace(/\nindex \d+\n/, '\nindex 6\n')),
    edit('an unknown header', 'malformed', (text) => text.replace('tlog-proof@v1', 'tlog-proof@v2')),
  ];
}

/** The note anew, with a fourth body line that the log and every cosigner sign. */
function withExtensionLine(text: string, members: readonly TestMember[]): string {
  const head = text.slice(0, text.indexOf('\n\n') + 2);
  const note = text.slice(head.length);
  const body = `${note.slice(0, note.indexOf('\n\n') + 1)}extension\n`;
  const encode = (message: string): Uint8Array => new TextEncoder().encode(message);
  const [first] = members as [TestMember];
  const lines = members.map(({ cosignerKey, cosigner }) =>
    cosignatureLine(cosignerKey, BigInt(NOW), cosigner.sign(encode(`cosignature/v1\ntime ${NOW}\n${body}`))),
  );
  return `${head}${body}\n${[logLine(first.logKey, first.log.sign(encode(body))), ...lines].map(formatSignatureLine).join('')}`;
}
