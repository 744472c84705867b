// Command readcert reads one DER certificate on standard input with Go's crypto/x509, checks that it
// is signed by its own key, and prints the value of the binding extension in hexadecimal.
package main

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"os"
)

var bindingOID = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 32473, 1, 1}

func main() {
	binding, err := readBinding(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%x\n", binding)
}

func readBinding(input io.Reader) ([]byte, error) {
	der, err := io.ReadAll(input)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	if err := certificate.CheckSignature(certificate.SignatureAlgorithm, certificate.RawTBSCertificate, certificate.Signature); err != nil {
		return nil, err
	}
	if len(certificate.UnhandledCriticalExtensions) > 0 {
		return nil, errors.New("a critical extension is unknown")
	}
	for _, extension := range certificate.Extensions {
		if extension.Id.Equal(bindingOID) {
			var binding []byte
			_, err := asn1.Unmarshal(extension.Value, &binding)
			return binding, err
		}
	}
	return nil, errors.New("there is no binding extension")
}
