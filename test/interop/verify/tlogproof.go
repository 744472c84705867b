package verify

import (
	"bytes"
	"strings"
)

const (
	tlogProofHeader = "c2sp.org/tlog-proof@v1"
	tlogProofPrefix = "c2sp.org/"
	// A Proof of the largest size in base64 and 64 lines of ML-DSA signatures.
	maxTextBytes = maxProofBytes*4/3 + 1<<18
	maxPath      = 64
)

// textProof is a C2SP tlog-proof as the protocol, §3, uses it: the Proof stands in the extra
// line, and the note carries the signatures.
type textProof struct {
	extra      []byte
	index      uint64
	path       []hash
	checkpoint checkpoint
	lines      []signatureLine
}

func isTextProof(b []byte) bool { return bytes.HasPrefix(b, []byte(tlogProofPrefix)) }

func parseTextProof(b []byte) (textProof, error) {
	var t textProof
	head, note, found := strings.Cut(string(b), "\n\n")
	if len(b) > maxTextBytes || !isNoteText(string(b)) || !found || !t.parseHead(strings.Split(head, "\n")) {
		return t, refuse(Malformed)
	}
	return t, t.parseNote(note)
}

func (t *textProof) parseHead(lines []string) bool {
	if len(lines) < 3 || len(lines) > 3+maxPath || lines[0] != tlogProofHeader {
		return false
	}
	extra, isExtra := strings.CutPrefix(lines[1], "extra ")
	index, isIndex := strings.CutPrefix(lines[2], "index ")
	if !isExtra || !isIndex {
		return false
	}
	var ok bool
	if t.extra, ok = decodeBase64(extra); !ok {
		return false
	}
	if t.index, ok = parseDecimal(index); !ok {
		return false
	}
	for _, line := range lines[3:] {
		h, ok := parseHash(line)
		if !ok {
			return false
		}
		t.path = append(t.path, h)
	}
	return true
}

// parseNote reads the checkpoint: three lines of body, an empty line, the signatures. Extension
// lines are refused: ML-DSA cosignatures do not sign them, so anybody could write them.
func (t *textProof) parseNote(note string) error {
	lines := strings.Split(note, "\n")
	if len(lines) < 6 || lines[len(lines)-1] != "" {
		return refuse(Malformed)
	}
	size, isSize := parseDecimal(lines[1])
	root, isRoot := parseHash(lines[2])
	if lines[0] == "" || !isSize || !isRoot {
		return refuse(Malformed)
	}
	if lines[3] != "" {
		return refuse(ExtensionLine)
	}
	t.checkpoint = checkpoint{lines[0], size, root}
	signatures := lines[4 : len(lines)-1]
	if len(signatures) > maxLines {
		return refuse(TooManyLines)
	}
	for _, line := range signatures {
		signature, ok := parseSignatureLine(line)
		if !ok {
			return refuse(Malformed)
		}
		t.lines = append(t.lines, signature)
	}
	return nil
}

func parseSignatureLine(line string) (signatureLine, bool) {
	rest, isSignature := strings.CutPrefix(line, "— ")
	name, encoded, isPair := strings.Cut(rest, " ")
	content, isBase64 := decodeBase64(encoded)
	s := signatureLine{name, content}
	return s, isSignature && isPair && isBase64 && s.isLine()
}

func parseHash(s string) (hash, bool) {
	b, ok := decodeBase64(s)
	if !ok || len(b) != len(hash{}) {
		return hash{}, false
	}
	return hash(b), true
}

// checkTextPath holds the text's index and path against the subject, so that a reader of the
// plain C2SP format sees the same entry.
func (t *textProof) checkTextPath(subject rawEntry) error {
	root, ok := pathRoot(t.checkpoint.size, t.index, entryLeaf(subject.bytes), t.path)
	if !ok || t.index != subject.index || root != t.checkpoint.root {
		return refuse(TextPath)
	}
	return nil
}
