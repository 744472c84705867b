package verify

import (
	"bytes"
	"encoding/asn1"
)

// Tags of one byte, class and constructed bit included.
const (
	tagBoolean     = 0x01
	tagInteger     = 0x02
	tagBitString   = 0x03
	tagOctetString = 0x04
	tagNull        = 0x05
	tagOID         = 0x06
	tagUTCTime     = 0x17
	tagGeneralTime = 0x18
	tagSequence    = 0x30
	tagSet         = 0x31

	classMask      = 0xc0
	constructedBit = 0x20
	maxDerDepth    = 32
	maxDerLength   = 1 << 24
)

// derElement is one tag, length and value; whole is all three.
type derElement struct {
	tag     byte
	content []byte
	whole   []byte
}

// readDer reads the first element of b in the one encoding that X.690 §10 allows.
func readDer(b []byte) (e derElement, rest []byte, ok bool) {
	if len(b) < 2 || b[0]&0x1f == 0x1f { // X.509 has no tag above 30
		return e, nil, false
	}
	header, length := 2, int(b[1])
	if length >= 0x80 {
		n := length & 0x7f
		if n == 0 || n > 3 || len(b) < 2+n {
			return e, nil, false
		}
		length = 0
		for _, d := range b[2 : 2+n] {
			length = length<<8 | int(d)
		}
		if length < 0x80 || length < 1<<(8*(n-1)) {
			return e, nil, false
		}
		header += n
	}
	if length > len(b)-header {
		return e, nil, false
	}
	end := header + length
	return derElement{b[0], b[header:end:end], b[:end:end]}, b[end:], true
}

// derChildren splits a content and checks all of it, down to the primitive values.
func derChildren(content []byte) ([]derElement, bool) { return derChildrenAt(content, 0) }

func derChildrenAt(content []byte, depth int) ([]derElement, bool) {
	var children []derElement
	for rest := content; len(rest) > 0; {
		var child derElement
		var ok bool
		if child, rest, ok = readDer(rest); !ok || depth > maxDerDepth || !child.isStrict(depth) {
			return nil, false
		}
		children = append(children, child)
	}
	return children, true
}

// derSequence reads exactly one SEQUENCE and returns its children.
func derSequence(b []byte) ([]derElement, bool) {
	e, rest, ok := readDer(b)
	if !ok || len(rest) != 0 || e.tag != tagSequence {
		return nil, false
	}
	return derChildren(e.content)
}

func (e derElement) isStrict(depth int) bool {
	if e.tag&constructedBit != 0 {
		children, ok := derChildrenAt(e.content, depth+1)
		if !ok || e.tag == tagSet && !isSorted(children) {
			return false
		}
		// A universal constructed type other than these two is a string in pieces.
		return e.tag&classMask != 0 || e.tag == tagSequence || e.tag == tagSet
	}
	switch e.tag {
	case tagBoolean:
		return len(e.content) == 1 && (e.content[0] == 0 || e.content[0] == 0xff)
	case tagInteger:
		return isMinimalInteger(e.content)
	case tagBitString:
		return isBitString(e.content)
	case tagNull:
		return len(e.content) == 0
	case tagOID:
		return isOID(e.content)
	default:
		// 0 ends an indefinite length; SEQUENCE and SET are never primitive.
		return e.tag != 0 && e.tag != 0x10 && e.tag != 0x11
	}
}

func isSorted(set []derElement) bool {
	for i := 1; i < len(set); i++ {
		if bytes.Compare(set[i-1].whole, set[i].whole) > 0 {
			return false
		}
	}
	return true
}

func isMinimalInteger(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	return len(b) == 1 || !(b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80)
}

func isBitString(b []byte) bool {
	if len(b) == 0 || b[0] > 7 || (len(b) == 1 && b[0] != 0) {
		return false
	}
	return b[len(b)-1]&(1<<b[0]-1) == 0 || len(b) == 1
}

// isOID checks that every arc is complete and without leading zero digits.
func isOID(b []byte) bool {
	start := true
	for _, digit := range b {
		if start && digit == 0x80 {
			return false
		}
		start = digit < 0x80
	}
	return len(b) > 0 && start
}

// isTrue reads a BOOLEAN that isStrict has seen.
func (e derElement) isTrue() bool { return e.content[0] == 0xff }

// oidContent is the content of an OBJECT IDENTIFIER.
func oidContent(arcs ...int) string {
	whole, err := asn1.Marshal(asn1.ObjectIdentifier(arcs))
	if err != nil {
		panic(err) // only ever called with the constants of this package
	}
	return string(whole[2:])
}
