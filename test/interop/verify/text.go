package verify

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// decodeBase64 accepts only the one encoding of the bytes. The library's decoder skips line
// breaks and, unless strict, ignores the unused bits: both would let a text be changed.
func decodeBase64(s string) ([]byte, bool) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || base64.StdEncoding.EncodeToString(b) != s {
		return nil, false
	}
	return b, true
}

// parseDecimal accepts ASCII digits without sign or leading zero, up to the protocol's largest integer.
func parseDecimal(s string) (uint64, bool) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n > maxInteger || strconv.FormatUint(n, 10) != s {
		return 0, false
	}
	return n, true
}

// isKeyName tells whether a name may stand in a signature line of a C2SP signed note.
func isKeyName(s string) bool {
	if s == "" || !isNoteText(s) {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r == '+' || r == '\n' || unicode.IsSpace(r) })
}

// isNoteText tells whether text may stand in a signed note: UTF-8, no control but the newline.
func isNoteText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 && r != '\n' })
}

// isOrigin applies the protocol, §5. A longer origin leaves no room for "/m/" and a member's
// name in the one length byte of an ML-DSA cosignature.
func isOrigin(s string) bool {
	if s == "" || len(s) > 190 {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '+' })
}
