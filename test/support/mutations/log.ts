/** Steps 3 and 4: the block entry, inclusion and the subject. */
import { concat } from '../../../src/core/bytes.ts';
import { type Cbor, encode } from '../../../src/core/cbor.ts';
import { newIdentityPayload } from '../../../src/protocol/identity.ts';
import { encodeRecordVersion, KINDS, type RecordVersion, STATES } from '../../../src/protocol/record.ts';
import type { Proof } from '../../../src/tlog/proof.ts';
import { hashOf } from '../crypto.ts';
import { firstVersion } from '../hand-log.ts';
import { p256Key } from '../keys.ts';
import { flipped } from '../random.ts';
import {
  blockTime,
  makeScene,
  makeSubjectCertificate,
  present,
  recordIdOption,
  rowOf,
  type Scene,
  type SceneOptions,
  standingIndexes,
  type Vector,
} from '../scene.ts';

export function logMutations(): Vector[] {
  return [...formMutations(), ...blockMutations(), ...inclusionMutations(), ...subjectMutations(), ...rowMutations()];
}

function formMutations(): Vector[] {
  const scene = makeScene();
  const bytes = (name: string, alterBytes: (bytes: Uint8Array) => Uint8Array) =>
    present(name, { expect: 'malformed' }, scene, { alterBytes });
  const proof = (name: string, alter: (proof: Proof) => Proof, alone = true) =>
    present(name, { expect: 'malformed', alone }, scene, { alter });
  return [
    bytes('a byte behind the proof', (input) => concat(input, Uint8Array.of(0))),
    bytes('a tag before the proof', (input) => concat(Uint8Array.of(0xd8, 0x18), input)),
    bytes('an indefinite array', (input) => concat(Uint8Array.of(0x9f), input.subarray(1), Uint8Array.of(0xff))),
    bytes('nothing', () => new Uint8Array(0)),
    bytes('form 3', (input) => Uint8Array.from(input, (byte, i) => (i === 1 ? 3 : byte))),
    proof('entries in descending order', (p) => ({ ...p, entries: [...p.entries].reverse() }), false),
    proof(
      'an entry twice',
      (p) => ({ ...p, entries: [p.entries[0] as Proof['entries'][number], ...p.entries] }),
      false,
    ),
    proof('a hash of 31 bytes', (p) => ({ ...p, logHashes: [...p.logHashes, new Uint8Array(31)] }), false),
    proof(
      'nine entries',
      (p) => ({
        ...p,
        entries: [...p.entries, ...[20, 21, 22, 23, 24].map((index) => ({ index, bytes: new Uint8Array(48) }))],
      }),
      false,
    ),
    proof('a status word of 31 bytes', (p) => ({ ...p, words: [{ index: 0, word: new Uint8Array(31) }] }), false),
  ];
}

function blockMutations(): Vector[] {
  const revoked = revokedScene();
  const oldBlock = revoked.log.blocks[2] as number;
  const withBlock = (name: string, expect: string, alter: (places: Cbor[]) => Cbor[]) =>
    present(name, { expect }, makeScene({ block: { alter } }));
  const open = makeScene();
  const last = open.log.addBytes(
    encodeRecordVersion(
      firstVersion({
        kind: KINDS.voucher,
        recordId: hashOf('voucher'),
        authorityIds: [],
        payload: new Map([[0, hashOf('root')]]),
      }),
    ),
  );
  return [
    present('an old block entry, and its status, in a fresh checkpoint', { expect: 'block_entry_index' }, revoked, {
      lastBlock: oldBlock,
    }),
    present('an old block entry under the index of the newest', { expect: 'inclusion' }, revoked, {
      superseded: [],
      alter: (proof) => ({
        ...proof,
        entries: proof.entries.with(-1, {
          index: revoked.log.nextIndex - 1,
          bytes: revoked.log.entries[oldBlock] as Uint8Array,
        }),
      }),
    }),
    present('a checkpoint in the middle of a block', { expect: 'block_entry_kind' }, open, {
      wanted: standingIndexes(open).filter((index) => index !== last),
    }),
    withBlock('rule version 2', 'unsupported_rule_version', (places) => places.with(2, 2)),
    withBlock('rule version 2 in another shape', 'unsupported_rule_version', (places) => [
      ...places.slice(0, 2),
      2,
      new Uint8Array(64),
    ]),
    withBlock('block format 2', 'unsupported_rule_version', (places) => places.with(1, 2)),
    withBlock('a block entry with an eleventh place', 'malformed', (places) => [...places, 0]),
    withBlock('a block entry of nine places', 'malformed', (places) => places.slice(0, -1)),
    withBlock('a later block without a previous one', 'malformed', (places) => places.with(6, null)),
    withBlock('a status root of 31 bytes', 'malformed', (places) => places.with(7, new Uint8Array(31))),
    withBlock('a negative block time', 'malformed', (places) => places.with(4, -1)),
  ];
}

/** The subject is revoked in the block after. */
export function revokedScene(options: SceneOptions = {}): Scene {
  const scene = makeScene(options);
  scene.log.addVersion(scene.subject, { state: STATES.ended });
  scene.log.close(blockTime(3));
  return scene;
}

function inclusionMutations(): Vector[] {
  const scene = makeScene();
  const proof = (name: string, alter: (proof: Proof) => Proof) =>
    present(name, { expect: 'inclusion' }, scene, { alter });
  const subject = scene.subject.index;
  const swap = (p: Proof, change: (entry: Proof['entries'][number]) => Proof['entries'][number]): Proof => ({
    ...p,
    entries: p.entries.map((entry) => (entry.index === subject ? change(entry) : entry)),
  });
  const revoked = revokedScene();
  const revokedIndex = revoked.subject.index + 2;
  return [
    proof('a log hash with a flipped bit', (p) => ({
      ...p,
      logHashes: p.logHashes.with(0, flipped(p.logHashes[0] as Uint8Array, 9)),
    })),
    proof('a log hash left out', (p) => ({ ...p, logHashes: p.logHashes.slice(1) })),
    proof('a log hash left over', (p) => ({ ...p, logHashes: [...p.logHashes, new Uint8Array(32)] })),
    proof('a subject that the log does not hold', (p) =>
      swap(p, (entry) => ({
        ...entry,
        bytes: encodeRecordVersion({
          ...scene.subject.record,
          payload: new Map([...scene.subject.record.payload, [7, 1]]),
        }),
      })),
    ),
    present('the revocation undone in the entry', { expect: 'inclusion' }, revoked, {
      wanted: [revokedIndex, ...standingIndexes(revoked).slice(1)],
      alter: (p) => ({
        ...p,
        entries: p.entries.map((entry) =>
          entry.index === revokedIndex
            ? {
                ...entry,
                bytes: encodeRecordVersion({
                  ...revoked.subject.record,
                  version: 2,
                  supersedes: revoked.subject.index,
                  first: revoked.subject.index,
                }),
              }
            : entry,
        ),
      }),
    }),
    present('a root that the quorum signed for another log', { expect: 'inclusion' }, scene, {
      checkpoint: (checkpoint) => ({ ...checkpoint, root: hashOf('another log') }),
    }),
  ];
}

function subjectMutations(): Vector[] {
  const revoked = revokedScene();
  const scene = makeScene();
  const other = makeScene({
    before: (log, { submitter }) => {
      log.add(identityUnder(submitter.record.recordId, makeSubjectCertificate({ key: p256Key('other') })));
    },
  });
  const state = (name: string, value: RecordVersion['state']) =>
    present(name, { expect: 'state' }, makeScene({ subject: (record) => ({ ...record, state: value }) }));
  const subject = (name: string, expect: string, change: SceneOptions['subject'] & object, alone = true) =>
    present(name, { expect, alone }, makeScene({ subject: change }));
  const twice = makeScene({ before: (log, { submitter }) => void log.addVersion(submitter, {}) });
  return [
    state('suspended', STATES.suspended),
    state('ended', STATES.ended),
    present("the revocation's own entry", { expect: 'state' }, revoked, {
      wanted: [revoked.subject.index + 2, ...standingIndexes(revoked).slice(1)],
    }),
    present('the entry before the revocation', { expect: 'superseded' }, revoked),
    present('the record that the caller expects', { expect: 'ok' }, scene, {
      options: recordIdOption(scene.subject.record.recordId),
    }),
    present('another record than the caller expects', { expect: 'record_id' }, scene, {
      options: recordIdOption(hashOf('another')),
    }),
    present('no identity', { expect: 'subject', alone: false }, scene, { wanted: standingIndexes(scene).slice(1) }),
    present('two identities', { expect: 'subject', alone: false }, other, { wanted: [...standingIndexes(other), 8] }),
    present('two versions of the submitter', { expect: 'duplicate_record', alone: false }, twice, {
      wanted: [...standingIndexes(twice), 8],
    }),
    present("another device's certificate", { expect: 'certificate_not_in_entry' }, scene, {
      certificate: makeSubjectCertificate({ key: p256Key('other') }),
    }),
    present('the same certificate under another signature', { expect: 'certificate_not_in_entry' }, scene, {
      certificate: makeSubjectCertificate({ serial: Uint8Array.of(2) }),
    }),
    subject('an identity without certificates', 'certificate_not_in_entry', (r) => ({
      ...r,
      payload: newIdentityPayload(1, []),
    })),
    subject('a certificate in a record of another kind', 'subject', (r) => ({ ...r, kind: KINDS.voucher })),
    subject('two controllers', 'subject', (r) => ({
      ...r,
      authorityIds: [...r.authorityIds, new Uint8Array(32).fill(255)],
    })),
    subject('no controller', 'subject', (r) => ({ ...r, authorityIds: [] })),
    subject('certificates in descending order', 'malformed', (r) => ({
      ...r,
      payload: new Map<number, Cbor>([
        [0, 1],
        [
          2,
          [
            ...(newIdentityPayload(1, [rowOf(scene.der), { ...rowOf(scene.der), derHash: new Uint8Array(32) }]).get(
              2,
            ) as Cbor[]),
          ].reverse(),
        ],
      ]),
    })),
    present(
      'entry format 2',
      { expect: 'unsupported_entry_version' },
      rawSubject((places) => places.with(1, 2)),
    ),
    present(
      'an entry with a tenth place',
      { expect: 'malformed' },
      rawSubject((places) => [...places, 0]),
    ),
    present(
      'version 1 that supersedes an entry',
      { expect: 'malformed' },
      rawSubject((places) => places.with(4, 0)),
    ),
    present(
      'version 2 that supersedes nothing',
      { expect: 'malformed' },
      rawSubject((places) => places.with(3, 2)),
    ),
    present(
      'state 4',
      { expect: 'malformed' },
      rawSubject((places) => places.with(6, 4)),
    ),
    present(
      'an entry that is no dCBOR',
      { expect: 'malformed', alone: false },
      makeScene({
        subjectEntry: (log) => log.addBytes(new Uint8Array(60).fill(0xff)),
      }),
    ),
  ];
}

function rowMutations(): Vector[] {
  const row = (name: string, change: SceneOptions['row'] & object) =>
    present(name, { expect: 'certificate_mismatch' }, makeScene({ row: change }));
  const { notBefore, notAfter } = rowOf(makeSubjectCertificate());
  const bad = makeSubjectCertificate({ extensions: [Uint8Array.of(0x30, 10, 6, 3, 0x2a, 3, 4, 1, 1, 0xff, 4, 0)] });
  return [
    row('the row of another TBSCertificate', { tbsHash: hashOf('tbs') }),
    row('the row of another key', { spkiHash: hashOf('spki') }),
    row('a row that begins earlier', { notBefore: notBefore - 1 }),
    row('a row that ends later', { notAfter: notAfter + 1 }),
    present(
      'an unknown critical extension',
      { expect: 'certificate_profile' },
      makeScene({
        certificate: { extensions: [Uint8Array.of(0x30, 10, 6, 3, 0x2a, 3, 4, 1, 1, 0xff, 4, 0)] },
      }),
    ),
    present('a certificate that is no DER', { expect: 'certificate_profile' }, sceneOf(concat(bad, Uint8Array.of(0)))),
  ];
}

/** A scene whose row is of these bytes. */
function sceneOf(der: Uint8Array): Scene {
  const scene = makeScene({ subject: (record) => ({ ...record, payload: newIdentityPayload(1, [rowOf(der)]) }) });
  return { ...scene, der };
}

const rawSubject = (alter: (places: Cbor[]) => Cbor[]): Scene =>
  makeScene({
    subjectEntry: (log, r) =>
      log.addBytes(
        encode(alter([r.kind, 1, r.recordId, r.version, r.supersedes, r.first, r.state, r.authorityIds, r.payload])),
      ),
  });

const identityUnder = (controllerId: Uint8Array, der: Uint8Array): RecordVersion =>
  firstVersion({
    kind: KINDS.identity,
    recordId: hashOf('other identity'),
    authorityIds: [controllerId],
    payload: newIdentityPayload(1, [rowOf(der)]),
  });
