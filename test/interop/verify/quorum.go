package verify

import (
	"math"
	"slices"
)

// clockSkew is how far ahead of the verifier's clock a cosigner's may be, in seconds.
const clockSkew = 60

// quorumNode is a witness (no members) or a group of a policy.
type quorumNode struct {
	key       lineID
	threshold int
	members   []*quorumNode
	parent    *quorumNode
	fewest    int // witnesses that can satisfy it
}

// value is the greatest time for which the node stands: a witness's own time where it lies in
// the window, the k-th greatest of a group's members. False where there is none.
func (n *quorumNode) value(times map[lineID]int64, w window) (int64, bool) {
	if n.members == nil {
		t, ok := times[n.key]
		return t, ok && w.oldest <= t && t <= w.newest
	}
	var values []int64
	for _, m := range n.members {
		if t, ok := m.value(times, w); ok {
			values = append(values, t)
		}
	}
	if len(values) < n.threshold {
		return 0, false
	}
	slices.Sort(values)
	return values[len(values)-n.threshold], true
}

// window bounds the times that count, both ends included.
type window struct{ oldest, newest int64 }

// checkQuorum is step 2 of the protocol, §3: the time at which a quorum cosigned the checkpoint.
// A state of the past has no lower bound but the block's time, because maxAge does not apply.
func checkQuorum(p *policy, times map[lineID]int64, blockTime int64, r Request) (int64, error) {
	newest := r.Now + clockSkew
	oldest := r.Now - r.MaxAge
	if r.Target != nil {
		oldest = math.MinInt64
	}
	if t, ok := p.quorum.value(times, window{max(oldest, blockTime), newest}); ok {
		return t, nil
	}
	return 0, refuse(whyNoQuorum(p, times, window{oldest, newest}))
}

// whyNoQuorum tells a late checkpoint from one that too few have signed: the remedy differs.
func whyNoQuorum(p *policy, times map[lineID]int64, fresh window) Code {
	if _, ok := p.quorum.value(times, fresh); ok {
		return CosignatureTime
	}
	if _, ok := p.quorum.value(times, window{math.MinInt64, fresh.newest}); ok {
		return StaleCheckpoint
	}
	last := int64(0)
	for _, t := range times {
		last = max(last, t)
	}
	if len(times) > 0 && last < fresh.oldest {
		return StaleCheckpoint
	}
	return QuorumNotMet
}
