package verify

// Kinds of entries, protocol §1.
const (
	kindBlock     = 0
	kindMember    = 1
	kindAnchor    = 2
	kindSubmitter = 3
	kindIdentity  = 4
	kindVoucher   = 5
	kindNetwork   = 6
)

// States of a record.
const (
	stateActive = 1
	stateEnded  = 3
)

const (
	ruleVersion     = 1
	entryVersion    = 1
	minRecordBytes  = 48
	maxEntryBytes   = 65535 // the length prefix of an entry bundle has 16 bits
	maxPayloadBytes = 16 << 10
	firstGeneration = 1 // the version of a record's first entry
	blockPlaces     = 10
	recordPlaces    = 9
)

// entry is an entry whose first three places are read: they never move, so that a later version
// is recognized before its shape is judged.
type entry struct {
	rawEntry
	kind   uint64
	places []cborValue
}

func readEntry(raw rawEntry) (entry, error) {
	v, err := decodeCbor(raw.bytes)
	if err != nil {
		return entry{}, err
	}
	places, ok := v.array()
	if !ok || len(places) < 3 {
		return entry{}, refuse(Malformed)
	}
	kind, ok := places[0].unsigned()
	if !ok {
		return entry{}, refuse(Malformed)
	}
	return entry{raw, kind, places}, nil
}

func (e entry) checkEntryVersion() error {
	version, ok := e.places[1].unsigned()
	if !ok {
		return refuse(Malformed)
	}
	if version != entryVersion {
		return refuse(UnsupportedEntryVersion)
	}
	return nil
}

// blockEntry ends a block.
type blockEntry struct {
	index      uint64
	height     uint64
	time       int64
	previous   uint64 // index of the block entry before; meaningless at height 0
	statusRoot hash
}

// readBlock decodes a block entry. The rule version is judged first: under rules that this
// verifier does not know, even a well-formed block may mean something else.
func (e entry) readBlock() (blockEntry, error) {
	if err := e.checkEntryVersion(); err != nil {
		return blockEntry{}, err
	}
	rules, ok := e.places[2].unsigned()
	if !ok {
		return blockEntry{}, refuse(Malformed)
	}
	if rules != ruleVersion {
		return blockEntry{}, refuse(UnsupportedRuleVersion)
	}
	b, ok := e.blockShape()
	if !ok {
		return blockEntry{}, refuse(Malformed)
	}
	return b, nil
}

func (e entry) blockShape() (blockEntry, bool) {
	if len(e.places) != blockPlaces {
		return blockEntry{}, false
	}
	height, isHeight := e.places[3].unsigned()
	time, isTime := e.places[4].unsigned()
	first, isFirst := e.places[5].unsigned()
	previous, isPrevious := e.places[6].unsigned()
	statusRoot, isRoot := e.places[7].hash()
	_, isSigners := e.places[8].hash()
	_, isNext := e.places[9].hash()
	if !isHeight || !isTime || !isFirst || !isRoot || !isSigners || !isNext {
		return blockEntry{}, false
	}
	// The genesis block has none before it, every other one has, and its entries lie between.
	isGenesis := height == 0 && e.places[6].isNull()
	isLater := height > 0 && isPrevious && previous < first
	b := blockEntry{e.index, height, int64(time), previous, statusRoot}
	return b, (isGenesis || isLater) && first < e.index
}

// record is one version of a record.
type record struct {
	index   uint64
	kind    uint64
	id      hash
	state   uint64
	parents []hash // authorityIds
	payload cborValue
}

// readRecord decodes the entry of any kind but a block.
func (e entry) readRecord() (record, error) {
	if err := e.checkEntryVersion(); err != nil {
		return record{}, err
	}
	if len(e.places) != recordPlaces || len(e.bytes) < minRecordBytes || !e.isVersionChain() {
		return record{}, refuse(Malformed)
	}
	id, isID := e.places[2].hash()
	state, isState := e.places[6].unsigned()
	parents, isParents := readHashes(e.places[7])
	payload := e.places[8]
	if !isID || !isState || state < stateActive || state > stateEnded || !isParents {
		return record{}, refuse(Malformed)
	}
	if payload.kind != cborMap || payload.size > maxPayloadBytes || !isParentCount(e.kind, len(parents)) {
		return record{}, refuse(Malformed)
	}
	return record{index: e.index, kind: e.kind, id: id, state: state, parents: parents, payload: payload}, nil
}

// isVersionChain checks version, supersedesIndex and firstIndex against each other.
func (e entry) isVersionChain() bool {
	version, isVersion := e.places[3].unsigned()
	before, hasBefore := e.places[4].unsigned()
	first, hasFirst := e.places[5].unsigned()
	if !isVersion || version < firstGeneration {
		return false
	}
	if version == firstGeneration {
		return e.places[4].isNull() && e.places[5].isNull()
	}
	// The second version supersedes the first one; a later one supersedes something between.
	return hasBefore && hasFirst && before < e.index && first <= before && (first == before) == (version == 2)
}

func isParentCount(kind uint64, n int) bool {
	switch kind {
	case kindMember, kindNetwork:
		return n == 0
	case kindAnchor, kindSubmitter, kindIdentity, kindVoucher:
		return n == 1
	default:
		return true
	}
}

func readHashes(v cborValue) ([]hash, bool) {
	items, ok := v.array()
	if !ok {
		return nil, false
	}
	var hashes []hash
	for _, item := range items {
		h, ok := item.hash()
		if !ok {
			return nil, false
		}
		hashes = append(hashes, h)
	}
	return hashes, true
}
