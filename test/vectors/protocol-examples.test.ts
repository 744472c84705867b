/** The worked example of src/protocol/README.md: written by protocol-examples.py, computed again here, and printed there. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '../../src/core/bytes.ts';
import { bindingHash, claimMessage } from '../../src/protocol/binding.ts';
import { identityId, submitterId } from '../../src/protocol/id.ts';
import { newIdentityPayload, POSSESSION, SUBJECT_KINDS } from '../../src/protocol/identity.ts';
import { encodeRecordVersion, KINDS, STATES } from '../../src/protocol/record.ts';
import { cosignedMessage } from '../../src/tlog/cosignature.ts';
import { keyId, SIGNATURE_TYPES } from '../../src/tlog/note.ts';
import { StatusTree } from '../../src/tlog/status-tree.ts';
import { parseSpki } from '../../src/x509/spki.ts';
import { ports } from '../support/crypto.ts';

const { hasher, tree, verifier } = ports;
const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const examples = JSON.parse(read('protocol-examples.json')) as Readonly<Record<string, string>>;

function bytes(name: string): Uint8Array {
  const value = fromHex(examples[name] ?? 'missing');
  if (value === undefined) throw new Error(`no example ${name}`);
  return value;
}

function ed25519Key(name: string): Uint8Array {
  const key = parseSpki(bytes(name));
  if (key?.kind !== 'ed25519' || !verifier.isTorsionFree(key.key)) throw new Error(`${name} is no Ed25519 key`);
  return key.key;
}

const networkId = bytes('networkId');
const submitter = submitterId(networkId, bytes('accountSpki'), hasher);
const identity = identityId(networkId, bytes('deviceSpki'), hasher);
const derHash = new Uint8Array(32).fill(0xa1);
const notBefore = 1_800_000_000;
const entry = encodeRecordVersion({
  kind: KINDS.identity,
  recordId: identity,
  version: 1,
  supersedes: null,
  first: null,
  state: STATES.active,
  authorityIds: [submitter],
  payload: newIdentityPayload(SUBJECT_KINDS.device, [
    {
      derHash,
      tbsHash: new Uint8Array(32).fill(0xa2),
      spkiHash: hasher.sha256(bytes('deviceSpki')),
      issuerSerialHash: null,
      notBefore,
      notAfter: 1_831_536_000,
      issuerId: null,
      since: null,
      possession: POSSESSION.selfSigned,
      binding: 1,
    },
  ]),
});
const leafHash = tree.leaf(entry);
const status = new StatusTree(hasher, tree).change(9, [5]);
const origin = 'ledger.example/a';

const computed: Readonly<Record<string, Uint8Array>> = {
  networkId: new Uint8Array(32).fill(0x11),
  accountSpki: bytes('accountSpki'),
  deviceSpki: bytes('deviceSpki'),
  submitterId: submitter,
  identityId: identity,
  bindingHash: bindingHash(networkId, submitter, hasher),
  claimMessage: claimMessage({ networkId, epoch: 0, submitterId: submitter, derHash, validUntil: notBefore + 900 }),
  entry,
  leafHash,
  statusWord: status.words.get(0) as Uint8Array,
  statusLeaf: status.root,
  logKeyId: keyId(origin, SIGNATURE_TYPES.ed25519, ed25519Key('accountSpki'), hasher),
  cosignedMessage: cosignedMessage({ origin, size: 9, root: leafHash }, BigInt(notBefore + 900)),
};

test('the example has these values and no others', () => {
  expect(Object.keys(examples)).toEqual(Object.keys(computed));
  expect(ed25519Key('deviceSpki')).toHaveLength(32);
});

test.each(Object.entries(computed))('%s is what the script computed', (name, value) => {
  expect(toHex(value)).toBe(examples[name]);
});

test('the specification prints every value', () => {
  const withoutSpace = (text: string): string => text.replaceAll(/\s/g, '');
  const specification = withoutSpace(read('../../src/protocol/README.md'));
  for (const [name, value] of Object.entries(computed)) {
    const printed = name === 'cosignedMessage' ? new TextDecoder().decode(value) : toHex(value);
    expect(specification.includes(withoutSpace(printed)), name).toBe(true);
  }
});
