/** Steps 6 and 7: authorities, time and scope. */
import type { Cbor } from '../../../src/core/cbor.ts';
import { newIdentityPayload } from '../../../src/protocol/identity.ts';
import { KINDS, type RecordVersion, STATES } from '../../../src/protocol/record.ts';
import { hashOf } from '../crypto.ts';
import type { HandLog } from '../hand-log.ts';
import { p256Key } from '../keys.ts';
import {
  blockTime,
  makeScene,
  makeSubjectCertificate,
  NOW,
  present,
  rowOf,
  type Scene,
  type SceneOptions,
  standingIndexes,
  type Vector,
  withPayload,
} from '../scene.ts';

type Alter = (record: RecordVersion) => RecordVersion;
const same: Alter = (record) => record;
const inState =
  (state: RecordVersion['state']): Alter =>
  (record) => ({ ...record, state });
const acceptedBelow = (index: number): Alter => withPayload([2, index]);
const scope = (value: Cbor): Alter => withPayload([1, value]);

export function standingMutations(): Vector[] {
  return [
    ...missingMutations(),
    ...authorityMutations(),
    ...supersededMutations(),
    ...sinceMutations(),
    ...timeMutations(),
    ...scopeMutations(),
  ];
}

const broken = (name: string, expect: string, options: SceneOptions): Vector =>
  present(name, { expect }, makeScene(options));
const sound = (name: string, options: SceneOptions): Vector => present(name, { expect: 'ok' }, makeScene(options));

function missingMutations(): Vector[] {
  const scene = makeScene({ anchors: [same, same] });
  const without = (name: string, index: number): Vector =>
    present(name, { expect: 'authority_missing' }, scene, {
      wanted: standingIndexes(scene).filter((wanted) => wanted !== index),
    });
  const plain = makeScene({ anchors: [same], row: { issuerId: null, issuerSerialHash: null } });
  const two = twoCertificates();
  return [
    present('a certificate under two anchors', { expect: 'ok' }, scene),
    without('the submitter left out', scene.submitter.index),
    without("the submitter's member left out", scene.member.index),
    without('the issuing anchor left out', (scene.anchors[0] as { index: number }).index),
    without('the anchor above left out', (scene.anchors[1] as { index: number }).index),
    without("the anchor's member left out", 2),
    present('an anchor that the certificate does not name', { expect: 'unused_entry' }, plain),
    present('a member that nothing names', { expect: 'unused_entry' }, makeScene(), {
      wanted: [...standingIndexes(makeScene()), 3],
    }),
    present("only the presented certificate's issuer is followed", { expect: 'ok' }, two),
    present('the network record among the authorities', { expect: 'unused_entry' }, makeScene(), {
      wanted: [...standingIndexes(makeScene()), 0],
    }),
  ];
}

/** The identity holds a certificate of an ended anchor beside the presented one, which is self-made. */
function twoCertificates(): Scene {
  const other = makeSubjectCertificate({ key: p256Key('other') });
  const scene = makeScene({
    anchors: [inState(STATES.ended)],
    row: { issuerId: null, issuerSerialHash: null },
    subject: (record) => ({
      ...record,
      payload: newIdentityPayload(1, [rowOf(makeSubjectCertificate()), rowOf(other, { issuerId: hashOf('anchor 0') })]),
    }),
  });
  return { ...scene, anchors: [] };
}

function authorityMutations(): Vector[] {
  const memberAsController: Alter = (record) => ({ ...record, authorityIds: [hashOf('no submitter')] });
  const direct = makeScene({ submitter: same });
  const underMember = makeScene({
    subject: (record) => ({ ...record, authorityIds: [direct.member.record.recordId] }),
  });
  return [
    present('a member as controller', { expect: 'ok' }, underMember, {
      wanted: [underMember.subject.index, underMember.member.index],
    }),
    broken('a controller that is not shown', 'authority_missing', { subject: memberAsController }),
    broken('an anchor as controller', 'authority_kind', { submitter: (record) => ({ ...record, kind: KINDS.anchor }) }),
    broken('a voucher as controller', 'authority_kind', {
      submitter: (record) => ({ ...record, kind: KINDS.voucher }),
    }),
    broken('a submitter as issuer', 'authority_kind', {
      anchors: [(record) => ({ ...record, kind: KINDS.submitter })],
    }),
    broken('a submitter above an anchor', 'authority_kind', {
      anchors: [same, (record) => ({ ...record, kind: KINDS.submitter })],
    }),
    broken('an anchor above a submitter', 'authority_kind', {
      member: (record) => ({ ...record, kind: KINDS.anchor }),
    }),
    ...(['suspended', 'ended'] as const).flatMap((name) => [
      broken(`a submitter ${name}`, 'authority_state', { submitter: inState(STATES[name]) }),
      broken(`a member ${name}`, 'authority_state', { member: inState(STATES[name]) }),
      broken(`an issuing anchor ${name}`, 'authority_state', { anchors: [inState(STATES[name]), same] }),
      broken(`an anchor above ${name}`, 'authority_state', { anchors: [same, inState(STATES[name])] }),
    ]),
    sound('six authorities', { anchors: [same, same, same] }),
    broken('a submitter without member', 'malformed', { submitter: (record) => ({ ...record, authorityIds: [] }) }),
    broken('a member under a member', 'malformed', {
      member: (record) => ({ ...record, authorityIds: [hashOf('above')] }),
    }),
    broken('an anchor whose parent is not shown', 'authority_missing', {
      anchors: [(record) => ({ ...record, authorityIds: [hashOf('no parent')] })],
    }),
  ];
}

/** A later version exists, and the old one is shown. */
function supersededMutations(): Vector[] {
  const options: SceneOptions = { anchors: [same, same] };
  const superseded = (
    name: string,
    which: (scene: Omit<Scene, 'subject' | 'der'>) => Scene['member'],
    change: Partial<RecordVersion>,
  ) =>
    broken(name, 'authority_superseded', {
      ...options,
      before: (log: HandLog, scene) => void log.addVersion(which(scene), change),
    });
  return [
    superseded('the old entry of a submitter that was ended', ({ submitter }) => submitter, { state: STATES.ended }),
    superseded('the old entry of a submitter that is active still', ({ submitter }) => submitter, {}),
    superseded('the old entry of a member', ({ member }) => member, { state: STATES.suspended }),
    superseded('the old entry of the issuing anchor', ({ anchors }) => anchors[0] as Scene['member'], {
      state: STATES.ended,
    }),
    superseded('the old entry of the anchor above', ({ anchors }) => anchors[1] as Scene['member'], {
      state: STATES.ended,
    }),
  ];
}

function sinceMutations(): Vector[] {
  const plain = makeScene({ anchors: [same] });
  const own = plain.subject.index;
  const since = (index: number): SceneOptions => ({ row: { since: index } });
  const first = 5;
  return [
    sound('accepted below an index above the subject', { submitter: acceptedBelow(own + 1) }),
    broken('accepted below the index of the subject', 'accepted_below', { submitter: acceptedBelow(own - 1) }),
    broken('the member accepts only older ones', 'accepted_below', { member: acceptedBelow(first) }),
    broken('the issuing anchor accepts only older ones', 'accepted_below', { anchors: [acceptedBelow(first), same] }),
    broken('the anchor above accepts only older ones', 'accepted_below', { anchors: [same, acceptedBelow(first)] }),
    sound('a certificate since an index below', { ...since(first - 1), submitter: acceptedBelow(first) }),
    broken('a certificate since exactly that index', 'accepted_below', {
      ...since(first),
      submitter: acceptedBelow(first),
    }),
    broken('accepted below 0', 'accepted_below', { ...since(0), submitter: acceptedBelow(0) }),
    broken('accepted below no number', 'malformed', { submitter: withPayload([2, 'x']) }),
  ];
}

function timeMutations(): Vector[] {
  const from = (name: string, expect: string, certificate: SceneOptions['certificate'] & object): Vector =>
    present(name, { expect }, makeScene({ certificate }));
  const during = (name: string, expect: string, ...pairs: readonly (readonly [number, Cbor])[]): Vector =>
    present(name, { expect }, makeScene({ subject: withPayload(...pairs) }));
  return [
    from('a certificate that begins now', 'ok', { notBefore: NOW }),
    from('a certificate that begins in a second', 'not_yet_valid', { notBefore: NOW + 1 }),
    from('a certificate that ends now', 'ok', { notAfter: NOW }),
    from('a certificate that ended a second ago', 'expired', { notAfter: NOW - 1 }),
    during('an identity that starts now', 'ok', [7, NOW]),
    during('an identity that starts in a second', 'starts_at', [7, NOW + 1]),
    during('an identity that ends in a second', 'ok', [8, NOW + 1]),
    during('an identity that ends now', 'ends_at', [8, NOW]),
    during('an identity that starts at no number', 'malformed', [7, 'now']),
    present(
      'cosigned after the certificate ended, asked in time',
      { expect: 'ok' },
      makeScene({ certificate: { notAfter: NOW } }),
      { time: NOW + 1 },
    ),
    present(
      'cosigned before the certificate began',
      { expect: 'not_yet_valid' },
      makeScene({ certificate: { notBefore: NOW + 1 } }),
      { time: blockTime(2) },
    ),
  ];
}

function scopeMutations(): Vector[] {
  const dns = (text: string): Cbor => [2, new TextEncoder().encode(text)];
  const address = (...bytes: readonly number[]): Cbor => [7, Uint8Array.from(bytes)];
  const map = (...pairs: readonly (readonly [number, Cbor])[]): Cbor => new Map(pairs);
  const names = (...items: readonly Cbor[]): Cbor => map([1, items]);
  const withDns = { dnsNames: ['Device.Example.com'] };
  const withAddress = { addresses: [Uint8Array.of(10, 1, 2, 3)] };
  const clientAuth = Uint8Array.of(0x2b, 6, 1, 5, 5, 7, 3, 2);
  const both = (
    name: string,
    expect: string,
    value: Cbor,
    certificate: SceneOptions['certificate'] & object = {},
  ): Vector[] => [
    present(`${name}: submitter`, { expect }, makeScene({ submitter: scope(value), certificate })),
    present(`${name}: member`, { expect }, makeScene({ member: scope(value), certificate })),
    present(`${name}: anchor`, { expect }, makeScene({ anchors: [same, scope(value)], certificate })),
  ];
  return [
    ...both('an empty scope', 'ok', map()),
    ...both('subject kinds with this one', 'ok', map([0, [2, 1]])),
    ...both('other subject kinds', 'scope', map([0, [2]])),
    ...both('no subject kind', 'scope', map([0, []])),
    ...both('an unknown key', 'scope', map([9, [1]])),
    ...both('a scope that is no map', 'scope', [1]),
    ...both('names, and a certificate without', 'ok', names(dns('example.org'))),
    ...both('a name below', 'ok', names(dns('example.COM')), withDns),
    ...both('the name itself', 'ok', names(dns('device.example.com')), withDns),
    ...both('a name that only ends alike', 'scope', names(dns('ple.com')), withDns),
    ...both('a name above', 'scope', names(dns('a.device.example.com')), withDns),
    ...both('one of two names', 'scope', names(dns('example.com')), { dnsNames: ['a.example.com', 'b.example.org'] }),
    ...both('an address under the mask', 'ok', names(address(10, 1, 0, 0, 255, 255, 0, 0)), withAddress),
    ...both('an address beside the mask', 'scope', names(address(10, 2, 0, 0, 255, 255, 0, 0)), withAddress),
    ...both('an address where names are permitted', 'scope', names(dns('example.com')), withAddress),
    ...both('a purpose that is permitted', 'ok', map([2, [clientAuth]]), { extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'] }),
    ...both('a purpose that is not permitted', 'scope', map([2, [clientAuth]]), {
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1'],
    }),
    ...both('any purpose where some are permitted', 'scope', map([2, [clientAuth]])),
    broken('scopes that exclude each other', 'scope', {
      member: scope(map([0, [1, 2]])),
      submitter: scope(map([0, [2, 3]])),
    }),
  ];
}
