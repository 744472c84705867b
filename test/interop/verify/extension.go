package verify

// Extensions that this verifier understands (RFC 5280 §4.2.1); any other critical one is refused.
var (
	oidKeyUsage         = oidContent(2, 5, 29, 15)
	oidAlternativeName  = oidContent(2, 5, 29, 17)
	oidBasicConstraints = oidContent(2, 5, 29, 19)
	oidExtendedKeyUsage = oidContent(2, 5, 29, 37)
)

// extension is one extension of a certificate.
type extension struct {
	oid      string
	critical bool
	value    []byte
}

// parseExtensions applies the profile of the protocol, §8: no extension twice, no critical one
// that is unknown. A certificate may have none at all.
func (c *certificate) parseExtensions(content []byte) bool {
	if content == nil {
		return true
	}
	items, ok := derSequence(content)
	if !ok || len(items) == 0 {
		return false
	}
	seen := map[string]bool{}
	for _, item := range items {
		e, ok := parseExtension(item)
		if !ok || seen[e.oid] || !c.readExtension(e) {
			return false
		}
		seen[e.oid] = true
	}
	return true
}

func parseExtension(item derElement) (extension, bool) {
	if item.tag != tagSequence {
		return extension{}, false
	}
	fields, ok := derChildren(item.content)
	if !ok || len(fields) < 2 || len(fields) > 3 || fields[0].tag != tagOID {
		return extension{}, false
	}
	e := extension{oid: string(fields[0].content)}
	if len(fields) == 3 {
		// DER omits the default, so a written FALSE is another encoding of the same thing.
		if fields[1].tag != tagBoolean || !fields[1].isTrue() {
			return extension{}, false
		}
		e.critical = true
	}
	last := fields[len(fields)-1]
	e.value = last.content
	return e, last.tag == tagOctetString
}

func (c *certificate) readExtension(e extension) bool {
	switch e.oid {
	case oidAlternativeName:
		return c.parseNames(e.value)
	case oidExtendedKeyUsage:
		return c.parseUsages(e.value)
	case oidBasicConstraints:
		return isBasicConstraints(e.value)
	case oidKeyUsage:
		bits, ok := derChildren(e.value)
		return ok && len(bits) == 1 && bits[0].tag == tagBitString
	default:
		return !e.critical
	}
}

// parseNames reads GeneralNames: at least one, each with a context tag of the right form.
func (c *certificate) parseNames(value []byte) bool {
	names, ok := derSequence(value)
	if !ok || len(names) == 0 {
		return false
	}
	for _, n := range names {
		tag := n.tag &^ (classMask | constructedBit)
		if n.tag&classMask != 0x80 || !isGeneralName(tag, n) {
			return false
		}
		c.names = append(c.names, generalName{tag, n.content})
	}
	return true
}

func isGeneralName(tag byte, n derElement) bool {
	isConstructed := n.tag&constructedBit != 0
	switch tag {
	case 0, 3, nameDirectory, 5: // otherName, x400Address, directoryName, ediPartyName
		return isConstructed
	case 1, nameDNS, 6: // rfc822Name, dNSName, uniformResourceIdentifier: IA5String
		return !isConstructed && isASCII(n.content)
	case nameIP:
		return !isConstructed && (len(n.content) == 4 || len(n.content) == 16)
	case 8:
		return !isConstructed && isOID(n.content)
	default:
		return false
	}
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

func (c *certificate) parseUsages(value []byte) bool {
	usages, ok := derSequence(value)
	if !ok || len(usages) == 0 {
		return false
	}
	for _, u := range usages {
		if u.tag != tagOID {
			return false
		}
		c.usages = append(c.usages, u.content)
	}
	return true
}

// isBasicConstraints checks the form only. A self-signed device certificate may say cA TRUE: it
// issues nothing, because the ledger names every issuer.
func isBasicConstraints(value []byte) bool {
	fields, ok := derSequence(value)
	if !ok {
		return false
	}
	if len(fields) > 0 && fields[0].tag == tagBoolean {
		if !fields[0].isTrue() {
			return false
		}
		fields = fields[1:]
	}
	return len(fields) == 0 || len(fields) == 1 && fields[0].tag == tagInteger
}
