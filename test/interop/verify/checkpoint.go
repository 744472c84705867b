package verify

import (
	"encoding/base64"
	"strconv"
)

// maxLines bounds the signatures that one proof makes a verifier look at.
const maxLines = 64

// checkpoint is the signed statement: an origin, a size and a root.
type checkpoint struct {
	origin string
	size   uint64
	root   hash
}

// body is the note text that the log and the Ed25519 cosigners sign.
func (c checkpoint) body() string {
	return c.origin + "\n" + strconv.FormatUint(c.size, 10) + "\n" + base64.StdEncoding.EncodeToString(c.root[:]) + "\n"
}

// signatureLine is one line of the note: the content holds key ID and signature.
type signatureLine struct {
	name    string
	content []byte
}

func (l signatureLine) id() lineID { return lineID{l.name, [4]byte(l.content)} }

// isLine tells whether it could stand in a signed note; a name with a line break in it would
// be another line in the text form.
func (l signatureLine) isLine() bool { return isKeyName(l.name) && len(l.content) > 4 }

// checkCheckpoint is step 1 of the protocol, §3. It returns the times of the policy's cosigners.
func checkCheckpoint(p *policy, c checkpoint, lines []signatureLine) (map[lineID]int64, error) {
	if c.origin != p.origin {
		return nil, refuse(Origin)
	}
	times := map[lineID]int64{}
	seen := map[lineID]bool{}
	logged := false
	for _, line := range lines {
		key, known := p.keys[line.id()]
		if !known {
			continue
		}
		if seen[key.lineID] {
			return nil, refuse(DuplicateLine)
		}
		seen[key.lineID] = true
		if key.signatureType == typeLog {
			if err := key.verifyLog(c, line.content[4:]); err != nil {
				return nil, err
			}
			logged = true
			continue
		}
		time, err := key.verifyCosignature(c, line.content[4:])
		if err != nil {
			return nil, err
		}
		times[key.lineID] = time
	}
	if !logged {
		return nil, refuse(LogLine)
	}
	return times, nil
}
