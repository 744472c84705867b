package verify

// checkBlockIndex: the last entry's leaf index is computed from the size, never read. An old
// block entry inside a fresh log would otherwise show an old status root.
func checkBlockIndex(p *proof) error {
	last := p.entries[len(p.entries)-1]
	if p.size == 0 || last.index != p.size-1 {
		return refuse(BlockEntryIndex)
	}
	return nil
}

// checkBlockEntry is step 3 of the protocol, §3, and checks inclusion of every entry on the way.
func checkBlockEntry(p *proof) ([]entry, blockEntry, error) {
	if err := p.checkInclusion(); err != nil {
		return nil, blockEntry{}, err
	}
	var entries []entry
	for _, raw := range p.entries {
		e, err := readEntry(raw)
		if err != nil {
			return nil, blockEntry{}, err
		}
		entries = append(entries, e)
	}
	end := entries[len(entries)-1]
	if end.kind != kindBlock {
		return nil, blockEntry{}, refuse(BlockEntryKind)
	}
	block, err := end.readBlock()
	return entries, block, err
}

// Target is the point in the past that a caller asks about: a height, or a time.
type Target struct {
	IsTime bool
	Value  uint64
}

func (t Target) of(b blockEntry) uint64 {
	if t.IsTime {
		return uint64(b.time)
	}
	return b.height
}

// chooseBlock returns the block entry whose status root speaks: the last one for the present,
// for the past the one that was the newest at the target.
func chooseBlock(entries []entry, last blockEntry, checkpointTime int64, target *Target) (blockEntry, error) {
	var blocks []blockEntry
	for _, e := range entries[:len(entries)-1] {
		if e.kind != kindBlock {
			continue
		}
		b, err := e.readBlock()
		if err != nil {
			return blockEntry{}, err
		}
		blocks = append(blocks, b)
	}
	blocks = append(blocks, last)
	if target != nil {
		return chooseHistoricBlock(blocks, checkpointTime, *target)
	}
	if len(blocks) > 1 {
		return blockEntry{}, refuse(UnusedEntry)
	}
	return last, nil
}

// chooseHistoricBlock takes [B], [B, successor] or [B, successor, last]; in the first case B is
// the last block entry, in the second its successor is.
func chooseHistoricBlock(blocks []blockEntry, checkpointTime int64, t Target) (blockEntry, error) {
	if len(blocks) > 3 {
		return blockEntry{}, refuse(UnusedEntry)
	}
	b := blocks[0]
	if t.of(b) > t.Value || len(blocks) == 1 && !isLastAtTarget(b, checkpointTime, t) {
		return blockEntry{}, refuse(HistoricTarget)
	}
	if len(blocks) == 1 {
		return b, nil
	}
	// Without its own successor a block says nothing about the time after it.
	successor := blocks[1]
	if successor.previous != b.index || successor.height <= b.height || t.of(successor) <= t.Value {
		return blockEntry{}, refuse(HistoricTarget)
	}
	return b, nil
}

// isLastAtTarget: nobody knows yet which block follows the last one, so it speaks for its own
// height, and for the time before the quorum saw it as the newest.
func isLastAtTarget(b blockEntry, checkpointTime int64, t Target) bool {
	if t.IsTime {
		return t.Value < uint64(checkpointTime)
	}
	return t.Value == b.height
}
