package verify

// Limits of the protocol, §3.
const (
	maxProofBytes      = 1 << 20
	maxEntries         = 8
	maxHistoricEntries = 10
)

// The first place of a Proof.
const (
	proofOfPresent = 1
	proofOfPast    = 2
)

// proof is a Proof, from either form. Its parts are read, none of them is verified.
type proof struct {
	checkpoint
	past         bool
	lines        []signatureLine
	entries      []rawEntry // ascending
	logHashes    []hash
	words        []statusWord // ascending
	statusHashes []hash
	text         *textProof // nil for the binary form
}

// rawEntry is a log entry as its exact bytes.
type rawEntry struct {
	index uint64
	bytes []byte
}

// statusWord holds the status bits of 256 entries.
type statusWord struct {
	index uint64
	word  hash
}

// parseProof reads the binary Proof or the tlog-proof text.
func parseProof(b []byte) (*proof, error) {
	if !isTextProof(b) {
		return parseBinaryProof(b)
	}
	text, err := parseTextProof(b)
	if err != nil {
		return nil, err
	}
	p, err := parseBinaryProof(text.extra)
	if err != nil {
		return nil, err
	}
	// Two sets of signatures or two checkpoints in one file would be read differently by a
	// reader of the text and a reader of the extra line.
	if len(p.lines) != 0 || p.checkpoint != text.checkpoint {
		return nil, refuse(Malformed)
	}
	p.lines, p.text = text.lines, &text
	return p, nil
}

func parseBinaryProof(b []byte) (*proof, error) {
	if len(b) > maxProofBytes {
		return nil, refuse(Malformed)
	}
	v, err := decodeCbor(b)
	if err != nil {
		return nil, err
	}
	places, ok := v.tuple(9)
	if !ok {
		return nil, refuse(Malformed)
	}
	p := &proof{}
	if !p.parseCheckpoint(places) || !p.parseEntries(places[5]) || !p.parseWords(places[7]) {
		return nil, refuse(Malformed)
	}
	var isLog, isStatus bool
	p.logHashes, isLog = parseHashes(places[6])
	p.statusHashes, isStatus = parseHashes(places[8])
	if !isLog || !isStatus {
		return nil, refuse(Malformed)
	}
	return p, p.parseLines(places[4])
}

func (p *proof) parseCheckpoint(places []cborValue) bool {
	version, isVersion := places[0].unsigned()
	size, isSize := places[2].unsigned()
	root, isRoot := places[3].hash()
	p.past = version == proofOfPast
	p.checkpoint = checkpoint{places[1].text, size, root}
	return isVersion && (version == proofOfPresent || p.past) && places[1].kind == cborText && isSize && isRoot
}

func (p *proof) parseLines(v cborValue) error {
	lines, ok := v.array()
	if !ok {
		return refuse(Malformed)
	}
	if len(lines) > maxLines {
		return refuse(TooManyLines)
	}
	for _, item := range lines {
		pair, ok := item.tuple(2)
		if !ok || pair[0].kind != cborText || pair[1].kind != cborBytes {
			return refuse(Malformed)
		}
		line := signatureLine{pair[0].text, pair[1].bytes}
		if !line.isLine() {
			return refuse(Malformed)
		}
		p.lines = append(p.lines, line)
	}
	return nil
}

func (p *proof) parseEntries(v cborValue) bool {
	limit := maxEntries
	if p.past {
		limit = maxHistoricEntries
	}
	items, ok := v.array()
	if !ok || len(items) == 0 || len(items) > limit {
		return false
	}
	for i, item := range items {
		index, bytes, ok := parseIndexed(item)
		if !ok || len(bytes) > maxEntryBytes || (i > 0 && index <= p.entries[i-1].index) {
			return false
		}
		p.entries = append(p.entries, rawEntry{index, bytes})
	}
	return true
}

func (p *proof) parseWords(v cborValue) bool {
	items, ok := v.array()
	if !ok || len(items) > len(p.entries) {
		return false
	}
	for i, item := range items {
		index, bytes, ok := parseIndexed(item)
		if !ok || len(bytes) != len(hash{}) || (i > 0 && index <= p.words[i-1].index) {
			return false
		}
		p.words = append(p.words, statusWord{index, hash(bytes)})
	}
	return true
}

func parseIndexed(v cborValue) (index uint64, bytes []byte, ok bool) {
	pair, ok := v.tuple(2)
	if !ok {
		return 0, nil, false
	}
	index, isIndex := pair[0].unsigned()
	bytes, isBytes := pair[1].byteString()
	return index, bytes, isIndex && isBytes
}

// parseHashes cuts one byte string into pieces of 32 bytes.
func parseHashes(v cborValue) ([]hash, bool) {
	b, ok := v.byteString()
	if !ok || len(b)%len(hash{}) != 0 {
		return nil, false
	}
	var hashes []hash
	for ; len(b) > 0; b = b[len(hash{}):] {
		hashes = append(hashes, hash(b[:len(hash{})]))
	}
	return hashes, true
}

// checkInclusion proves all entries at once against the checkpoint's root.
func (p *proof) checkInclusion() error {
	var leaves []leaf
	for _, e := range p.entries {
		leaves = append(leaves, leaf{e.index, entryLeaf(e.bytes)})
	}
	root, ok := multiproofRoot(p.size, leaves, p.logHashes)
	if !ok || root != p.root {
		return refuse(Inclusion)
	}
	return nil
}
