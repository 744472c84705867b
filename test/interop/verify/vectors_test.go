package verify

import (
	"encoding/json"
	"errors"
	"os"
	"testing"
)

// vector is one case of the shared proof vectors.
type vector struct {
	Name   string `json:"name"`
	Expect string `json:"expect"`
	raw    json.RawMessage
}

func (v vector) request(t *testing.T) Request {
	t.Helper()
	r, err := ParseRequest(v.raw)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// loadVectors reads the file that ENTENTE_PROOF_VECTORS names, or the repository's own copy.
func loadVectors(t *testing.T) []vector {
	t.Helper()
	path := os.Getenv("ENTENTE_PROOF_VECTORS")
	if path == "" {
		path = "../../vectors/proofs.json"
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var raws []json.RawMessage
	if err := json.Unmarshal(b, &raws); err != nil || len(raws) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	var vectors []vector
	for _, raw := range raws {
		v := vector{raw: raw}
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		vectors = append(vectors, v)
	}
	return vectors
}

// codeOf is "ok" or the code of a refusal; any other error fails the test.
func codeOf(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return "ok"
	}
	r, ok := errors.AsType[*Refusal](err)
	if !ok || r.Code == Internal {
		t.Fatalf("no refusal: %v", err)
	}
	return string(r.Code)
}

func TestAgreesWithTheSharedVectors(t *testing.T) {
	for _, v := range loadVectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			r, err := ParseRequest(v.raw)
			if err == nil {
				_, err = Verify(r)
			}
			got := codeOf(t, err)
			if (got == "ok") != (v.Expect == "ok") {
				t.Fatalf("verdict %s, expected %s", got, v.Expect)
			}
			if got != v.Expect {
				t.Logf("refused as %s, named %s in the vectors", got, v.Expect)
			}
		})
	}
}

// A builder's proof has nothing to spare: no bit of it may change.
func TestRefusesAnyFlippedBitOfAProof(t *testing.T) {
	flipped := map[string]bool{"base": true, "text": true, "history at 3": true}
	for _, v := range loadVectors(t) {
		if !flipped[v.Name] {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			r := v.request(t)
			original := r.Proof
			for i := range original {
				r.Proof = append([]byte(nil), original...)
				r.Proof[i] ^= 1 << (i % 8)
				if _, err := Verify(r); codeOf(t, err) == "ok" {
					t.Errorf("byte %d changed and accepted", i)
				}
			}
			for n := range original {
				r.Proof = original[:n]
				if _, err := Verify(r); codeOf(t, err) == "ok" {
					t.Errorf("accepted with %d bytes of %d", n, len(original))
				}
			}
		})
	}
}

func TestRefusesAnyFlippedBitOfTheCertificate(t *testing.T) {
	for _, v := range loadVectors(t) {
		if v.Name != "base" {
			continue
		}
		r := v.request(t)
		original := r.Certificate
		for i := range original {
			r.Certificate = append([]byte(nil), original...)
			r.Certificate[i] ^= 1 << (i % 8)
			if _, err := Verify(r); codeOf(t, err) == "ok" {
				t.Errorf("byte %d changed and accepted", i)
			}
		}
	}
}

func FuzzNeverPanics(f *testing.F) {
	f.Add([]byte("\x89\x01"), []byte("0\x03"), "log a+00000000+AQ==\n")
	f.Fuzz(func(t *testing.T, proof, certificate []byte, policy string) {
		r := Request{Policy: policy, Proof: proof, Certificate: certificate}
		if _, err := Verify(r); err == nil {
			t.Error("accepted")
		}
		_, _ = parseProof(proof)
		_, _ = parseCertificate(certificate)
		_, _ = parsePolicy(policy)
	})
}
