package logcheck

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/api/layout"
	"github.com/transparency-dev/tessera/client"
)

const (
	// A bundle holds 256 entries of at most 65,535 bytes with two bytes of length each.
	maxResponseBytes = layout.EntryBundleWidth * (2 + 65535)
	requestTimeout   = 30 * time.Second
)

var errNotLoopback = errors.New("only a log on a loopback address is read")

// newFetcher returns Tessera's HTTP client for a log on this machine.
func newFetcher(logURL string) (*client.HTTPFetcher, error) {
	root, err := url.Parse(logURL)
	if err != nil {
		return nil, err
	}
	if root.Scheme != "http" || root.RawQuery != "" || root.Fragment != "" {
		return nil, errors.New("the URL is not of the form http://127.0.0.1:PORT/PREFIX/")
	}
	if ip := net.ParseIP(root.Hostname()); root.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, errNotLoopback
	}
	return client.NewHTTPFetcher(root, loopbackClient())
}

// loopbackClient asks no proxy, follows no redirect and reaches no other machine, whatever the
// log answers and whatever a name resolves to.
func loopbackClient() *http.Client {
	dialer := net.Dialer{Timeout: requestTimeout, Control: func(_, address string, _ syscall.RawConn) error {
		host, _, err := net.SplitHostPort(address)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			return errNotLoopback
		}
		return nil
	}}
	return &http.Client{
		Timeout:   requestTimeout,
		Transport: limited{&http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: workers}},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("the log redirects")
		},
	}
}

// limited ends a body that no tile, bundle or checkpoint can have.
type limited struct{ http.RoundTripper }

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := l.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = http.MaxBytesReader(nil, response.Body, maxResponseBytes)
	return response, nil
}

// pinned reads a log as of one checkpoint: a growing log would otherwise be checked in parts of
// two sizes.
type pinned struct {
	*client.HTTPFetcher
	checkpoint []byte
}

func (p pinned) ReadCheckpoint(context.Context) ([]byte, error) { return p.checkpoint, nil }

// ReadEntryBundle refuses a bundle with fewer entries than asked for: the library takes the
// number for granted. The full bundle may stand in for a partial one.
func (p pinned) ReadEntryBundle(ctx context.Context, index uint64, partial uint8) ([]byte, error) {
	b, err := p.HTTPFetcher.ReadEntryBundle(ctx, index, partial)
	if err != nil {
		return nil, err
	}
	entries, err := readBundle(b)
	if err != nil {
		return nil, fmt.Errorf("entry bundle %d: %w", index, err)
	}
	n := len(entries)
	if n != layout.EntryBundleWidth && (partial == 0 || n != int(partial)) {
		return nil, fmt.Errorf("entry bundle %d: %d entries", index, n)
	}
	return b, nil
}

func readBundle(b []byte) ([][]byte, error) {
	var bundle api.EntryBundle
	if err := bundle.UnmarshalText(b); err != nil {
		return nil, err
	}
	return bundle.Entries, nil
}
