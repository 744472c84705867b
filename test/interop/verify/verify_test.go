package verify

import (
	"slices"
	"testing"
)

var (
	edWitness    = newCosigner(testOrigin+"/m/a", typeCosignature, "a")
	mldsaWitness = newCosigner(testOrigin+"/m/b", typeMldsa, "b")
)

// smallLedger has a member, a submitter and an identity in block 0, an identity that is not
// shown in blocks 1 and 2, and the indexes of all of them.
func smallLedger(certificate []byte) *ledger {
	l := &ledger{supersededBy: map[uint64]uint64{}}
	l.record(kindMember, "member", nil, fields{0: "member"})
	l.record(kindSubmitter, "submitter", "member", fields{0: "s"})
	l.record(kindIdentity, "device", "submitter", fields{0: 1, 2: []any{rowOf(certificate, nil, nil)}})
	l.block(testTime)
	l.record(kindIdentity, "other", "submitter", fields{0: 1})
	l.block(testTime + 10)
	l.record(kindIdentity, "another", "submitter", fields{0: 1})
	l.block(testTime + 20)
	return l
}

func smallRequest(l *ledger, s shown, certificate []byte, cosigners ...cosigner) Request {
	if s.times == nil {
		for range cosigners {
			s.times = append(s.times, testTime+30)
		}
	}
	return Request{
		Policy: policyOf(len(cosigners), cosigners...), Proof: l.proof(s, cosigners...), Certificate: certificate,
		Now: testTime + 30, MaxAge: 60,
	}
}

func expect(t *testing.T, r Request, code Code) {
	t.Helper()
	if _, err := Verify(r); codeOf(t, err) != string(code) {
		t.Errorf("got %s, expected %s", codeOf(t, err), code)
	}
}

func TestVerifiesBothKindsOfCosignature(t *testing.T) {
	c := newParts().encode()
	l := smallLedger(c)
	s := shown{version: 1, indexes: []uint64{0, 1, 2, 7}, status: 7}
	expect(t, smallRequest(l, s, c, edWitness, mldsaWitness), "ok")

	s.times = []int64{testTime + 30, 0}
	expect(t, smallRequest(l, s, c, edWitness, mldsaWitness), QuorumNotMet)

	s.times = nil
	r := smallRequest(l, s, c, mldsaWitness)
	r.Proof[len(r.Proof)/3] ^= 1 // the ML-DSA signature is most of the proof
	expect(t, r, BadSignature)
}

func TestJudgesTheTimeOfAQuorum(t *testing.T) {
	c := newParts().encode()
	l := smallLedger(c)
	for name, test := range map[string]struct {
		times []int64
		code  Code
	}{
		"skew at its limit":              {[]int64{testTime + 90, testTime + 90}, "ok"},
		"one beyond the skew":            {[]int64{testTime + 91, testTime + 30}, QuorumNotMet},
		"maxAge at its limit":            {[]int64{testTime + 20, testTime + 20}, "ok"},
		"one before the block":           {[]int64{testTime + 19, testTime + 30}, CosignatureTime},
		"one line of two, of this time":  {[]int64{testTime + 30, 0}, QuorumNotMet},
		"one line of two, from long ago": {[]int64{testTime - 100, 0}, StaleCheckpoint},
	} {
		t.Run(name, func(t *testing.T) {
			s := shown{version: 1, indexes: []uint64{0, 1, 2, 7}, status: 7, times: test.times}
			expect(t, smallRequest(l, s, c, edWitness, mldsaWitness), test.code)
		})
	}
}

func TestAnswersForThePastOnlyFromTheBlockOfThatTime(t *testing.T) {
	c := newParts().encode()
	for name, test := range map[string]struct {
		indexes []uint64
		status  uint64
		target  Target
		code    Code
	}{
		"first block by height":          {[]uint64{0, 1, 2, 3, 5, 7}, 3, Target{false, 0}, "ok"},
		"first block by time":            {[]uint64{0, 1, 2, 3, 5, 7}, 3, Target{true, uint64(testTime) + 9}, "ok"},
		"time of the successor":          {[]uint64{0, 1, 2, 3, 5, 7}, 3, Target{true, uint64(testTime) + 10}, HistoricTarget},
		"time before the block":          {[]uint64{0, 1, 2, 3, 5, 7}, 3, Target{true, uint64(testTime) - 1}, HistoricTarget},
		"successor is the last block":    {[]uint64{0, 1, 2, 5, 7}, 5, Target{false, 1}, "ok"},
		"a block that does not follow":   {[]uint64{0, 1, 2, 3, 7}, 3, Target{false, 0}, HistoricTarget},
		"last block, own height":         {[]uint64{0, 1, 2, 7}, 7, Target{false, 2}, "ok"},
		"last block, later height":       {[]uint64{0, 1, 2, 7}, 7, Target{false, 3}, HistoricTarget},
		"last block before the quorum":   {[]uint64{0, 1, 2, 7}, 7, Target{true, uint64(testTime) + 29}, "ok"},
		"last block, the quorum's time":  {[]uint64{0, 1, 2, 7}, 7, Target{true, uint64(testTime) + 30}, HistoricTarget},
		"an entry that the block misses": {[]uint64{0, 1, 3, 4, 5, 7}, 3, Target{false, 0}, StatusNotHeld},
	} {
		t.Run(name, func(t *testing.T) {
			l := smallLedger(c)
			if test.code == StatusNotHeld { // the later identity holds the certificate
				l.entries[4] = encode([]any{4, 1, named("other"), 1, nil, nil, 1, []any{named("submitter")},
					fields{0: 1, 2: []any{rowOf(c, nil, nil)}}})
			}
			s := shown{version: 2, indexes: test.indexes, status: test.status}
			r := smallRequest(l, s, c, edWitness)
			r.Target = &test.target
			r.MaxAge = 0
			expect(t, r, test.code)
		})
	}
}

func TestJudgesRecordsAndAuthorities(t *testing.T) {
	c := newParts().encode()
	row := []any{rowOf(c, nil, nil)}
	device := []any{4, 1, named("device"), 1, nil, nil, 1, []any{named("submitter")}, fields{0: 1, 2: row}}
	change := func(place int, value any) []any {
		changed := slices.Clone(device)
		changed[place] = value
		return changed
	}
	for name, test := range map[string]struct {
		device []any
		code   Code
	}{
		"as it should be":           {device, "ok"},
		"unknown entry version":     {change(1, 2), UnsupportedEntryVersion},
		"ten places":                {append(slices.Clone(device), 0), Malformed},
		"state 0":                   {change(6, 0), Malformed},
		"suspended":                 {change(6, 2), State},
		"version 1 with an earlier": {change(4, 0), Malformed},
		"version 2 without":         {change(3, 2), Malformed},
		"two controllers":           {change(7, []any{named("member"), named("submitter")}), Malformed},
		"no controller":             {change(7, []any{}), Malformed},
		"itself as controller":      {change(7, []any{named("device")}), AuthorityKind},
		"unknown controller":        {change(7, []any{named("nobody")}), AuthorityMissing},
		"member as controller":      {change(7, []any{named("member")}), UnusedEntry},
		"record of a member":        {change(2, named("member")), DuplicateRecord},
		"no subject kind":           {change(8, fields{2: row}), Malformed},
		"empty certificate list":    {change(8, fields{0: 1, 2: []any{}}), Malformed},
		"null as a payload":         {change(8, nil), Malformed},
		"certificate twice":         {change(8, fields{0: 1, 2: []any{row[0], row[0]}}), Malformed},
		"since its own index":       {change(8, fields{0: 1, 2: []any{rowOf(c, nil, 2)}}), Malformed},
		"since an earlier index":    {change(8, fields{0: 1, 2: []any{rowOf(c, nil, 1)}}), "ok"},
		"submitter as issuer":       {change(8, fields{0: 1, 2: []any{rowOf(c, named("submitter"), nil)}}), AuthorityKind},
		"payload too large":         {change(8, fields{0: 1, 2: row, 16: make([]byte, 16<<10)}), Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			l := smallLedger(c)
			l.entries[2] = encode(test.device)
			s := shown{version: 1, indexes: []uint64{0, 1, 2, 7}, status: 7}
			expect(t, smallRequest(l, s, c, edWitness), test.code)
		})
	}
}

func TestFollowsAtMostSixAuthorities(t *testing.T) {
	c := newParts().encode()
	build := func(anchors int, cycle bool) Request {
		l := &ledger{supersededBy: map[uint64]uint64{}}
		l.record(kindMember, "member", nil, fields{0: "member"})
		top := "member"
		indexes := []uint64{0}
		for i := range anchors {
			name := string(rune('a' + i))
			parent := top
			if cycle && i == 0 {
				parent = "a"
			}
			indexes = append(indexes, l.record(kindAnchor, name, parent, fields{0: "CA"}))
			top = name
		}
		indexes = append(indexes,
			l.record(kindIdentity, "device", "member", fields{0: 1, 2: []any{rowOf(c, named(top), nil)}}))
		indexes = append(indexes, l.block(testTime+20))
		s := shown{version: 2, indexes: indexes, status: indexes[len(indexes)-1]}
		r := smallRequest(l, s, c, edWitness)
		r.Target = &Target{false, 0}
		return r
	}
	expect(t, build(5, false), "ok")
	expect(t, build(6, false), AuthorityLimit)
	expect(t, build(3, true), AuthorityLimit)
}

func TestRefusesSetBitsThatStandForNoRecord(t *testing.T) {
	c := newParts().encode()
	for _, bit := range []uint64{5, 7, 8, 255} {
		l := smallLedger(c)
		l.entries, l.blocks = l.entries[:7], l.blocks[:2]
		l.supersededBy[bit] = 6
		l.block(testTime + 20)
		s := shown{version: 1, indexes: []uint64{0, 1, 2, 7}, status: 7}
		expect(t, smallRequest(l, s, c, edWitness), StatusPadding)
	}
}
