package verify

import (
	"encoding/binary"
	"unicode/utf8"
)

// Limits of the deterministic CBOR of the protocol, §1.
const (
	maxInteger   = 1<<53 - 1 // what a JavaScript number holds exactly
	maxCborDepth = 8
	// No proof or entry has more items; without a limit a megabyte of one-byte items takes
	// a hundred megabytes of memory.
	maxCborItems = 1 << 16
)

type cborKind uint8

const (
	cborInteger cborKind = iota
	cborBytes
	cborText
	cborArray
	cborMap
	cborBool
	cborNull
)

// cborValue is one decoded item. Only the fields of its kind are set.
type cborValue struct {
	kind    cborKind
	integer int64
	bytes   []byte
	text    string
	items   []cborValue // of an array, or the values of a map
	keys    []uint64    // of a map, ascending
	size    int         // encoded length
}

// decodeCbor reads exactly one item that fills b. Anything but the one encoding that the
// protocol, §1, allows is refused: a second encoding would be a second hash of the same thing.
func decodeCbor(b []byte) (cborValue, error) {
	d := cborDecoder{rest: b, budget: maxCborItems}
	v, ok := d.value(1)
	if !ok || len(d.rest) != 0 {
		return cborValue{}, refuse(Malformed)
	}
	return v, nil
}

type cborDecoder struct {
	rest   []byte
	budget int
}

func (d *cborDecoder) value(depth int) (cborValue, bool) {
	d.budget--
	if d.budget < 0 || depth > maxCborDepth+1 {
		return cborValue{}, false
	}
	before := len(d.rest)
	major, argument, ok := d.head()
	if !ok {
		return cborValue{}, false
	}
	v, ok := d.body(major, argument, depth)
	v.size = before - len(d.rest)
	return v, ok
}

func (d *cborDecoder) body(major byte, argument uint64, depth int) (cborValue, bool) {
	switch major {
	case 0:
		return cborValue{kind: cborInteger, integer: int64(argument)}, argument <= maxInteger
	case 1:
		// The value is -1 - argument, so its magnitude is one more than the argument.
		return cborValue{kind: cborInteger, integer: -1 - int64(argument)}, argument < maxInteger
	case 2:
		b, ok := d.take(argument)
		return cborValue{kind: cborBytes, bytes: b}, ok
	case 3:
		b, ok := d.take(argument)
		return cborValue{kind: cborText, text: string(b)}, ok && utf8.Valid(b)
	case 4:
		return d.array(argument, depth)
	case 5:
		return d.pairs(argument, depth)
	case 7:
		return simple(argument)
	default: // 6: tags
		return cborValue{}, false
	}
}

// head reads the initial byte and its argument in the shortest form.
func (d *cborDecoder) head() (major byte, argument uint64, ok bool) {
	first, ok := d.take(1)
	if !ok {
		return 0, 0, false
	}
	major, info := first[0]>>5, first[0]&31
	if info < 24 {
		return major, uint64(info), true
	}
	// 28 to 30 are reserved, 31 is an indefinite length; in major type 7 the longer forms are
	// other simple values and floats.
	if info > 27 || major == 7 {
		return 0, 0, false
	}
	width := 1 << (info - 24)
	b, ok := d.take(uint64(width))
	if !ok {
		return 0, 0, false
	}
	var padded [8]byte
	copy(padded[8-width:], b)
	argument = binary.BigEndian.Uint64(padded[:])
	smallest := [...]uint64{24, 1 << 8, 1 << 16, 1 << 32}[info-24]
	return major, argument, argument >= smallest
}

func (d *cborDecoder) take(n uint64) ([]byte, bool) {
	if n > uint64(len(d.rest)) {
		return nil, false
	}
	b := d.rest[:n:n]
	d.rest = d.rest[n:]
	return b, true
}

func (d *cborDecoder) array(n uint64, depth int) (cborValue, bool) {
	v := cborValue{kind: cborArray}
	if depth > maxCborDepth || n > uint64(len(d.rest)) {
		return v, false
	}
	for range n {
		item, ok := d.value(depth + 1)
		if !ok {
			return v, false
		}
		v.items = append(v.items, item)
	}
	return v, true
}

// pairs reads a map: unsigned keys, ascending, and no null (an absent key is omitted).
func (d *cborDecoder) pairs(n uint64, depth int) (cborValue, bool) {
	v := cborValue{kind: cborMap}
	if depth > maxCborDepth || n > uint64(len(d.rest)) {
		return v, false
	}
	for i := range n {
		major, key, ok := d.head()
		if !ok || major != 0 || key > maxInteger || (i > 0 && key <= v.keys[i-1]) {
			return v, false
		}
		item, ok := d.value(depth + 1)
		if !ok || item.kind == cborNull {
			return v, false
		}
		v.keys = append(v.keys, key)
		v.items = append(v.items, item)
	}
	return v, true
}

func simple(argument uint64) (cborValue, bool) {
	switch argument {
	case 20, 21:
		return cborValue{kind: cborBool, integer: int64(argument - 20)}, true
	case 22:
		return cborValue{kind: cborNull}, true
	default:
		return cborValue{}, false
	}
}

// array returns the items of an array.
func (v cborValue) array() ([]cborValue, bool) { return v.items, v.kind == cborArray }

// tuple returns the items of an array of exactly n places.
func (v cborValue) tuple(n int) ([]cborValue, bool) {
	return v.items, v.kind == cborArray && len(v.items) == n
}

func (v cborValue) unsigned() (uint64, bool) {
	return uint64(v.integer), v.kind == cborInteger && v.integer >= 0
}

func (v cborValue) signed() (int64, bool) { return v.integer, v.kind == cborInteger }

func (v cborValue) byteString() ([]byte, bool) { return v.bytes, v.kind == cborBytes }

func (v cborValue) hash() (hash, bool) {
	if v.kind != cborBytes || len(v.bytes) != len(hash{}) {
		return hash{}, false
	}
	return hash(v.bytes), true
}

func (v cborValue) isNull() bool { return v.kind == cborNull }

// at returns the value under a map key, or false where the key is absent.
func (v cborValue) at(key uint64) (cborValue, bool) {
	for i, k := range v.keys {
		if k == key {
			return v.items[i], true
		}
	}
	return cborValue{}, false
}
