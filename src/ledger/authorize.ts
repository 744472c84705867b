/** Who may speak: network, time, signer, key and signature of a transaction. The payload's content does not matter. */
import { equal } from '../core/bytes.ts';
import { accept, type Outcome, refuse } from '../core/outcome.ts';
import { parseAccountKeys } from '../protocol/authority.ts';
import { CODES, type Code } from '../protocol/codes.ts';
import type { Network } from '../protocol/genesis.ts';
import { accountKeyId } from '../protocol/id.ts';
import { type Located, type Standing, walkAuthorities } from '../protocol/standing.ts';
import { type Envelope, signedBytesOf, VALID_SECONDS_MAX } from '../protocol/transaction.ts';
import { parseSpki } from '../x509/spki.ts';
import type { BlockDraft } from './draft.ts';
import type { LedgerPorts } from './ports.ts';
import { algorithmOf, verifyMessage } from './signature.ts';

export interface Authorized {
  readonly signer: Located;
  readonly standing: Standing;
}

export function authorize(
  envelope: Envelope,
  { network, blockTime, draft, ports }: { network: Network; blockTime: number; draft: BlockDraft; ports: LedgerPorts },
): Outcome<Authorized, Code> {
  const { header } = envelope;
  if (!equal(header.networkId, network.networkId)) return refuse(CODES.wrong_network);
  if (header.epoch !== network.epoch) return refuse(CODES.wrong_epoch);
  if (header.validUntil < blockTime) return refuse(CODES.transaction_expired);
  if (header.validUntil > blockTime + VALID_SECONDS_MAX) return refuse(CODES.valid_too_long);
  const signer = draft.record(header.signerId);
  if (signer === undefined) return refuse(CODES.signer_unknown);
  const key = accountKey(signer, envelope, ports);
  if (key === undefined) return refuse(CODES.signer_key_unknown);
  // A submitter stands only under an active member: the same walk decides for the certificates that it registers.
  const standing = walkAuthorities(
    { controllerId: header.signerId, issuerId: null, since: draft.nextIndex },
    (recordId) => draft.record(recordId),
  );
  if (!standing.ok) return refuse(CODES.signer_not_active);
  if (!verifyMessage(key, signedBytesOf(envelope), envelope.signature, ports.verifier)) {
    return refuse(CODES.bad_transaction_signature);
  }
  return accept({ signer, standing: standing.value });
}

function accountKey({ record }: Located, { header }: Envelope, { hasher }: LedgerPorts) {
  const spki = parseAccountKeys(record.payload)?.find((candidate) =>
    equal(accountKeyId(candidate, hasher), header.keyId),
  );
  const key = spki && parseSpki(spki);
  return key !== undefined && algorithmOf(key) === header.algorithm ? key : undefined;
}
