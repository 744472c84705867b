// Makes go-*.pem: go run make.go
package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"os"
	"time"
)

func main() {
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	check(err)
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	spiffe, err := url.Parse("spiffe://example.net/upf/1")
	check(err)
	binding := make([]byte, 34)
	copy(binding, []byte{0x04, 0x20})
	for i := range binding[2:] {
		binding[2+i] = byte(i)
	}
	device := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{Organization: []string{"AT&T *"}, CommonName: "go-device"},
		NotBefore:    time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageDecipherOnly,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
		DNSNames:     []string{"device.example.net"},
		IPAddresses:  []net.IP{net.IPv4(192, 0, 2, 1)},
		URIs:         []*url.URL{spiffe},
		ExtraExtensions: []pkix.Extension{
			{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 32473, 1, 1}, Value: binding},
		},
	}
	write("go-ed25519-binding.pem", device, ed)
	write("go-p256-binding.pem", device, p256)
	ca := &x509.Certificate{
		SerialNumber:          new(big.Int).Lsh(big.NewInt(1), 158),
		Subject:               pkix.Name{Country: []string{"DE"}, CommonName: "go-ca"},
		NotBefore:             time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
	}
	write("go-p256-ca.pem", ca, p256)
}

func write(name string, template *x509.Certificate, key crypto.Signer) {
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	check(err)
	check(os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
