/** A small ledger around one certificate, of which every part can be replaced; and its presentation to a verifier. */
import { toBase64, toHex } from '../../src/core/bytes.ts';
import type { Cbor, CborMap } from '../../src/core/cbor.ts';
import { accountPayload } from '../../src/protocol/authority.ts';
import { bindingHash } from '../../src/protocol/binding.ts';
import { type CertificateRow, newIdentityPayload } from '../../src/protocol/identity.ts';
import { KINDS, type RecordVersion } from '../../src/protocol/record.ts';
import type { Checkpoint } from '../../src/tlog/checkpoint.ts';
import type { SignatureLine } from '../../src/tlog/note.ts';
import { encodeProof, type Proof, type ProofForm } from '../../src/tlog/proof.ts';
import { parseCertificate } from '../../src/x509/certificate.ts';
import { type CertificateOptions, makeCertificate } from './certificate.ts';
import { hashOf, ports } from './crypto.ts';
import { type BlockOptions, firstVersion, HandLog } from './hand-log.ts';
import { p256Key } from './keys.ts';
import {
  cosign,
  makeMembers,
  NETWORK_ID,
  ORIGIN,
  policyText,
  quorumOf,
  signAsLog,
  type TestMember,
} from './members.ts';
import { buildProof, logRoot, textProof } from './proof-builder.ts';

export const START = 1_800_000_000;
/** Times of the blocks of heights 0, 1 and 2. */
export const blockTime = (height: number): number => START + 10 * height;
const SUBJECT_HEIGHT = 2;

/** A line of test/vectors/mutations, in the shape of test/vectors/proofs.json. */
export interface Vector {
  readonly name: string;
  readonly expect: string;
  /** True when no other check refuses it. */
  readonly alone: boolean;
  readonly policy: string;
  readonly proof: string;
  readonly certificate: string;
  readonly now: number;
  readonly maxAge: number;
  readonly options: {
    readonly record_id?: string;
    readonly target?: readonly [kind: 0 | 1, value: number];
    readonly allow_weak?: boolean;
  };
}

export interface Located {
  readonly index: number;
  readonly record: RecordVersion;
}

export interface Scene {
  readonly members: readonly TestMember[];
  readonly log: HandLog;
  /** The member above the submitter. */
  readonly member: Located;
  readonly submitter: Located;
  readonly anchors: readonly Located[];
  readonly subject: Located;
  readonly der: Uint8Array;
}

type Alter<T> = (value: T) => T;

export interface SceneOptions {
  readonly memberCount?: number;
  /** N - 1. The subject stands right before it. */
  readonly lastIndex?: number;
  readonly member?: Alter<RecordVersion>;
  readonly submitter?: Alter<RecordVersion>;
  /** A chain of anchors above the certificate: the first issued it, the last stands under the second member. */
  readonly anchors?: readonly Alter<RecordVersion>[];
  readonly subject?: Alter<RecordVersion>;
  readonly row?: Partial<CertificateRow>;
  readonly certificate?: Partial<CertificateOptions>;
  /** Entries in the block of the subject, before it. */
  readonly before?: (log: HandLog, scene: Omit<Scene, 'subject' | 'der'>) => void;
  /** Of the block with the subject. */
  readonly block?: BlockOptions;
  readonly subjectEntry?: (log: HandLog, record: RecordVersion) => number;
}

const same = <T>(value: T): T => value;

export function makeScene(options: SceneOptions = {}): Scene {
  const members = makeMembers(options.memberCount ?? 4);
  const log = new HandLog();
  const add = (record: RecordVersion, alter: Alter<RecordVersion> = same): Located => {
    const altered = alter(record);
    return { index: log.add(altered), record: altered };
  };
  add(firstVersion({ kind: KINDS.network, recordId: NETWORK_ID, authorityIds: [], payload: new Map([[3, 'test']]) }));
  const located = members.map(({ recordId, payload }, i) =>
    add(firstVersion({ kind: KINDS.member, recordId, authorityIds: [], payload }), i === 0 ? options.member : same),
  );
  log.close(blockTime(0));

  const member = located[0] as Located;
  const submitter = add(
    firstVersion({
      kind: KINDS.submitter,
      recordId: hashOf('submitter'),
      authorityIds: [member.record.recordId],
      payload: accountPayload('Factory', undefined, [p256Key('submitter').spki]),
    }),
    options.submitter,
  );
  const anchors = addAnchors(options.anchors ?? [], (located[1] ?? member).record.recordId, add);
  log.close(blockTime(1));

  const scene = { members, log, member, submitter, anchors };
  options.before?.(log, scene);
  if (options.lastIndex !== undefined) log.fillUntil(options.lastIndex - 1);
  const der = makeSubjectCertificate(options.certificate);
  const record = subjectRecord(der, scene, options);
  const index = options.subjectEntry?.(log, record) ?? log.add(record);
  log.close(blockTime(SUBJECT_HEIGHT), options.block);
  return { ...scene, subject: { index, record }, der };
}

/** From the last, which stands under the member, down to the one that issued. */
function addAnchors(
  alters: readonly Alter<RecordVersion>[],
  memberId: Uint8Array,
  add: (record: RecordVersion, alter?: Alter<RecordVersion>) => Located,
): Located[] {
  const anchors: Located[] = [];
  let parent = memberId;
  for (const [i, alter] of [...alters.entries()].reverse()) {
    const recordId = hashOf(`anchor ${i}`);
    const payload: CborMap = new Map<number, Cbor>([[0, `CA ${i}`]]);
    anchors.unshift(add(firstVersion({ kind: KINDS.anchor, recordId, authorityIds: [parent], payload }), alter));
    parent = recordId;
  }
  return anchors;
}

export function makeSubjectCertificate(options: Partial<CertificateOptions> = {}): Uint8Array {
  const binding = bindingHash(NETWORK_ID, hashOf('submitter'), ports.hasher);
  return makeCertificate({ key: p256Key('device'), commonName: 'device', binding, ...options });
}

export function rowOf(der: Uint8Array, change: Partial<CertificateRow> = {}): CertificateRow {
  const parsed = parseCertificate(der);
  const hashes = parsed.ok
    ? {
        tbs: parsed.value.tbs,
        spki: parsed.value.spki,
        notBefore: parsed.value.notBefore,
        notAfter: parsed.value.notAfter,
      }
    : { tbs: der, spki: der, notBefore: 0, notAfter: 2 ** 40 };
  return {
    derHash: ports.hasher.sha256(der),
    tbsHash: ports.hasher.sha256(hashes.tbs),
    spkiHash: ports.hasher.sha256(hashes.spki),
    issuerSerialHash: null,
    notBefore: hashes.notBefore,
    notAfter: hashes.notAfter,
    issuerId: null,
    since: null,
    possession: 1,
    binding: 1,
    ...change,
  };
}

function subjectRecord(der: Uint8Array, scene: Omit<Scene, 'subject' | 'der'>, options: SceneOptions): RecordVersion {
  const issuer = scene.anchors[0];
  const issued = issuer && { issuerId: issuer.record.recordId, issuerSerialHash: hashOf('serial') };
  const record = firstVersion({
    kind: KINDS.identity,
    recordId: hashOf('identity'),
    authorityIds: [scene.submitter.record.recordId],
    payload: newIdentityPayload(1, [rowOf(der, { ...issued, ...options.row })]),
  });
  return (options.subject ?? same)(record);
}

/** With some keys of the payload set. */
export const withPayload =
  (...pairs: readonly (readonly [number, Cbor])[]): Alter<RecordVersion> =>
  (record) => ({ ...record, payload: new Map([...record.payload, ...pairs].sort(([a], [b]) => a - b)) });

export interface Presentation {
  readonly wanted?: readonly number[];
  /** Signature lines instead of one log line and cosignatures of a quorum. */
  readonly lines?: (checkpoint: Checkpoint) => readonly SignatureLine[];
  /** The checkpoint that is signed; the proof says the same. */
  readonly checkpoint?: Alter<Checkpoint>;
  readonly form?: ProofForm;
  readonly earlierBlocks?: readonly number[];
  readonly lastBlock?: number;
  readonly superseded?: Iterable<number>;
  /** A last change to the proof; the signatures stay. */
  readonly alter?: Alter<Proof>;
  readonly alterBytes?: Alter<Uint8Array>;
  /** Present the text form, changed. */
  readonly text?: Alter<string>;
  readonly policy?: string;
  /** When the quorum cosigned. */
  readonly time?: number;
  readonly now?: number;
  readonly certificate?: Uint8Array;
  readonly options?: Vector['options'];
}

export const MAX_AGE = 120;
/** The verifier's clock and the cosignatures' times, unless a mutation says otherwise. */
export const NOW = blockTime(SUBJECT_HEIGHT) + 60;
export const COSIGNED_AT = NOW - 30;

export const quorumLines = (members: readonly TestMember[], checkpoint: Checkpoint, time: number): SignatureLine[] => [
  signAsLog(members[0] as TestMember, checkpoint),
  ...members.slice(0, quorumOf(members.length)).map((member) => cosign(member, checkpoint, BigInt(time))),
];

/** Every record of the scene that the subject stands on, and the subject as the first. */
export const standingIndexes = ({ subject, submitter, member, anchors }: Scene): number[] => {
  const issuers = anchors.length === 0 ? [] : [...anchors.map(({ index }) => index), 2];
  return [subject.index, submitter.index, member.index, ...issuers];
};

export type Verdict = { readonly expect: string; readonly alone?: boolean };

export function present(name: string, { expect, alone }: Verdict, scene: Scene, change: Presentation = {}): Vector {
  const { entries } = scene.log;
  const unsigned = (change.checkpoint ?? same)({ origin: ORIGIN, size: entries.length, root: logRoot(entries) });
  const lines = change.lines?.(unsigned) ?? quorumLines(scene.members, unsigned, change.time ?? COSIGNED_AT);
  const request = {
    entries,
    checkpoint: { ...unsigned, lines },
    wanted: change.wanted ?? standingIndexes(scene),
    ...(change.form && { form: change.form }),
    ...(change.earlierBlocks && { earlierBlocks: change.earlierBlocks }),
    ...(change.lastBlock && { lastBlock: change.lastBlock }),
    ...(change.superseded && { superseded: change.superseded }),
  };
  const bytes =
    change.text === undefined
      ? encodeProof((change.alter ?? same)(buildProof(request)))
      : new TextEncoder().encode(change.text(new TextDecoder().decode(textProof(request))));
  return {
    name,
    expect,
    alone: alone ?? expect !== 'ok',
    policy: change.policy ?? policyText(scene.members),
    proof: toBase64((change.alterBytes ?? same)(bytes)),
    certificate: toBase64(change.certificate ?? scene.der),
    now: change.now ?? NOW,
    maxAge: MAX_AGE,
    options: change.options ?? {},
  };
}

export const recordIdOption = (recordId: Uint8Array): Vector['options'] => ({ record_id: toHex(recordId) });
