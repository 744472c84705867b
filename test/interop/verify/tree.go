package verify

import (
	"crypto/sha256"
	"math/bits"
)

type hash [sha256.Size]byte

// entryLeaf is the leaf hash of RFC 6962 §2.1 over the exact bytes of an entry.
func entryLeaf(entry []byte) hash { return prefixedHash([]byte{0x00}, entry) }

// statusLeaf has a second byte of its own, so that no log entry doubles as a status word.
func statusLeaf(word hash) hash { return prefixedHash([]byte{0x00, 0x53}, word[:]) }

func innerNode(left, right hash) hash {
	return prefixedHash([]byte{0x01}, append(left[:], right[:]...))
}

func prefixedHash(prefix, content []byte) hash {
	h := sha256.New()
	h.Write(prefix)
	h.Write(content)
	return hash(h.Sum(nil))
}

// leaf is a wanted leaf of a multiproof.
type leaf struct {
	index uint64
	hash  hash
}

// multiproofRoot computes the root over size leaves from the wanted ones, ascending, and the
// hashes of the protocol, §3. Every hash has to be used: a spare one would make two proofs of one.
func multiproofRoot(size uint64, wanted []leaf, hashes []hash) (hash, bool) {
	if len(wanted) == 0 || wanted[len(wanted)-1].index >= size {
		return hash{}, false
	}
	m := multiproof{hashes: hashes}
	root, ok := m.node(0, size, wanted)
	return root, ok && len(m.hashes) == 0
}

type multiproof struct{ hashes []hash }

func (m *multiproof) node(lo, hi uint64, wanted []leaf) (hash, bool) {
	if len(wanted) == 0 {
		if len(m.hashes) == 0 {
			return hash{}, false
		}
		next := m.hashes[0]
		m.hashes = m.hashes[1:]
		return next, true
	}
	if hi-lo == 1 {
		return wanted[0].hash, len(wanted) == 1
	}
	middle := lo + split(hi-lo)
	cut := 0
	for cut < len(wanted) && wanted[cut].index < middle {
		cut++
	}
	left, ok := m.node(lo, middle, wanted[:cut])
	if !ok {
		return hash{}, false
	}
	right, ok := m.node(middle, hi, wanted[cut:])
	return innerNode(left, right), ok
}

// split is the largest power of two below n, n >= 2 (RFC 6962 §2.1).
func split(n uint64) uint64 { return 1 << (bits.Len64(n-1) - 1) }

// pathRoot computes the root from one leaf and its inclusion path (RFC 6962 §2.1.1), from the
// leaf's sibling upwards, and tells whether the path has exactly the length it needs.
func pathRoot(size, index uint64, at hash, path []hash) (hash, bool) {
	if index >= size {
		return hash{}, false
	}
	if size == 1 {
		return at, len(path) == 0
	}
	if len(path) == 0 {
		return hash{}, false
	}
	below, last := path[:len(path)-1], path[len(path)-1]
	k := split(size)
	if index < k {
		left, ok := pathRoot(k, index, at, below)
		return innerNode(left, last), ok
	}
	right, ok := pathRoot(size-k, index-k, at, below)
	return innerNode(last, right), ok
}
