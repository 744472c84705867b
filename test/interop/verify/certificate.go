package verify

import (
	"bytes"
	"crypto/sha256"
	"time"
)

const maxCertificateBytes = 1 << 16

// GeneralName tags that have a rule of their own (RFC 5280 §4.2.1.6).
const (
	nameDirectory = 4
	nameDNS       = 2
	nameIP        = 7
)

// certificate is the presented X.509 certificate, as far as a verifier needs it.
type certificate struct {
	der, tbs, spki      hash
	notBefore, notAfter int64
	names               []generalName
	usages              [][]byte // contents of the OIDs
	isProfile           bool
}

// generalName is a subject alternative name: the context tag and its content octets.
type generalName struct {
	tag     byte
	content []byte
}

// parseCertificate walks the DER itself: crypto/x509 also judges names and keys, takes encodings
// that are not DER, and reads OIDs into machine integers.
func parseCertificate(b []byte) (*certificate, error) {
	c := &certificate{der: sha256.Sum256(b)}
	parts, ok := derSequence(b)
	if len(b) > maxCertificateBytes || !ok || len(parts) != 3 {
		return nil, refuse(CertificateMalformed)
	}
	tbs, algorithm, signature := parts[0], parts[1], parts[2]
	if tbs.tag != tagSequence || algorithm.tag != tagSequence || signature.tag != tagBitString {
		return nil, refuse(CertificateMalformed)
	}
	c.tbs = sha256.Sum256(tbs.whole)
	if !c.parseTbs(tbs.content, algorithm) {
		return nil, refuse(CertificateMalformed)
	}
	return c, nil
}

func (c *certificate) parseTbs(content []byte, outer derElement) bool {
	fields, ok := derChildren(content)
	if !ok || len(fields) == 0 {
		return false
	}
	isV3 := bytes.Equal(fields[0].whole, []byte{0xa0, 3, tagInteger, 1, 2})
	if fields[0].tag == 0xa0 {
		fields = fields[1:]
	}
	if len(fields) < 6 || fields[0].tag != tagInteger {
		return false
	}
	for _, f := range fields[1:6] { // algorithm, issuer, validity, subject, key
		if f.tag != tagSequence {
			return false
		}
	}
	c.spki = sha256.Sum256(fields[5].whole)
	if !c.parseValidity(fields[3].content) {
		return false
	}
	extensions, ok := optionalFields(fields[6:])
	c.isProfile = ok && isV3 && bytes.Equal(fields[1].whole, outer.whole) && c.parseExtensions(extensions)
	return true
}

// optionalFields passes the unique identifiers [1] and [2] and returns the extensions [3].
func optionalFields(fields []derElement) (extensions []byte, ok bool) {
	last := byte(0)
	for _, f := range fields {
		if f.tag <= last || (f.tag != 0x81 && f.tag != 0x82 && f.tag != 0xa3) {
			return nil, false
		}
		last = f.tag
		if f.tag == 0xa3 {
			extensions = f.content
		}
	}
	return extensions, true
}

func (c *certificate) parseValidity(content []byte) bool {
	times, ok := derChildren(content)
	if !ok || len(times) != 2 {
		return false
	}
	var isBefore, isAfter bool
	c.notBefore, isBefore = parseTime(times[0])
	c.notAfter, isAfter = parseTime(times[1])
	return isBefore && isAfter
}

// parseTime takes only the forms of RFC 5280 §4.1.2.5: with seconds, in UTC, without fractions.
func parseTime(e derElement) (int64, bool) {
	const layout = "20060102150405Z"
	text := string(e.content)
	switch {
	case e.tag == tagUTCTime && len(text) == 13 && text[0] >= '5':
		text = "19" + text
	case e.tag == tagUTCTime && len(text) == 13:
		text = "20" + text
	case e.tag != tagGeneralTime:
		return 0, false
	}
	t, err := time.Parse(layout, text)
	return t.Unix(), err == nil && t.Format(layout) == text
}
