package verify

import "slices"

// maxAuthorities bounds the records above one subject.
const maxAuthorities = 6

// Payload keys of members, anchors and submitters, protocol §8.
const (
	authorityScope         = 1
	authorityAcceptedBelow = 2
)

// checkAuthorities is step 6 of the protocol, §3: it follows the controller and the presented
// certificate's own issuer up to members, and wants each of them active at the same block.
func checkAuthorities(subject record, row certificateRow, records []record, s heldStatus) ([]record, error) {
	c := chain{byID: map[hash]record{}}
	for _, r := range records {
		c.byID[r.id] = r
	}
	if err := c.follow(subject.parents[0], kindMember, kindSubmitter); err != nil {
		return nil, err
	}
	// The other certificates of the identity have issuers too: a fault of theirs says nothing
	// about this one.
	if row.issuer != nil {
		if err := c.follow(*row.issuer, kindAnchor); err != nil {
			return nil, err
		}
	}
	if len(c.found) > maxAuthorities {
		return nil, refuse(AuthorityLimit)
	}
	for _, authority := range c.found {
		if err := checkAuthority(authority, row.since, s); err != nil {
			return nil, err
		}
	}
	// Subject and authorities are all the records there may be.
	if len(c.found)+1 != len(records) {
		return nil, refuse(UnusedEntry)
	}
	return c.found, nil
}

// chain collects the distinct authorities that it passes.
type chain struct {
	byID  map[hash]record
	found []record
}

func (c *chain) follow(id hash, kinds ...uint64) error {
	// Ids are hashes over the parent's id, so an honest ledger has no cycle; a forged one has.
	for range maxAuthorities {
		r, ok := c.byID[id]
		if !ok {
			return refuse(AuthorityMissing)
		}
		if !slices.Contains(kinds, r.kind) {
			return refuse(AuthorityKind)
		}
		if !slices.ContainsFunc(c.found, func(f record) bool { return f.id == id }) {
			c.found = append(c.found, r)
		}
		switch r.kind {
		case kindMember:
			return nil
		case kindAnchor:
			kinds = []uint64{kindMember, kindAnchor}
		default:
			kinds = []uint64{kindMember}
		}
		id = r.parents[0]
	}
	return refuse(AuthorityLimit)
}

func checkAuthority(r record, since uint64, s heldStatus) error {
	if r.state != stateActive {
		return refuse(AuthorityState)
	}
	superseded, err := s.isSuperseded(r.index)
	if err != nil {
		return err
	}
	if superseded {
		return refuse(AuthoritySuperseded)
	}
	return checkAcceptedBelow(r, since)
}

// checkAcceptedBelow keeps what a later stolen key adds out: only certificates that entered the
// log before the authority's limit stand.
func checkAcceptedBelow(r record, since uint64) error {
	v, present := r.payload.at(authorityAcceptedBelow)
	if !present {
		return nil
	}
	limit, ok := v.unsigned()
	if !ok {
		return refuse(Malformed)
	}
	if since >= limit {
		return refuse(AcceptedBelow)
	}
	return nil
}
