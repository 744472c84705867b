package verify

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strings"

	"filippo.io/edwards25519"
	"filippo.io/mldsa"
)

// Signature types of C2SP signed-note and tlog-cosignature.
const (
	typeLog         = 0x01
	typeCosignature = 0x04
	typeMldsa       = 0x06
)

// lineID is what a signature line names: a key name and the four bytes of its key ID.
type lineID struct {
	name string
	id   [4]byte
}

// noteKey is one key of the policy.
type noteKey struct {
	lineID
	signatureType byte
	public        []byte
}

// parseVkey reads a verifier key "<name>+<hex key ID>+<base64 of type and key>".
func parseVkey(s string) (noteKey, bool) {
	parts := strings.Split(s, "+")
	if len(parts) < 3 {
		return noteKey{}, false
	}
	// Standard base64 has "+" among its digits; names and key IDs have not.
	name, id, encoded := parts[0], parts[1], strings.Join(parts[2:], "+")
	key, ok := decodeBase64(encoded)
	if !ok || len(key) < 2 || !isKeyName(name) {
		return noteKey{}, false
	}
	sum := sha256.Sum256(append([]byte(name+"\n"), key...))
	if id != hex.EncodeToString(sum[:4]) || !isPublicKey(key[0], key[1:]) {
		return noteKey{}, false
	}
	return noteKey{lineID{name, [4]byte(sum[:4])}, key[0], key[1:]}, true
}

func isPublicKey(signatureType byte, key []byte) bool {
	switch signatureType {
	case typeLog, typeCosignature:
		return isEd25519Key(key)
	case typeMldsa:
		_, err := mldsa.NewPublicKey(mldsa.MLDSA44(), key)
		return err == nil
	default:
		return false
	}
}

// isEd25519Key wants the canonical encoding of a point of the prime-order group. With a torsion
// component the makers of two verifiers disagree on signatures that the key's owner crafts, and
// under the neutral element anybody can sign.
func isEd25519Key(key []byte) bool {
	point, err := new(edwards25519.Point).SetBytes(key)
	if err != nil || string(point.Bytes()) != string(key) {
		return false
	}
	if point.Equal(edwards25519.NewIdentityPoint()) == 1 {
		return false
	}
	// The order l is 0 as a scalar, hence [l-1]A + A.
	one, _ := new(edwards25519.Scalar).SetCanonicalBytes(append([]byte{1}, make([]byte, 31)...))
	minusOne := new(edwards25519.Scalar).Negate(one)
	multiple := new(edwards25519.Point).ScalarMult(minusOne, point)
	return multiple.Add(multiple, point).Equal(edwards25519.NewIdentityPoint()) == 1
}

// verifyLog checks the log's own Ed25519 signature over the note text.
func (k noteKey) verifyLog(c checkpoint, signature []byte) error {
	if len(signature) != ed25519.SignatureSize || !ed25519.Verify(k.public, []byte(c.body()), signature) {
		return refuse(BadSignature)
	}
	return nil
}

// verifyCosignature checks a timestamped cosignature and returns its time.
func (k noteKey) verifyCosignature(c checkpoint, signature []byte) (int64, error) {
	if len(signature) < 8 {
		return 0, refuse(BadSignature)
	}
	time, signature := binary.BigEndian.Uint64(signature), signature[8:]
	if time == 0 {
		return 0, refuse(TimeZero)
	}
	if time > math.MaxInt64 || !k.isCosigned(c, time, signature) {
		return 0, refuse(BadSignature)
	}
	return int64(time), nil
}

func (k noteKey) isCosigned(c checkpoint, time uint64, signature []byte) bool {
	if k.signatureType == typeCosignature {
		message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, c.body())
		return len(signature) == ed25519.SignatureSize && ed25519.Verify(k.public, []byte(message), signature)
	}
	public, err := mldsa.NewPublicKey(mldsa.MLDSA44(), k.public)
	if err != nil {
		return false
	}
	return mldsa.Verify(public, subtreeMessage(k.name, c, time), signature, nil) == nil
}

// subtreeMessage is the cosigned_message of C2SP tlog-cosignature for a whole tree.
func subtreeMessage(cosigner string, c checkpoint, time uint64) []byte {
	m := []byte("subtree/v1\n\x00")
	m = append(append(m, byte(len(cosigner))), cosigner...)
	m = binary.BigEndian.AppendUint64(m, time)
	m = append(append(m, byte(len(c.origin))), c.origin...)
	m = binary.BigEndian.AppendUint64(m, 0)
	m = binary.BigEndian.AppendUint64(m, c.size)
	return append(m, c.root[:]...)
}
