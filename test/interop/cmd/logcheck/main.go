// Command logcheck reads a whole log over HTTP and verifies it with independent libraries. It
// prints a summary with "ok" as the last line, or exits with 1 and the reason.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"entente.example/interop/logcheck"
	"k8s.io/klog/v2"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var o logcheck.Options
	flag.StringVar(&o.URL, "url", "", "prefix of the log, http on a loopback address")
	flag.StringVar(&o.Origin, "origin", "", "origin of the log")
	flag.StringVar(&o.Vkey, "vkey", "", "verifier key of the log, type 0x01")
	previous := flag.String("previous", "", "file with an earlier checkpoint")
	flag.Parse()
	if o.URL == "" || o.Origin == "" || o.Vkey == "" || flag.NArg() > 0 {
		flag.Usage()
		return fmt.Errorf("-url, -origin and -vkey are needed")
	}
	if *previous != "" {
		b, err := os.ReadFile(*previous)
		if err != nil {
			return err
		}
		o.Previous = b
	}
	// The library logs to standard error what it also returns.
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	if err := logcheck.Check(context.Background(), o, os.Stdout); err != nil {
		return err
	}
	_, err := fmt.Println("ok")
	return err
}
