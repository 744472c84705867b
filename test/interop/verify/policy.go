package verify

import (
	"slices"
	"strconv"
	"strings"
)

// maxPolicyBytes leaves room for hundreds of ML-DSA keys of 1.8 KB.
const maxPolicyBytes = 1 << 20

// policy is a parsed C2SP tlog-policy that keeps the further rules of the protocol, §3.
type policy struct {
	origin  string
	keys    map[lineID]noteKey
	quorum  *quorumNode
	strong  bool // no fewer than floor(2n/3)+1 members satisfy the quorum
	members int
}

// parsePolicy reads a policy text. It comes from the relying party, not from an attacker, but
// a policy that is read differently by two verifiers is a hole in one of them.
func parsePolicy(text string) (*policy, error) {
	p := policyParser{
		policy: policy{keys: map[lineID]noteKey{}},
		named:  map[string]*quorumNode{},
		seen:   map[string]bool{},
	}
	if !p.parse(text) || !p.finish() {
		return nil, refuse(PolicyInvalid)
	}
	return &p.policy, nil
}

type policyParser struct {
	policy
	named     map[string]*quorumNode // witnesses and groups share one name space
	seen      map[string]bool        // public keys, over all roles
	witnesses []*quorumNode
}

func (p *policyParser) parse(text string) bool {
	if len(text) > maxPolicyBytes || !strings.HasSuffix(text, "\n") {
		return false
	}
	for _, b := range []byte(text) {
		if (b < 0x20 && b != '\t' && b != '\n') || b == 0x7f {
			return false
		}
	}
	for line := range strings.SplitSeq(text, "\n") {
		// Spaces and tabs only: strings.Fields would also split at Unicode spaces.
		fields := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if !p.line(fields[0], fields[1:]) {
			return false
		}
	}
	return true
}

func (p *policyParser) line(keyword string, fields []string) bool {
	switch keyword {
	case "log":
		return p.log(fields)
	case "witness":
		return p.witness(fields)
	case "group":
		return p.group(fields)
	case "quorum":
		return p.setQuorum(fields)
	default:
		return false
	}
}

// log reads "<vkey> [<url>]". All log lines have one name, the origin.
func (p *policyParser) log(fields []string) bool {
	if len(fields) < 1 || len(fields) > 2 {
		return false
	}
	key, ok := p.key(fields[0])
	if !ok || key.signatureType != typeLog || !isOrigin(key.name) {
		return false
	}
	if p.origin != "" && p.origin != key.name {
		return false
	}
	p.origin = key.name
	return true
}

// witness reads "<name> <vkey> [<url>]".
func (p *policyParser) witness(fields []string) bool {
	if len(fields) < 2 || len(fields) > 3 {
		return false
	}
	key, ok := p.key(fields[1])
	if !ok || key.signatureType == typeLog || len(key.name) > 255 {
		return false
	}
	node := &quorumNode{key: key.lineID, fewest: 1}
	p.witnesses = append(p.witnesses, node)
	return p.define(fields[0], node)
}

// key reads a vkey and refuses one public key in two places, whatever its name or role.
func (p *policyParser) key(vkey string) (noteKey, bool) {
	key, ok := parseVkey(vkey)
	if !ok || p.seen[string(key.public)] {
		return noteKey{}, false
	}
	if _, taken := p.keys[key.lineID]; taken {
		return noteKey{}, false
	}
	p.seen[string(key.public)] = true
	p.keys[key.lineID] = key
	return key, true
}

// group reads "<name> all|any|<k> <name>...".
func (p *policyParser) group(fields []string) bool {
	if len(fields) < 3 {
		return false
	}
	node := &quorumNode{}
	for _, name := range fields[2:] {
		member := p.named[name]
		if member == nil || member.parent != nil {
			return false
		}
		member.parent = node
		node.members = append(node.members, member)
	}
	threshold, ok := parseThreshold(fields[1], len(node.members))
	if !ok {
		return false
	}
	node.threshold = threshold
	node.fewest = fewestOf(node.members, threshold)
	return p.define(fields[0], node)
}

func parseThreshold(s string, n int) (int, bool) {
	switch s {
	case "any":
		return 1, true
	case "all":
		return n, true
	}
	k, err := strconv.Atoi(s)
	return k, err == nil && strconv.Itoa(k) == s && k >= 1 && k <= n
}

// fewestOf is the least number of witnesses that can satisfy k of the members.
func fewestOf(members []*quorumNode, k int) int {
	var fewest []int
	for _, m := range members {
		fewest = append(fewest, m.fewest)
	}
	slices.Sort(fewest)
	sum := 0
	for _, n := range fewest[:k] {
		sum += n
	}
	return sum
}

func (p *policyParser) define(name string, node *quorumNode) bool {
	if name == "none" || p.named[name] != nil {
		return false
	}
	p.named[name] = node
	return true
}

// setQuorum refuses "none" with every unknown name: without a quorum any holder of one log
// key could show each reader another log.
func (p *policyParser) setQuorum(fields []string) bool {
	if len(fields) != 1 || p.quorum != nil {
		return false
	}
	p.quorum = p.named[fields[0]]
	return p.quorum != nil
}

// finish checks what only the whole policy shows, and counts its members.
func (p *policyParser) finish() bool {
	if p.origin == "" || p.quorum == nil {
		return false
	}
	byName := map[string]*quorumNode{}
	for _, w := range p.witnesses {
		first, again := byName[w.key.name]
		if !again {
			byName[w.key.name] = w
			continue
		}
		// The old and the new key of one member count once: an "any" group holds both.
		if w.parent == nil || w.parent != first.parent || w.parent.threshold != 1 {
			return false
		}
	}
	p.members = len(byName)
	p.strong = p.quorum.fewest >= 2*p.members/3+1
	return true
}
