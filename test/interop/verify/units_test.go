package verify

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestReadsOnlyDeterministicCbor(t *testing.T) {
	good := []string{"00", "17", "1818", "190100", "1a00010000", "1b0000000100000000", "1b001fffffffffffff",
		"3b001ffffffffffffe", "20", "40", "60", "80", "a0", "f4", "f5", "f6", "62c3a4", "a200010100", "8181818181818180",
		"818181818181818100"}
	bad := []string{"", "1817", "1900ff", "1a0000ffff", "1b00000000ffffffff", "1b0020000000000000", "3b001fffffffffffff",
		"1c", "1f", "5f00ff", "9fff", "bfff", "c000", "f7", "f0", "f814", "f820", "f90000", "fa00000000", "ff", "61ff",
		"63eda080", "6180", "41", "a1", "a100", "a100f6", "a201000000", "a200000000", "a16000", "a12000", "0000",
		"9b0000000000000001", "9bffffffffffffffff", "818181818181818180" + "80", "8181818181818181" + "80"}
	for _, s := range good {
		if _, err := decodeCbor(unhex(t, s)); err != nil {
			t.Errorf("refuses %s", s)
		}
	}
	for _, s := range bad {
		if _, err := decodeCbor(unhex(t, s)); err == nil {
			t.Errorf("accepts %s", s)
		}
	}
}

func TestRefusesKeysWithTorsion(t *testing.T) {
	if !isEd25519Key(edWitness.public) {
		t.Error("refuses an honest key")
	}
	for name, s := range map[string]string{
		"neutral element":           "0100000000000000000000000000000000000000000000000000000000000000",
		"order 2":                   "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"order 4":                   "0000000000000000000000000000000000000000000000000000000000000000",
		"order 8":                   "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"y = 1 not reduced":         "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"x = 0 with a sign":         "0100000000000000000000000000000000000000000000000000000000000080",
		"base point plus order two": "95999999999999999999999999999999999999999999999999999999999999" + "19",
		"31 bytes":                  "58666666666666666666666666666666666666666666666666666666666666",
	} {
		if isEd25519Key(unhex(t, s)) {
			t.Errorf("accepts %s", name)
		}
	}
}

func TestReadsPolicies(t *testing.T) {
	w := func(n int) string {
		return fmt.Sprintf("witness W%d %s\n", n, newCosigner(fmt.Sprintf("w%d", n), typeCosignature, fmt.Sprint("w", n)).vkey())
	}
	log := "log " + testLog.vkey() + "\n"
	four := log + w(0) + w(1) + w(2) + w(3)
	renewed := "witness N0 " + newCosigner("w0", typeMldsa, "n0").vkey() + "\n"
	for name, test := range map[string]struct{ text, want string }{
		"three of four":           {four + "group q 3 W0 W1 W2 W3\nquorum q\n", "strong"},
		"all":                     {four + "group q all W0 W1 W2 W3\nquorum q\n", "strong"},
		"two of four":             {four + "group q 2 W0 W1 W2 W3\nquorum q\n", "weak"},
		"one witness of one":      {log + w(0) + "quorum W0\n", "strong"},
		"one witness of two":      {log + w(0) + w(1) + "quorum W0\n", "weak"},
		"comments, tabs, URLs":    {"\t # c\n\n" + log[:len(log)-1] + "\thttp://x\n" + w(0) + " quorum \t W0 \n", "strong"},
		"old and new key in any":  {four + renewed + "group o any W0 N0\ngroup q 3 o W1 W2 W3\nquorum q\n", "strong"},
		"old and new key apart":   {four + renewed + "group q 3 W0 N0 W1 W2 W3\nquorum q\n", "invalid"},
		"new key in no group":     {four + renewed + "group q 3 W0 W1 W2 W3\nquorum q\n", "invalid"},
		"old and new both needed": {four + renewed + "group o all W0 N0\ngroup q 3 o W1 W2 W3\nquorum q\n", "invalid"},
		"quorum none":             {four + "quorum none\n", "invalid"},
		"no quorum":               {four, "invalid"},
		"two quorums":             {log + w(0) + "quorum W0\nquorum W0\n", "invalid"},
		"no log":                  {w(0) + "quorum W0\n", "invalid"},
		"log twice":               {log + log + w(0) + "quorum W0\n", "invalid"},
		"witness twice":           {log + w(0) + w(0) + "quorum W0\n", "invalid"},
		"group 0":                 {four + "group q 0 W0 W1\nquorum q\n", "invalid"},
		"group too many":          {four + "group q 3 W0 W1\nquorum q\n", "invalid"},
		"group of 03":             {four + "group q 03 W0 W1 W2 W3\nquorum q\n", "invalid"},
		"empty group":             {four + "group q any\nquorum q\n", "invalid"},
		"member twice":            {four + "group q 3 W0 W0 W1 W2\nquorum q\n", "invalid"},
		"member of two groups":    {four + "group a any W0 W1\ngroup q 3 a W0 W2 W3\nquorum q\n", "invalid"},
		"group of itself":         {four + "group q any q\nquorum q\n", "invalid"},
		"defined later":           {log + "quorum W0\n" + w(0), "invalid"},
		"name none":               {strings.Replace(four, "W0", "none", 1) + "quorum W1\n", "invalid"},
		"unknown keyword":         {four + "friend W0\nquorum W0\n", "invalid"},
		"carriage return":         {log + w(0) + "quorum W0\r\n", "invalid"},
		"no final newline":        {log + w(0) + "quorum W0", "invalid"},
		"log key as witness": {log + "witness W " +
			newCosigner("w", typeCosignature, "log").vkey() + "\nquorum W\n", "invalid"},
		"log of another name": {log + "log " + newCosigner("x", typeLog, "x").vkey() + "\n" + w(0) + "quorum W0\n", "invalid"},
		"witness of log type": {log + "witness W " + newCosigner("w", typeLog, "x").vkey() + "\nquorum W\n", "invalid"},
		"changed key ID":      {strings.Replace(log, testLog.vkey()[17:19], "zz", 1) + w(0) + "quorum W0\n", "invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := parsePolicy(test.text)
			got := "invalid"
			if err == nil {
				got = map[bool]string{true: "strong", false: "weak"}[p.strong]
			}
			if got != test.want {
				t.Errorf("got %s, expected %s", got, test.want)
			}
		})
	}
}

func TestReadsOnlyOneEncodingOfText(t *testing.T) {
	for _, s := range []string{"AA=", "AA", "AB==", "AA==\n", "A A=", "AA===", "_w=="} {
		if _, ok := decodeBase64(s); ok {
			t.Errorf("accepts %q", s)
		}
	}
	for _, s := range []string{"", "00", "01", "+1", "-1", " 1", "1_0", "9007199254740992"} {
		if _, ok := parseDecimal(s); ok {
			t.Errorf("accepts %q", s)
		}
	}
}

func TestReadsCertificatesOfTheProfile(t *testing.T) {
	critical := der(tagBoolean, []byte{0xff})
	name := der(tagSequence, der(0x82, []byte("a.example")))
	base := newParts().encode()
	for label, test := range map[string]struct {
		change func(*certificateParts)
		want   string
	}{
		"no extension":            {func(*certificateParts) {}, "profile"},
		"critical known":          {with(oidAlternativeName, critical, name), "profile"},
		"critical unknown":        {with("\x2a\x03", critical, nil), "parsed"},
		"unknown":                 {with("\x2a\x03", nil, []byte{0xff}), "profile"},
		"FALSE written out":       {with("\x2a\x03", der(tagBoolean, []byte{0}), nil), "parsed"},
		"TRUE as 1":               {with("\x2a\x03", der(tagBoolean, []byte{1}), nil), "refused"},
		"extension twice":         {func(p *certificateParts) { with("\x2a", nil, nil)(p); with("\x2a", nil, nil)(p) }, "parsed"},
		"empty extensions":        {func(p *certificateParts) { p.extensions = [][]byte{} }, "parsed"},
		"empty names":             {with(oidAlternativeName, nil, der(tagSequence)), "parsed"},
		"short address":           {with(oidAlternativeName, nil, der(tagSequence, der(0x87, []byte{1, 2, 3}))), "parsed"},
		"bytes after names":       {with(oidAlternativeName, nil, append(name[:len(name):len(name)], 0)), "parsed"},
		"version 1":               {func(p *certificateParts) { p.version = nil }, "parsed"},
		"version 2":               {func(p *certificateParts) { p.version = der(0xa0, der(tagInteger, []byte{1})) }, "parsed"},
		"unequal algorithms":      {func(p *certificateParts) { p.outer = der(tagSequence, der(tagOID, []byte{0x2a})) }, "parsed"},
		"padded serial":           {func(p *certificateParts) { p.serial = der(tagInteger, []byte{0, 7}) }, "refused"},
		"set out of order":        {func(p *certificateParts) { p.name = der(0x30, der(0x31, der(0x0c, []byte{2}), der(0x0c, []byte{1}))) }, "refused"},
		"string in pieces":        {func(p *certificateParts) { p.name = der(0x30, der(0x2c, der(0x0c, []byte("a")))) }, "refused"},
		"OID with padding":        {func(p *certificateParts) { p.name = der(0x30, der(tagOID, []byte{0x80, 1})) }, "refused"},
		"time without seconds":    {func(p *certificateParts) { p.notBefore = der(tagUTCTime, []byte("2001010000Z")) }, "refused"},
		"time with offset":        {func(p *certificateParts) { p.notBefore = der(tagUTCTime, []byte("200101000000+0000")) }, "refused"},
		"time with fraction":      {func(p *certificateParts) { p.notAfter = der(tagGeneralTime, []byte("20300101000000.5Z")) }, "refused"},
		"30 February":             {func(p *certificateParts) { p.notBefore = der(tagUTCTime, []byte("200230000000Z")) }, "refused"},
		"unused bits of one kept": {func(p *certificateParts) { p.key = der(0x30, p.algorithm, der(3, []byte{1, 1})) }, "refused"},
	} {
		t.Run(label, func(t *testing.T) {
			p := newParts()
			test.change(&p)
			if got := profileOf(p.encode()); got != test.want {
				t.Errorf("got %s, expected %s", got, test.want)
			}
		})
	}
	for label, b := range map[string][]byte{
		"trailing byte":     append(base[:len(base):len(base)], 0),
		"indefinite length": append(append([]byte{0x30, 0x80}, base[3:]...), 0, 0),
		"long length":       append([]byte{0x30, 0x82, 0, base[2]}, base[3:]...),
		"cut short":         base[:len(base)-1],
		"empty":             nil,
	} {
		if profileOf(b) != "refused" {
			t.Errorf("accepts %s", label)
		}
	}
	if profileOf(append([]byte{0x30, 0x81, base[2]}, base[3:]...)) != "profile" {
		t.Error("the changed lengths above are not the only change")
	}
}

func with(oid string, critical, value []byte) func(*certificateParts) {
	return func(p *certificateParts) { p.extensions = append(p.extensions, extensionOf(oid, critical, value)) }
}

func profileOf(b []byte) string {
	c, err := parseCertificate(b)
	switch {
	case err != nil:
		return "refused"
	case c.isProfile:
		return "profile"
	default:
		return "parsed"
	}
}

func TestHoldsCertificatesAgainstScopes(t *testing.T) {
	dns := func(s string) []any { return []any{2, []byte(s)} }
	ip := func(b ...byte) []any { return []any{7, b} }
	c := &certificate{names: []generalName{{nameDNS, []byte("a.Example.com")}}, usages: [][]byte{{0x2a}}}
	address := &certificate{names: []generalName{{nameIP, []byte{10, 1, 2, 3}}}}
	mail := &certificate{names: []generalName{{1, []byte("a@example.com")}}}
	for name, test := range map[string]struct {
		scope fields
		c     *certificate
		want  bool
	}{
		"unrestricted":            {fields{}, c, true},
		"kind":                    {fields{0: []any{1, 3}}, c, true},
		"other kinds":             {fields{0: []any{2}}, c, false},
		"no kind":                 {fields{0: []any{}}, c, false},
		"below":                   {fields{1: []any{dns("eXample.com")}}, c, true},
		"equal":                   {fields{1: []any{dns("A.example.com")}}, c, true},
		"above":                   {fields{1: []any{dns("b.a.example.com")}}, c, false},
		"no label border":         {fields{1: []any{dns("xample.com")}}, c, false},
		"empty domain":            {fields{1: []any{dns("")}}, c, false},
		"no names allowed":        {fields{1: []any{}}, c, false},
		"no names, none allowed":  {fields{1: []any{}}, &certificate{}, true},
		"of another tag":          {fields{1: []any{[]any{6, []byte("a.Example.com")}}}, c, false},
		"in the network":          {fields{1: []any{ip(10, 1, 9, 9, 255, 255, 0, 0)}}, address, true},
		"outside the network":     {fields{1: []any{ip(10, 2, 0, 0, 255, 255, 0, 0)}}, address, false},
		"address without mask":    {fields{1: []any{ip(10, 1, 2, 3)}}, address, false},
		"mail byte-equal":         {fields{1: []any{[]any{1, []byte("a@example.com")}}}, mail, true},
		"mail of another case":    {fields{1: []any{[]any{1, []byte("A@example.com")}}}, mail, false},
		"mail of the domain":      {fields{1: []any{dns("example.com")}}, mail, false},
		"usage":                   {fields{2: []any{[]byte{0x2b}, []byte{0x2a}}}, c, true},
		"another usage":           {fields{2: []any{[]byte{0x2b}}}, c, false},
		"no usage, any is meant":  {fields{2: []any{[]byte{0x2b}}}, mail, false},
		"unknown key":             {fields{9: []any{}}, c, false},
		"no list":                 {fields{0: 1}, c, false},
		"more than 256 in a list": {fields{0: append(make([]any, 0), manyOnes(257)...)}, c, false},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := decodeCbor(encode(test.scope))
			if err != nil {
				t.Fatal(err)
			}
			if got := isInScope(v, 1, test.c); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func manyOnes(n int) []any {
	var ones []any
	for range n {
		ones = append(ones, 1)
	}
	return ones
}

func TestPathsHaveExactlyTheirLength(t *testing.T) {
	leafAt := func(i uint64) hash { return entryLeaf([]byte{byte(i)}) }
	for size := uint64(1); size <= 20; size++ {
		root := rootOf(0, size, leafAt)
		for index := range size {
			path := pathOf(0, size, index, leafAt)
			if got, ok := pathRoot(size, index, leafAt(index), path); !ok || got != root {
				t.Errorf("refuses the path of %d in %d", index, size)
			}
			if got, ok := pathRoot(size, index, leafAt(index), append(path, hash{})); ok && got == root {
				t.Errorf("accepts a longer path of %d in %d", index, size)
			}
		}
		if !bytes.Equal(multiproofOf(0, size, []uint64{size - 1}, leafAt), joined(pathOf(0, size, size-1, leafAt))) {
			t.Errorf("the right edge's multiproof of %d is not its path", size)
		}
	}
}

func pathOf(lo, hi, index uint64, leafAt func(uint64) hash) []hash {
	if hi-lo == 1 {
		return nil
	}
	middle := lo + split(hi-lo)
	if index < middle {
		return append(pathOf(lo, middle, index, leafAt), rootOf(middle, hi, leafAt))
	}
	return append(pathOf(middle, hi, index, leafAt), rootOf(lo, middle, leafAt))
}

// joined lists a path from the root down, as a multiproof does.
func joined(path []hash) []byte {
	b := []byte{}
	for i := len(path) - 1; i >= 0; i-- {
		b = append(b, path[i][:]...)
	}
	return b
}
