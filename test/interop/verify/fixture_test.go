package verify

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"filippo.io/mldsa"
)

const (
	testOrigin = "log.example/test"
	testTime   = int64(1_800_000_000)
)

// encode writes the deterministic CBOR of integers, byte and text strings, lists, maps, nil and bools.
func encode(v any) []byte {
	switch v := v.(type) {
	case nil:
		return []byte{0xf6}
	case bool:
		return []byte{map[bool]byte{false: 0xf4, true: 0xf5}[v]}
	case int:
		if v < 0 {
			return encodeHead(1, uint64(-1-v))
		}
		return encodeHead(0, uint64(v))
	case uint64:
		return encodeHead(0, v)
	case int64:
		return encode(int(v))
	case hash:
		return encode(v[:])
	case []byte:
		return append(encodeHead(2, uint64(len(v))), v...)
	case string:
		return append(encodeHead(3, uint64(len(v))), v...)
	case []any:
		b := encodeHead(4, uint64(len(v)))
		for _, item := range v {
			b = append(b, encode(item)...)
		}
		return b
	case fields:
		b := encodeHead(5, uint64(len(v)))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			b = append(append(b, encode(key)...), encode(v[key])...)
		}
		return b
	default:
		panic(fmt.Sprintf("cannot encode %T", v))
	}
}

type fields map[int]any

func encodeHead(major byte, n uint64) []byte {
	switch {
	case n < 24:
		return []byte{major<<5 | byte(n)}
	case n < 1<<8:
		return []byte{major<<5 | 24, byte(n)}
	case n < 1<<16:
		return binary.BigEndian.AppendUint16([]byte{major<<5 | 25}, uint16(n))
	case n < 1<<32:
		return binary.BigEndian.AppendUint32([]byte{major<<5 | 26}, uint32(n))
	default:
		return binary.BigEndian.AppendUint64([]byte{major<<5 | 27}, n)
	}
}

// ledger is a log in the making.
type ledger struct {
	entries      [][]byte
	supersededBy map[uint64]uint64
	blocks       []uint64
	times        []int64
}

func named(name string) hash { return sha256.Sum256([]byte(name)) }

func (l *ledger) add(entry []any) uint64 {
	l.entries = append(l.entries, encode(entry))
	return uint64(len(l.entries) - 1)
}

func (l *ledger) record(kind int, name string, parent any, payload fields) uint64 {
	parents := []any{}
	if parent != nil {
		parents = append(parents, named(parent.(string)))
	}
	return l.add([]any{kind, 1, named(name), 1, nil, nil, 1, parents, payload})
}

// block ends a block at a time with the status of all entries before it.
func (l *ledger) block(time int64) uint64 {
	index := uint64(len(l.entries))
	var previous any
	first := uint64(0)
	if n := len(l.blocks); n > 0 {
		previous, first = l.blocks[n-1], l.blocks[n-1]+1
	}
	words := l.words(index)
	root := rootOf(0, uint64(len(words)), func(i uint64) hash { return statusLeaf(words[i]) })
	height := len(l.blocks)
	l.blocks = append(l.blocks, index)
	l.times = append(l.times, time)
	return l.add([]any{0, 1, 1, height, time, first, previous, root, named("signers"), named("signers")})
}

func (l *ledger) words(block uint64) []hash {
	words := make([]hash, (block+255)/256)
	for old, by := range l.supersededBy {
		if by < block {
			words[old>>8][old>>3&31] |= 1 << (old & 7)
		}
	}
	return words
}

func rootOf(lo, hi uint64, leafAt func(uint64) hash) hash {
	if hi-lo == 1 {
		return leafAt(lo)
	}
	middle := lo + split(hi-lo)
	return innerNode(rootOf(lo, middle, leafAt), rootOf(middle, hi, leafAt))
}

func multiproofOf(lo, hi uint64, wanted []uint64, leafAt func(uint64) hash) []byte {
	isInside := func(i uint64) bool { return lo <= i && i < hi }
	if !slices.ContainsFunc(wanted, isInside) {
		root := rootOf(lo, hi, leafAt)
		return root[:]
	}
	if hi-lo == 1 {
		return nil
	}
	middle := lo + split(hi-lo)
	return append(multiproofOf(lo, middle, wanted, leafAt), multiproofOf(middle, hi, wanted, leafAt)...)
}

// shown is what a builder puts into a Proof.
type shown struct {
	version int
	indexes []uint64 // ascending, block entry last
	status  uint64   // index of the block entry whose status is shown
	times   []int64  // one for each cosigner, 0 for none
}

func (l *ledger) proof(s shown, cosigners ...cosigner) []byte {
	size := uint64(len(l.entries))
	leafAt := func(i uint64) hash { return entryLeaf(l.entries[i]) }
	c := checkpoint{testOrigin, size, rootOf(0, size, leafAt)}
	entries, wordIndexes := []any{}, []uint64{}
	for _, i := range s.indexes {
		entries = append(entries, []any{i, l.entries[i]})
		if !slices.Contains(l.blocks, i) && !slices.Contains(wordIndexes, i>>8) {
			wordIndexes = append(wordIndexes, i>>8)
		}
	}
	words, held := []any{}, l.words(s.status)
	for _, w := range wordIndexes {
		if w < uint64(len(held)) {
			words = append(words, []any{w, held[w]})
		}
	}
	statusHashes := multiproofOf(0, uint64(len(held)), wordIndexes, func(i uint64) hash { return statusLeaf(held[i]) })
	lines := []any{[]any{testOrigin, testLog.sign(c)}}
	for i, cosigner := range cosigners {
		if s.times[i] != 0 {
			lines = append(lines, []any{cosigner.name, cosigner.cosign(c, uint64(s.times[i]))})
		}
	}
	logHashes := multiproofOf(0, size, s.indexes, leafAt)
	return encode([]any{s.version, testOrigin, size, c.root, lines, entries, append([]byte{}, logHashes...), words,
		append([]byte{}, statusHashes...)})
}

// cosigner is a key with the means to sign, of either type.
type cosigner struct {
	noteKey
	ed    ed25519.PrivateKey
	mldsa *mldsa.PrivateKey
}

var testLog = newCosigner(testOrigin, typeLog, "log")

func newCosigner(name string, signatureType byte, seed string) cosigner {
	s := named(seed)
	c := cosigner{}
	var public []byte
	if signatureType == typeMldsa {
		c.mldsa, _ = mldsa.NewPrivateKey(mldsa.MLDSA44(), s[:])
		public = c.mldsa.PublicKey().Bytes()
	} else {
		c.ed = ed25519.NewKeyFromSeed(s[:])
		public = c.ed.Public().(ed25519.PublicKey)
	}
	c.noteKey = noteKey{lineID{name, keyID(name, signatureType, public)}, signatureType, public}
	return c
}

func keyID(name string, signatureType byte, public []byte) [4]byte {
	sum := sha256.Sum256(slices.Concat([]byte(name+"\n"), []byte{signatureType}, public))
	return [4]byte(sum[:4])
}

func (k noteKey) vkey() string {
	encoded := base64.StdEncoding.EncodeToString(append([]byte{k.signatureType}, k.public...))
	return k.name + "+" + hex.EncodeToString(k.id[:]) + "+" + encoded
}

func (c cosigner) sign(cp checkpoint) []byte {
	return append(c.id[:], ed25519.Sign(c.ed, []byte(cp.body()))...)
}

func (c cosigner) cosign(cp checkpoint, time uint64) []byte {
	content := binary.BigEndian.AppendUint64(c.id[:], time)
	if c.mldsa != nil {
		signature, err := c.mldsa.Sign(nil, subtreeMessage(c.name, cp, time), nil)
		if err != nil {
			panic(err)
		}
		return append(content, signature...)
	}
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, cp.body())
	return append(content, ed25519.Sign(c.ed, []byte(message))...)
}

// policyOf writes a policy in which k of the cosigners are a quorum.
func policyOf(k int, cosigners ...cosigner) string {
	var b strings.Builder
	fmt.Fprintf(&b, "log %s\n", testLog.vkey())
	names := ""
	for i, c := range cosigners {
		fmt.Fprintf(&b, "witness W%d %s\n", i, c.vkey())
		names += fmt.Sprintf(" W%d", i)
	}
	fmt.Fprintf(&b, "group q %d%s\nquorum q\n", k, names)
	return b.String()
}

// der writes one element.
func der(tag byte, parts ...[]byte) []byte {
	content := bytes.Join(parts, nil)
	switch n := len(content); {
	case n < 0x80:
		return append([]byte{tag, byte(n)}, content...)
	case n < 0x100:
		return append([]byte{tag, 0x81, byte(n)}, content...)
	default:
		return append([]byte{tag, 0x82, byte(n >> 8), byte(n)}, content...)
	}
}

// certificateParts are the fields of a certificate that a test may change before encoding.
type certificateParts struct {
	version, serial, algorithm, name, notBefore, notAfter, key []byte
	extensions                                                 [][]byte
	outer                                                      []byte
}

func newParts() certificateParts {
	algorithm := der(tagSequence, der(tagOID, []byte{0x2b, 0x65, 0x70}))
	commonName := der(tagSequence, der(tagOID, []byte{0x55, 4, 3}), der(0x0c, []byte("device")))
	return certificateParts{
		version:   der(0xa0, der(tagInteger, []byte{2})),
		serial:    der(tagInteger, []byte{7}),
		algorithm: algorithm,
		name:      der(tagSequence, der(tagSet, commonName)),
		notBefore: der(tagUTCTime, []byte("200101000000Z")),
		notAfter:  der(tagGeneralTime, []byte("99991231235959Z")),
		key:       der(tagSequence, algorithm, der(tagBitString, make([]byte, 33))),
		outer:     algorithm,
	}
}

func (p certificateParts) encode() []byte {
	tbs := [][]byte{p.version, p.serial, p.algorithm, p.name, der(tagSequence, p.notBefore, p.notAfter), p.name, p.key}
	if p.extensions != nil {
		tbs = append(tbs, der(0xa3, der(tagSequence, p.extensions...)))
	}
	return der(tagSequence, der(tagSequence, tbs...), p.outer, der(tagBitString, make([]byte, 65)))
}

func extensionOf(oid string, critical []byte, value []byte) []byte {
	return der(tagSequence, der(tagOID, []byte(oid)), critical, der(tagOctetString, value))
}

// rowOf is the ledger's row for a certificate.
func rowOf(b []byte, issuer, since any) []any {
	c, err := parseCertificate(b)
	if err != nil {
		panic(err)
	}
	return []any{c.der, c.tbs, c.spki, nil, c.notBefore, c.notAfter, issuer, since, 1, 1}
}
