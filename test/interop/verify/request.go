package verify

import (
	"encoding/hex"
	"encoding/json"
)

// requestLine is the JSON object of one test vector or request. Fields that it does not name,
// as the expected verdict, are ignored.
type requestLine struct {
	Policy      *string `json:"policy"`
	Proof       *string `json:"proof"`
	Certificate *string `json:"certificate"`
	Now         *int64  `json:"now"`
	MaxAge      *int64  `json:"maxAge"`
	Options     struct {
		RecordID  *string  `json:"record_id"`
		Target    []uint64 `json:"target"`
		AllowWeak bool     `json:"allow_weak"`
	} `json:"options"`
}

// ParseRequest reads one line of JSON.
func ParseRequest(line []byte) (Request, error) {
	var l requestLine
	if json.Unmarshal(line, &l) != nil || l.Policy == nil || l.Proof == nil || l.Certificate == nil {
		return Request{}, refuse(MalformedRequest)
	}
	if l.Now == nil || l.MaxAge == nil || !isTime(*l.Now) || !isTime(*l.MaxAge) {
		return Request{}, refuse(MalformedRequest)
	}
	r := Request{Policy: *l.Policy, Now: *l.Now, MaxAge: *l.MaxAge, AllowWeak: l.Options.AllowWeak}
	var isProof, isCertificate bool
	if r.Proof, isProof = decodeBase64(*l.Proof); !isProof {
		return Request{}, refuse(Malformed)
	}
	if r.Certificate, isCertificate = decodeBase64(*l.Certificate); !isCertificate {
		return Request{}, refuse(CertificateMalformed)
	}
	return r, r.readOptions(l)
}

func isTime(n int64) bool { return n >= 0 && n <= maxInteger }

func (r *Request) readOptions(l requestLine) error {
	if l.Options.RecordID != nil {
		id, err := hex.DecodeString(*l.Options.RecordID)
		if err != nil || len(id) != len(hash{}) {
			return refuse(MalformedRequest)
		}
		r.RecordID = (*[32]byte)(id)
	}
	if t := l.Options.Target; t != nil {
		if len(t) != 2 || t[0] > 1 || t[1] > maxInteger {
			return refuse(MalformedRequest)
		}
		r.Target = &Target{IsTime: t[0] == 1, Value: t[1]}
	}
	return nil
}
