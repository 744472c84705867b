/** From the ledger's types to JSON. */
import { toHex } from '../core/bytes.ts';
import { decode } from '../core/cbor.ts';
import { assert } from '../core/outcome.ts';
import { codeName, codeSentence } from '../protocol/codes.ts';
import { type ItemResult, parseItemResults } from '../protocol/operation.ts';
import { type RecordState, STATES } from '../protocol/record.ts';
import type { CertificateView, IdentityView } from '../service/lookup.ts';
import type { TransactionReceipt } from '../service/ports.ts';

const STATE_NAMES: Readonly<Record<RecordState, 'active' | 'suspended' | 'ended'>> = {
  [STATES.active]: 'active',
  [STATES.suspended]: 'suspended',
  [STATES.ended]: 'ended',
};

export function itemsOf({ result }: TransactionReceipt): readonly ItemResult[] {
  if (result.data.length === 0) return [];
  const items = parseItemResults(decode(result.data));
  assert(items !== undefined, 'the result of a transaction cannot be read');
  return items;
}

export function presentReceipt(receipt: TransactionReceipt) {
  const { id, height, result } = receipt;
  return {
    id: toHex(id),
    height,
    ...presentCode(result.code),
    message: messageOf(result.code),
    items: itemsOf(receipt).map(presentItem),
  };
}

export const presentItem = ({ code, recordId, index }: ItemResult) => ({
  ...presentCode(code),
  recordId: recordId && toHex(recordId),
  index,
});

export const presentCode = (code: number) => ({ code, result: codeName(code) ?? `code_${code}` });

function messageOf(code: number): string {
  const name = codeName(code);
  return name === undefined ? 'A code that this version does not know.' : codeSentence(name);
}

const presentVersion = (view: IdentityView) => ({
  recordId: toHex(view.recordId),
  index: view.index,
  version: view.version,
  state: STATE_NAMES[view.state],
  subjectKind: view.subjectKind,
  controllerId: toHex(view.controllerId),
});

export const presentIdentity = (view: IdentityView) => ({
  ...presentVersion(view),
  certificates: view.certificates.map(({ derHash }) => toHex(derHash)),
});

export const presentCertificate = (view: CertificateView) => ({
  sha256: toHex(view.derHash),
  ...presentVersion(view),
  isHeld: view.row !== undefined,
  notBefore: view.row?.notBefore ?? null,
  notAfter: view.row?.notAfter ?? null,
});
