/** The content of a proof file, in either of its forms. */
import { equal } from '../../../src/core/bytes.ts';
import { KINDS } from '../../../src/protocol/record.ts';
import type { Located } from '../../../src/protocol/standing.ts';
import { CURRENT, decodeProof, type Proof } from '../../../src/tlog/proof.ts';
import { isTlogProof, parseTlogProof, type TlogProof } from '../../../src/tlog/tlog-proof.ts';
import { type TreeHasher, verifyInclusion } from '../../../src/tlog/tree.ts';
import { fail } from '../errors.ts';

export interface ReadProof {
  readonly proof: Proof;
  /** Present when the proof came in its text form. */
  readonly text: TlogProof | undefined;
}

export function readProof(bytes: Uint8Array): ReadProof {
  if (isTlogProof(bytes)) {
    const text = parseTlogProof(bytes);
    if (!text.ok) fail(text.code, 'not a tlog-proof file of this ledger');
    return { proof: text.value.proof, text: text.value };
  }
  const proof = decodeProof(bytes);
  if (proof === undefined) fail('malformed', 'not a proof');
  return { proof, text: undefined };
}

export function readCurrentProof(bytes: Uint8Array): ReadProof {
  const read = readProof(bytes);
  if (read.proof.form !== CURRENT) fail('historic_status', 'a HistoricStatus says nothing about now');
  return read;
}

/** The text form repeats the subject's path: a tlog-proof reader must not be shown another entry than we read. */
export function checkTextPath({ proof, index, path }: TlogProof, subject: Located, tree: TreeHasher): void {
  const entry = proof.entries.find((candidate) => candidate.index === subject.index);
  const { size, root } = proof.checkpoint;
  if (entry === undefined || index !== subject.index) fail('text_path', 'the text proves another entry');
  const leafHash = tree.leaf(entry.bytes);
  const verified = verifyInclusion({ index, size, leafHash, path, root }, tree);
  if (!verified.ok) fail('text_path', verified.code);
}

/** The subject: the one identity of a proof. */
export function onlyIdentity(records: readonly Located[]): Located {
  const identities = records.filter(({ record }) => record.kind === KINDS.identity);
  const [subject] = identities;
  if (subject === undefined || identities.length > 1) fail('subject', 'a proof has one identity');
  checkDistinct(records);
  return subject;
}

/** Of two versions the proof could show either, as suits whoever presents it. */
export function checkDistinct(records: readonly Located[]): void {
  for (const [i, { record }] of records.entries()) {
    if (records.slice(0, i).some((other) => equal(other.record.recordId, record.recordId))) {
      fail('duplicate_record', 'a record occurs twice');
    }
  }
}
