package verify

// heldStatus is the part of the status tree that a proof shows, verified against the status root
// of one block entry: it speaks for entries below that block entry only.
type heldStatus struct {
	block blockEntry
	words []statusWord
}

// checkStatusWords is step 5 of the protocol, §3, as far as it concerns the words: they are
// exactly those of the records, included under the block's status root, their padding is zero.
func checkStatusWords(block blockEntry, records []record, p *proof) (heldStatus, error) {
	var needed []uint64
	for _, r := range records { // ascending by index
		if r.index >= block.index {
			return heldStatus{}, refuse(StatusNotHeld)
		}
		if word := r.index >> 8; len(needed) == 0 || needed[len(needed)-1] != word {
			needed = append(needed, word)
		}
	}
	if len(needed) != len(p.words) {
		return heldStatus{}, refuse(StatusWords)
	}
	var leaves []leaf
	for i, w := range p.words {
		if w.index != needed[i] {
			return heldStatus{}, refuse(StatusWords)
		}
		leaves = append(leaves, leaf{w.index, statusLeaf(w.word)})
	}
	width := (block.index + 255) / 256
	root, ok := multiproofRoot(width, leaves, p.statusHashes)
	if !ok || root != block.statusRoot {
		return heldStatus{}, refuse(StatusInclusion)
	}
	s := heldStatus{block, p.words}
	return s, s.checkPadding()
}

// checkPadding refuses set bits that stand for no record: those from the block entry on, and
// that of the block entry before it.
func (s heldStatus) checkPadding() error {
	for _, w := range s.words {
		start := w.index << 8
		for i := start; i < start+256; i++ {
			isBlock := i == s.block.previous && s.block.height > 0
			if (i >= s.block.index || isBlock) && w.word.bit(i) {
				return refuse(StatusPadding)
			}
		}
	}
	return nil
}

// isSuperseded tells whether a later version of the record at an index was in the log when the
// block ended. An index that no shown word covers has no answer: never zero.
func (s heldStatus) isSuperseded(index uint64) (bool, error) {
	if index >= s.block.index {
		return false, refuse(StatusNotHeld)
	}
	for _, w := range s.words {
		if w.index == index>>8 {
			return w.word.bit(index), nil
		}
	}
	return false, refuse(StatusWords)
}

// bit reads the bit of an entry in its word, least significant bit first.
func (h hash) bit(index uint64) bool { return h[index>>3&31]>>(index&7)&1 == 1 }
