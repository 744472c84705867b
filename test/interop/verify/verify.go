// Package verify is an independent verifier of current-status proofs and of HistoricStatus, the
// protocol, §3. It shares no code with the ledger: two readers of one text find its gaps.
package verify

// Request is what a relying party knows and wants to know.
type Request struct {
	Policy      string
	Proof       []byte // the binary Proof or the tlog-proof text
	Certificate []byte // DER, as presented
	Now         int64  // the verifier's clock, seconds since 1970
	MaxAge      int64  // seconds
	RecordID    *[32]byte
	Target      *Target // nil asks about the present
	AllowWeak   bool
}

// Status is a verified answer. It speaks about the present only when Target is nil.
type Status struct {
	Target         *Target
	Size           uint64
	Height         uint64
	CheckpointTime int64
	AgeSeconds     int64
	Authorities    [][32]byte
}

// Verify runs the steps of the protocol, §3, and returns a *Refusal where one fails.
func Verify(r Request) (*Status, error) {
	policy, err := readPolicy(r)
	if err != nil {
		return nil, err
	}
	proof, err := readProof(r)
	if err != nil {
		return nil, err
	}
	times, err := checkCheckpoint(policy, proof.checkpoint, proof.lines)
	if err != nil {
		return nil, err
	}
	entries, last, err := checkBlockEntry(proof)
	if err != nil {
		return nil, err
	}
	// The quorum comes after the block entry: its times are held against the block's.
	checkpointTime, err := checkQuorum(policy, times, last.time, r)
	if err != nil {
		return nil, err
	}
	block, err := chooseBlock(entries, last, checkpointTime, r.Target)
	if err != nil {
		return nil, err
	}
	authorities, err := checkStanding(proof, entries, block, r)
	if err != nil {
		return nil, err
	}
	return &Status{r.Target, proof.size, block.height, checkpointTime, r.Now - checkpointTime, authorities}, nil
}

func readPolicy(r Request) (*policy, error) {
	p, err := parsePolicy(r.Policy)
	if err != nil {
		return nil, err
	}
	if !p.strong && !r.AllowWeak {
		return nil, refuse(PolicyWeak)
	}
	return p, nil
}

// readProof refuses an answer to the other question: a state of the past is never taken for the
// present, nor the present for the past.
func readProof(r Request) (*proof, error) {
	p, err := parseProof(r.Proof)
	if err != nil {
		return nil, err
	}
	if p.past && r.Target == nil {
		return nil, refuse(HistoricStatus)
	}
	if !p.past && r.Target != nil {
		return nil, refuse(Malformed)
	}
	return p, checkBlockIndex(p)
}

// checkStanding runs steps 4 to 7 at the block that speaks.
func checkStanding(p *proof, entries []entry, block blockEntry, r Request) ([][32]byte, error) {
	records, err := readRecords(entries)
	if err != nil {
		return nil, err
	}
	presented, err := parseCertificate(r.Certificate)
	if err != nil {
		return nil, err
	}
	s, err := checkSubject(records, presented, (*hash)(r.RecordID))
	if err != nil {
		return nil, err
	}
	if err := checkText(p, s.subject); err != nil {
		return nil, err
	}
	status, err := checkStatus(block, s, p)
	if err != nil {
		return nil, err
	}
	authorities, err := checkAuthorities(s.subject, s.row, records, status)
	if err != nil {
		return nil, err
	}
	return idsOf(authorities), checkTimeAndScope(s, presented, authorities, reliedAt(block, r))
}

func checkText(p *proof, subject record) error {
	if p.text == nil {
		return nil
	}
	for _, raw := range p.entries {
		if raw.index == subject.index {
			return p.text.checkTextPath(raw)
		}
	}
	return refuse(Internal)
}

// checkStatus is step 5 of the protocol, §3.
func checkStatus(block blockEntry, s standing, p *proof) (heldStatus, error) {
	status, err := checkStatusWords(block, s.records, p)
	if err != nil {
		return heldStatus{}, err
	}
	superseded, err := status.isSuperseded(s.subject.index)
	if err != nil {
		return heldStatus{}, err
	}
	if superseded {
		return heldStatus{}, refuse(Superseded)
	}
	return status, nil
}

// reliedAt is the time at which the certificate is relied upon: the verifier's clock for the present,
// the time asked about, or that of the block asked about, for the past. A certificate that expired
// since then was good then.
func reliedAt(block blockEntry, r Request) int64 {
	switch {
	case r.Target == nil:
		return r.Now
	case r.Target.IsTime:
		return int64(r.Target.Value)
	default:
		return int64(block.time)
	}
}

// checkTimeAndScope is step 7 of the protocol, §3.
func checkTimeAndScope(s standing, c *certificate, authorities []record, now int64) error {
	switch {
	case !c.isProfile:
		return refuse(CertificateProfile)
	case now < s.row.notBefore:
		return refuse(NotYetValid)
	case now > s.row.notAfter:
		return refuse(Expired)
	case now < s.identity.startsAt:
		return refuse(StartsAt)
	case now >= s.identity.endsAt:
		return refuse(EndsAt)
	}
	return checkScopes(authorities, s.identity.subjectKind, c)
}

func idsOf(records []record) [][32]byte {
	var ids [][32]byte
	for _, r := range records {
		ids = append(ids, r.id)
	}
	return ids
}
