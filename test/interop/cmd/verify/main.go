// Command verify reads one request a line on standard input, a JSON object with the fields of
// the shared proof vectors, and prints one verdict a line: "ok" or "error CODE".
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"entente.example/interop/verify"
)

// maxLineBytes leaves room for the largest proof in base64 with its policy and certificate.
const maxLineBytes = 16 << 20

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLineBytes)
	for lines.Scan() {
		// Unbuffered: a caller may wait for each verdict before it asks again.
		if _, err := fmt.Fprintln(out, verdict(lines.Bytes())); err != nil {
			return err
		}
	}
	return lines.Err()
}

func verdict(line []byte) (text string) {
	// A fault of this program on hostile bytes is a refusal, not an end of all answers.
	defer func() {
		if recover() != nil {
			text = "error " + string(verify.Internal)
		}
	}()
	request, err := verify.ParseRequest(line)
	if err == nil {
		_, err = verify.Verify(request)
	}
	if err == nil {
		return "ok"
	}
	code := verify.Internal
	if refusal, ok := errors.AsType[*verify.Refusal](err); ok {
		code = refusal.Code
	}
	return "error " + string(code)
}
