package verify

import (
	"bytes"
	"slices"
)

// Keys of a scope, protocol §8. One that is not here is refused: it restricts in a way that
// this verifier does not know.
const (
	scopeSubjectKinds = 0
	scopeNames        = 1
	scopeUsages       = 2
	maxScopeList      = 256
)

// checkScopes wants the subject and its certificate inside every authority's scope.
func checkScopes(authorities []record, subjectKind uint64, c *certificate) error {
	for _, a := range authorities {
		scope, present := a.payload.at(authorityScope)
		if present && !isInScope(scope, subjectKind, c) {
			return refuse(Scope)
		}
	}
	return nil
}

func isInScope(scope cborValue, subjectKind uint64, c *certificate) bool {
	if scope.kind != cborMap {
		return false
	}
	for i, key := range scope.keys {
		list, ok := scope.items[i].array()
		if !ok || len(list) > maxScopeList {
			return false
		}
		switch key {
		case scopeSubjectKinds:
			ok = hasSubjectKind(list, subjectKind)
		case scopeNames:
			ok = allowsNames(list, c.names)
		case scopeUsages:
			ok = allowsUsages(list, c.usages)
		default:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return true
}

func hasSubjectKind(list []cborValue, subjectKind uint64) bool {
	return slices.ContainsFunc(list, func(v cborValue) bool {
		n, ok := v.unsigned()
		return ok && n == subjectKind
	})
}

// allowsNames wants a match for every subject alternative name. The common name is no identity.
func allowsNames(list []cborValue, names []generalName) bool {
	var allowed []generalName
	for _, item := range list {
		pair, ok := item.tuple(2)
		if !ok {
			return false
		}
		tag, isTag := pair[0].unsigned()
		content, isContent := pair[1].byteString()
		if !isTag || !isContent || tag > 8 {
			return false
		}
		allowed = append(allowed, generalName{byte(tag), content})
	}
	for _, name := range names {
		if !slices.ContainsFunc(allowed, func(a generalName) bool { return a.allows(name) }) {
			return false
		}
	}
	return true
}

// allows compares names of one tag: dNSName on label borders, iPAddress under a mask, others
// byte by byte.
func (a generalName) allows(name generalName) bool {
	if a.tag != name.tag {
		return false
	}
	switch a.tag {
	case nameDNS:
		return isBelowDomain(lowerASCII(name.content), lowerASCII(a.content))
	case nameIP:
		return isInNetwork(name.content, a.content)
	default:
		return bytes.Equal(a.content, name.content)
	}
}

func isBelowDomain(name, domain []byte) bool {
	if len(domain) == 0 {
		return false
	}
	below, found := bytes.CutSuffix(name, domain)
	return found && (len(below) == 0 || below[len(below)-1] == '.')
}

func lowerASCII(b []byte) []byte {
	lower := slices.Clone(b)
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return lower
}

// isInNetwork compares an address with address and mask of the same family, 4 or 16 bytes each.
func isInNetwork(address, network []byte) bool {
	n := len(address)
	if (n != 4 && n != 16) || len(network) != 2*n {
		return false
	}
	for i, b := range address {
		if (b^network[i])&network[n+i] != 0 {
			return false
		}
	}
	return true
}

// allowsUsages wants every extended key usage in the list. A certificate without the extension
// claims all usages (RFC 5280 §4.2.1.12), so no list allows it.
func allowsUsages(list []cborValue, usages [][]byte) bool {
	for _, item := range list {
		if item.kind != cborBytes {
			return false
		}
	}
	for _, usage := range usages {
		if !slices.ContainsFunc(list, func(v cborValue) bool { return bytes.Equal(v.bytes, usage) }) {
			return false
		}
	}
	return len(usages) > 0
}
