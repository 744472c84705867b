package verify

import (
	"bytes"
	"math"
)

// Payload keys of an identity, protocol §1.
const (
	identitySubjectKind  = 0
	identityCertificates = 2
	identityStartsAt     = 7
	identityEndsAt       = 8
)

// identity is the payload of a kind 4 record, as far as a verifier needs it.
type identity struct {
	subjectKind uint64
	rows        []certificateRow
	startsAt    int64 // math.MinInt64 where absent
	endsAt      int64 // math.MaxInt64 where absent
}

// certificateRow is what the ledger holds of one certificate.
type certificateRow struct {
	der, tbs, spki      hash
	notBefore, notAfter int64
	issuer              *hash  // the anchor's record, null for a self-made certificate
	since               uint64 // index of the entry that first held it
}

func (r record) readIdentity() (identity, error) {
	i, ok := r.identityShape()
	if !ok {
		return identity{}, refuse(Malformed)
	}
	return i, nil
}

func (r record) identityShape() (identity, bool) {
	subjectKind, ok := r.payload.at(identitySubjectKind)
	if !ok {
		return identity{}, false
	}
	kind, isKind := subjectKind.unsigned()
	startsAt, isStart := r.timeAt(identityStartsAt, math.MinInt64)
	endsAt, isEnd := r.timeAt(identityEndsAt, math.MaxInt64)
	i := identity{subjectKind: kind, startsAt: startsAt, endsAt: endsAt}
	if !isKind || !isStart || !isEnd {
		return i, false
	}
	rows, present := r.payload.at(identityCertificates)
	if !present {
		return i, true
	}
	if rows.kind != cborArray || len(rows.items) == 0 { // an empty list is omitted
		return i, false
	}
	for n, item := range rows.items {
		row, ok := readRow(item, r.index)
		if !ok || (n > 0 && bytes.Compare(i.rows[n-1].der[:], row.der[:]) >= 0) {
			return i, false
		}
		i.rows = append(i.rows, row)
	}
	return i, true
}

func (r record) timeAt(key uint64, absent int64) (int64, bool) {
	v, present := r.payload.at(key)
	if !present {
		return absent, true
	}
	return v.signed()
}

// readRow reads [derHash, tbsHash, spkiHash, issuerSerialHash|null, notBefore, notAfter,
// issuerId|null, since|null, pop, binding] of the entry at an index.
func readRow(v cborValue, index uint64) (certificateRow, bool) {
	p, ok := v.tuple(10)
	if !ok {
		return certificateRow{}, false
	}
	der, isDer := p[0].hash()
	tbs, isTbs := p[1].hash()
	spki, isSpki := p[2].hash()
	_, isSerial := p[3].hash()
	notBefore, isBefore := p[4].signed()
	notAfter, isAfter := p[5].signed()
	if !isDer || !isTbs || !isSpki || !isBefore || !isAfter || !(isSerial || p[3].isNull()) {
		return certificateRow{}, false
	}
	row := certificateRow{der: der, tbs: tbs, spki: spki, notBefore: notBefore, notAfter: notAfter, since: index}
	if !p[6].isNull() {
		issuer, ok := p[6].hash()
		if !ok {
			return certificateRow{}, false
		}
		row.issuer = &issuer
	}
	if !p[7].isNull() {
		since, ok := p[7].unsigned()
		if !ok || since >= index {
			return certificateRow{}, false
		}
		row.since = since
	}
	return row, isPop(p[8]) && isBinding(p[9])
}

// isPop knows 0 none, 1 self-signed and 3 claim; 2 is reserved.
func isPop(v cborValue) bool {
	n, ok := v.unsigned()
	return ok && (n == 0 || n == 1 || n == 3)
}

// isBinding knows 0 none, 1 extension and 2 claim.
func isBinding(v cborValue) bool {
	n, ok := v.unsigned()
	return ok && n <= 2
}
