package verify

// standing is what steps 3 to 5 establish: the block that speaks, the records, the subject.
type standing struct {
	block    blockEntry
	records  []record // ascending, the subject among them
	subject  record
	identity identity
	row      certificateRow
}

// readRecords decodes all entries but the block entries. A record that stands twice could be
// shown once in an active version and once in the present one.
func readRecords(entries []entry) ([]record, error) {
	var records []record
	seen := map[hash]bool{}
	for _, e := range entries {
		if e.kind == kindBlock {
			continue
		}
		r, err := e.readRecord()
		if err != nil {
			return nil, err
		}
		if seen[r.id] {
			return nil, refuse(DuplicateRecord)
		}
		seen[r.id] = true
		records = append(records, r)
	}
	return records, nil
}

// findSubject returns the only identity of the proof.
func findSubject(records []record) (record, error) {
	var found []record
	for _, r := range records {
		if r.kind == kindIdentity {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		return record{}, refuse(Subject)
	}
	return found[0], nil
}

// checkSubject is step 4 of the protocol, §3: the active entry of the presented certificate.
func checkSubject(records []record, c *certificate, expected *hash) (standing, error) {
	subject, err := findSubject(records)
	if err != nil {
		return standing{}, err
	}
	if expected != nil && *expected != subject.id {
		return standing{}, refuse(RecordID)
	}
	// The status bit of a revocation's own entry is zero too: the state decides.
	if subject.state != stateActive {
		return standing{}, refuse(State)
	}
	holder, err := subject.readIdentity()
	if err != nil {
		return standing{}, err
	}
	for _, row := range holder.rows {
		if row.der != c.der {
			continue
		}
		if row.tbs != c.tbs || row.spki != c.spki || row.notBefore != c.notBefore || row.notAfter != c.notAfter {
			return standing{}, refuse(CertificateMismatch)
		}
		return standing{records: records, subject: subject, identity: holder, row: row}, nil
	}
	return standing{}, refuse(CertificateNotInEntry)
}
