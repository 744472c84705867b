package verify

// Refusal is the only error type of this package: why a proof is not accepted.
// It carries a code and nothing else, so that no text of the attacker reaches a log.
type Refusal struct{ Code Code }

func (r *Refusal) Error() string { return string(r.Code) }

func refuse(code Code) error { return &Refusal{code} }

// Code names one reason of refusal.
type Code string

// The reasons, in the order in which the steps of the protocol, §3, can give them.
const (
	PolicyInvalid Code = "policy_invalid"
	PolicyWeak    Code = "policy_weak"

	Malformed      Code = "malformed"
	HistoricStatus Code = "historic_status" // a proof of the past where the present is asked
	ExtensionLine  Code = "extension_line"
	TooManyLines   Code = "too_many_lines"
	TextPath       Code = "text_path"

	Origin        Code = "origin"
	LogLine       Code = "log_line"
	DuplicateLine Code = "duplicate_line"
	BadSignature  Code = "bad_signature"
	TimeZero      Code = "time_zero"

	StaleCheckpoint Code = "stale_checkpoint"
	CosignatureTime Code = "cosignature_time" // a quorum, but only with times before the block's
	QuorumNotMet    Code = "quorum_not_met"

	Inclusion               Code = "inclusion"
	BlockEntryIndex         Code = "block_entry_index"
	BlockEntryKind          Code = "block_entry_kind"
	UnsupportedRuleVersion  Code = "unsupported_rule_version"
	UnsupportedEntryVersion Code = "unsupported_entry_version"
	HistoricTarget          Code = "historic_target"

	Subject               Code = "subject"
	DuplicateRecord       Code = "duplicate_record"
	RecordID              Code = "record_id"
	State                 Code = "state"
	CertificateNotInEntry Code = "certificate_not_in_entry"
	CertificateMismatch   Code = "certificate_mismatch"
	CertificateMalformed  Code = "certificate_malformed"

	StatusNotHeld   Code = "status_not_held"
	StatusWords     Code = "status_words"
	StatusInclusion Code = "status_inclusion"
	StatusPadding   Code = "status_padding"
	Superseded      Code = "superseded"

	AuthorityMissing    Code = "authority_missing"
	AuthorityKind       Code = "authority_kind"
	AuthorityLimit      Code = "authority_limit"
	AuthorityState      Code = "authority_state"
	AuthoritySuperseded Code = "authority_superseded"
	AcceptedBelow       Code = "accepted_below"
	UnusedEntry         Code = "unused_entry"

	NotYetValid        Code = "not_yet_valid"
	Expired            Code = "expired"
	StartsAt           Code = "starts_at"
	EndsAt             Code = "ends_at"
	Scope              Code = "scope"
	CertificateProfile Code = "certificate_profile"

	MalformedRequest Code = "malformed_request"
	Internal         Code = "internal"
)
