import { describe, expect, test } from 'vitest';
import { fromUtf8, toHex } from '../../../src/core/bytes.ts';
import { type Cbor, decode, encode } from '../../../src/core/cbor.ts';
import { applyGenesis } from '../../../src/ledger/apply-block.ts';
import { verifyMessage } from '../../../src/ledger/signature.ts';
import { bindingHash, claimMessage } from '../../../src/protocol/binding.ts';
import { encodeBlockEntry, parseBlockEntry } from '../../../src/protocol/block-entry.ts';
import { decodeGenesis, encodeGenesis } from '../../../src/protocol/genesis.ts';
import { accountKeyId, identityId, memberId, submitterId } from '../../../src/protocol/id.ts';
import { endedIdentityPayload, newIdentityPayload, parseIdentity } from '../../../src/protocol/identity.ts';
import {
  decodeEntry,
  encodeRecordVersion,
  parseRecordVersion,
  type RecordVersion,
} from '../../../src/protocol/record.ts';
import { decodeTransaction, prepareTransaction, signedBytesOf } from '../../../src/protocol/transaction.ts';
import { portableCrypto } from '../../../src/runtime/crypto.ts';
import { parseCheckpoint } from '../../../src/tlog/checkpoint.ts';
import { cosignatureTime, verifyCosignature, verifyLogLine } from '../../../src/tlog/cosignature.ts';
import { appendLeaves, EMPTY_FRONTIER, frontierRoot } from '../../../src/tlog/frontier.ts';
import { formatVerifierKey, parseVerifierKey, type SignatureLine, type VerifierKey } from '../../../src/tlog/note.ts';
import { StatusTree, statusLeaf } from '../../../src/tlog/status-tree.ts';
import { verifyConsistency, verifyInclusion } from '../../../src/tlog/tree.ts';
import { parseSpki } from '../../../src/x509/spki.ts';
import { ports } from '../../support/crypto.ts';
import { flipped } from '../../support/random.ts';
import { bytesOf, cborOf, type GoldenTransaction, golden } from './golden.ts';

const { hasher, tree, verifier } = ports;
const networkId = bytesOf(golden.ids.networkId);

describe('dCBOR made elsewhere', () => {
  test.each(golden.dcbor.map(({ value, hex }) => [hex, cborOf(value)] as const))('%s', (hex, value) => {
    expect(toHex(encode(value))).toBe(hex);
    expect(decode(bytesOf(hex))).toEqual(value);
  });
});

test('ids are those made elsewhere', () => {
  const account = bytesOf(golden.ids.accountSpki);
  expect(toHex(memberId(networkId, account, hasher))).toBe(golden.ids.member);
  expect(toHex(submitterId(networkId, account, hasher))).toBe(golden.ids.submitter);
  expect(toHex(identityId(networkId, bytesOf(golden.ids.deviceSpki), hasher))).toBe(golden.ids.identity);
  expect(toHex(accountKeyId(account, hasher))).toBe(golden.ids.accountKeyId);
});

test('bindings and claims are those made elsewhere', () => {
  const { epoch, validUntil, ...hex } = golden.binding;
  const submitter = bytesOf(hex.submitterId);
  expect(toHex(bindingHash(networkId, submitter, hasher))).toBe(hex.hash);
  const claim = { networkId, epoch, submitterId: submitter, derHash: bytesOf(hex.derHash), validUntil };
  expect(toHex(claimMessage(claim))).toBe(hex.claimMessage);
});

describe.each(Object.entries(golden.transactions))(
  'a transaction signed elsewhere with %s',
  (_, vector: GoldenTransaction) => {
    const bytes = bytesOf(vector.bytes);
    const decoded = decodeTransaction(bytes);
    if (!decoded.ok) throw new Error('the golden transaction is refused');
    const { header, body, signature } = decoded.value;
    const signedBytes = signedBytesOf(decoded.value);

    test('has its header, body and id', () => {
      expect(header).toEqual({
        algorithm: vector.algorithm,
        keyId: hasher.sha256(bytesOf(vector.spki)),
        networkId,
        epoch: 0,
        validUntil: vector.validUntil,
        signerId: bytesOf(vector.signerId),
        operation: vector.operation,
        expectedVersion: vector.expectedVersion,
        encoding: 0,
        expandedLength: null,
      });
      expect(body).toEqual(cborOf(vector.body));
      expect(toHex(hasher.sha256(bytes))).toBe(vector.id);
    });

    test('is written by this code byte for byte', () => {
      const unsigned = prepareTransaction(header, cborOf(vector.body));
      expect(toHex(unsigned.signedBytes)).toBe(vector.signedBytes);
      expect(toHex(signedBytes)).toBe(vector.signedBytes);
      expect(toHex(unsigned.complete(signature))).toBe(vector.bytes);
    });

    test('verifies, natively and in plain JavaScript', () => {
      const key = parseSpki(bytesOf(vector.spki));
      if (key === undefined) throw new Error('the golden key is refused');
      for (const crypto of [verifier, portableCrypto.verifier]) {
        expect(verifyMessage(key, signedBytes, signature, crypto)).toBe(true);
        expect(verifyMessage(key, flipped(signedBytes, 40), signature, crypto)).toBe(false);
      }
    });
  },
);

describe('entries made elsewhere', () => {
  const read = (hex: string): RecordVersion => {
    const parsed = parseRecordVersion(decodeEntry(bytesOf(hex)) as readonly Cbor[]);
    if (!parsed.ok) throw new Error(parsed.code);
    return parsed.value;
  };
  const first = read(golden.entries.identity);

  test('are those of an identity and of its end', () => {
    expect(toHex(encodeRecordVersion(first))).toBe(golden.entries.identity);
    const identity = parseIdentity(first.payload);
    expect(newIdentityPayload(1, identity?.certificates ?? [])).toEqual(first.payload);
    const { index, endedReason, ended } = golden.entries;
    const payload = endedIdentityPayload(first.payload, index, endedReason);
    expect(
      toHex(encodeRecordVersion({ ...first, version: 2, supersedes: index, first: index, state: 3, payload })),
    ).toBe(ended);
    expect(parseIdentity(read(ended).payload)?.certificates[0]?.since).toBe(index);
  });

  test('are those of a block', () => {
    const parsed = parseBlockEntry(decode(bytesOf(golden.entries.block)) as readonly Cbor[]);
    expect(parsed).toMatchObject({ ok: true, value: golden.entries.blockPlaces });
    if (parsed.ok) expect(toHex(encodeBlockEntry(parsed.value))).toBe(golden.entries.block);
  });
});

test('the genesis document leads to the log, status and signers made elsewhere', () => {
  const document = bytesOf(golden.genesis.document);
  expect(toHex(hasher.sha256(document))).toBe(golden.genesis.hash);
  const genesis = decodeGenesis(document, ports);
  if (genesis === undefined) throw new Error('the golden genesis document is refused');
  expect(toHex(encodeGenesis(genesis))).toBe(golden.genesis.document);
  const { append, state } = applyGenesis(genesis, ports);
  expect([...append.entries.map(({ bytes }) => toHex(bytes)), toHex(append.blockEntry.bytes)]).toEqual(
    golden.genesis.entries,
  );
  expect(toHex(append.root)).toBe(golden.genesis.root);
  expect(toHex(state.status.root())).toBe(golden.genesis.statusRoot);
  expect(toHex(append.blockEntry.bytes)).toContain(golden.genesis.signersHash);
});

describe('a note signed elsewhere', () => {
  const parsed = parseCheckpoint(fromUtf8(golden.note.note));
  if (!parsed.ok) throw new Error('the golden note is refused');
  const checkpoint = parsed.value;
  const [log, ed25519, mlDsa] = checkpoint.lines as [SignatureLine, SignatureLine, SignatureLine];
  const key = (text: string): VerifierKey => parseVerifierKey(text, hasher) as VerifierKey;
  const cosigners = [
    ['Ed25519', ed25519, key(golden.note.cosignerKey)],
    ['ML-DSA-44', mlDsa, key(golden.note.mlDsaKey)],
  ] as const;

  test('says its origin, size and root', () => {
    expect(checkpoint).toMatchObject({
      origin: golden.note.origin,
      size: golden.note.size,
      root: bytesOf(golden.note.root),
    });
    for (const text of [golden.note.logKey, golden.note.cosignerKey, golden.note.mlDsaKey]) {
      expect(formatVerifierKey(key(text))).toBe(text);
    }
  });

  test('has a log line that verifies', () => {
    const logKey = key(golden.note.logKey);
    expect(verifyLogLine(checkpoint, log, logKey, verifier)).toBe(true);
    expect(verifyLogLine({ ...checkpoint, size: 1235 }, log, logKey, verifier)).toBe(false);
    expect(verifyLogLine(checkpoint, { ...log, data: log.data.subarray(0, -1) }, logKey, verifier)).toBe(false);
    expect(verifyLogLine(checkpoint, { ...log, data: flipped(log.data, 30) }, logKey, verifier)).toBe(false);
  });

  test.each(cosigners)('has a cosignature of %s that verifies over exactly this', (_, line, cosigner) => {
    const time = cosignatureTime(line, cosigner) as bigint;
    expect(time).toBe(BigInt(golden.note.time));
    const isValid = (change: Partial<typeof checkpoint>, at = time, changed = line, by = cosigner): boolean =>
      verifyCosignature({ ...checkpoint, ...change }, changed, by, at, verifier);
    expect(isValid({})).toBe(true);
    expect(isValid({ size: 1235 })).toBe(false);
    expect(isValid({ root: flipped(checkpoint.root, 0) })).toBe(false);
    expect(isValid({ origin: 'ledger.example/other' })).toBe(false);
    expect(isValid({}, time + 1n)).toBe(false);
    expect(isValid({}, time, { ...line, data: flipped(line.data, line.data.length - 1) })).toBe(false);
    expect(isValid({}, time, { ...line, data: flipped(line.data, 12) })).toBe(false);
    expect(cosignatureTime({ ...line, data: line.data.subarray(0, -1) }, cosigner)).toBeUndefined();
    expect(cosignatureTime({ ...line, data: new Uint8Array(line.data.length + 1) }, cosigner)).toBeUndefined();
  });

  test('has an ML-DSA-44 cosignature that names its cosigner', () => {
    const [, , cosigner] = cosigners[1];
    const time = BigInt(golden.note.time);
    expect(verifyCosignature(checkpoint, mlDsa, { ...cosigner, name: `${cosigner.name}x` }, time, verifier)).toBe(
      false,
    );
  });
});

describe('trees made elsewhere', () => {
  const leaves = golden.trees.leaves.map(bytesOf);
  const roots = golden.trees.roots.map(bytesOf);

  test('have their roots', () => {
    for (const [size, root] of roots.entries()) {
      const { frontier } = appendLeaves(EMPTY_FRONTIER, leaves.slice(0, size), tree);
      expect(frontierRoot(frontier, tree)).toEqual(root);
    }
  });

  test('have their inclusion and consistency proofs', () => {
    for (const [index, size, path] of golden.trees.inclusion) {
      const proof = {
        index,
        size,
        leafHash: leaves[index] as Uint8Array,
        path: path.map(bytesOf),
        root: roots[size] as Uint8Array,
      };
      expect(verifyInclusion(proof, tree).ok).toBe(true);
    }
    for (const [size1, size2, path] of golden.trees.consistency) {
      const proof = {
        size1,
        size2,
        root1: roots[size1] as Uint8Array,
        root2: roots[size2] as Uint8Array,
        path: path.map(bytesOf),
      };
      expect(verifyConsistency(proof, tree).ok).toBe(true);
    }
  });

  test('have their status leaves and root', () => {
    const words = golden.trees.statusWords.map(bytesOf);
    expect(words.map((word) => toHex(statusLeaf(word, hasher)))).toEqual(golden.trees.statusLeaves);
    expect(toHex(StatusTree.fromWords(words, hasher, tree).root())).toBe(golden.trees.statusRoot);
  });
});
