/** Why something was not verified. Codes are part of the API: they are added, never renamed. */
export type VerificationCode =
  /** Not a proof in its one encoding. */
  | 'malformed'
  /** The policy file is not one, or asks for no quorum. */
  | 'policy_invalid'
  /** The quorum is below two thirds of the members and `allowWeakPolicy` is not set. */
  | 'policy_weak'
  /** The checkpoint has more than three lines. */
  | 'extension_line'
  /** A HistoricStatus where the current status is asked. */
  | 'historic_status'
  /** A current status where a HistoricStatus is asked. */
  | 'current_status'
  /** The proof speaks of another log than the policy. */
  | 'origin'
  | 'too_many_lines'
  /** Two lines of one key. */
  | 'duplicate_line'
  /** A line of a known key that does not verify. */
  | 'bad_signature'
  /** No line of the log itself. */
  | 'log_line'
  /** A cosignature that states no time. */
  | 'time_zero'
  | 'quorum_not_met'
  /** Cosigned before the block it covers. */
  | 'cosignature_time'
  | 'stale_checkpoint'
  /** The last entry is not the one at size - 1. */
  | 'block_entry_index'
  /** The entry at size - 1 is no block entry: the checkpoint is no block's end. */
  | 'block_entry_kind'
  | 'unsupported_rule_version'
  | 'unsupported_entry_version'
  /** The entries and hashes do not lead to the checkpoint's root. */
  | 'inclusion'
  /** The proof does not show the block that the asked height or time falls into. */
  | 'historic_target'
  /** There is not exactly one identity in the proof. */
  | 'subject'
  /** A record occurs twice. */
  | 'duplicate_record'
  /** The path of the text form does not prove the subject. */
  | 'text_path'
  /** Another identity than the caller expects. */
  | 'record_id'
  /** The identity is suspended or ended: its certificates are revoked. */
  | 'state'
  /** The certificate is not, or no longer, one of this identity. */
  | 'certificate_not_in_entry'
  /** The ledger holds other content under the certificate's hash. */
  | 'certificate_mismatch'
  /** Not exactly the status words that the entries need. */
  | 'status_words'
  | 'status_inclusion'
  | 'status_padding'
  /** The held status ends before the entry. */
  | 'status_not_held'
  /** A later version of the identity exists. */
  | 'superseded'
  | 'authority_missing'
  | 'authority_kind'
  | 'authority_state'
  | 'authority_superseded'
  | 'too_many_authorities'
  /** An authority stands for older certificates only. */
  | 'accepted_below'
  /** An entry that the standing does not need. */
  | 'unused_entry'
  /** The certificate breaks the profile: the cause says which rule, where. */
  | 'certificate_profile'
  | 'not_yet_valid'
  | 'expired'
  | 'starts_at'
  | 'ends_at'
  /** Outside of what an authority may vouch for. */
  | 'scope';

/** Thrown by everything that verifies: nothing is ever returned for what did not verify. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError';
  readonly code: VerificationCode;

  constructor(code: VerificationCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** @throws VerificationError always. */
export function fail(code: VerificationCode, message: string, cause?: unknown): never {
  throw new VerificationError(code, message, cause === undefined ? undefined : { cause });
}
