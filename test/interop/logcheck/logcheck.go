// Package logcheck reads a log over HTTP with the client and the file system check of Tessera,
// which know nothing of Entente: what they accept, any C2SP tlog-tiles reader accepts.
package logcheck

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
)

const (
	workers = 8
	// Where all workers of the library's check have failed, its producer waits for ever.
	timeout = 5 * time.Minute
)

// Options name the log to check.
type Options struct {
	URL      string // http, on a loopback address
	Origin   string
	Vkey     string // the log's C2SP verifier key of type 0x01
	Previous []byte // an earlier checkpoint, nil for none
}

// Check reads the whole log and writes a summary of what it verified.
func Check(ctx context.Context, o Options, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	verifier, err := newVerifier(o)
	if err != nil {
		return err
	}
	fetcher, err := newFetcher(o.URL)
	if err != nil {
		return err
	}
	raw, err := fetcher.ReadCheckpoint(ctx)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	current, err := openCheckpoint(raw, o.Origin, verifier)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	if current.Size == 0 {
		return errors.New("checkpoint: the log is empty")
	}
	fmt.Fprintf(out, "checkpoint: %s, %d entries, root %x\n", current.Origin, current.Size, current.Hash)
	reader := pinned{fetcher, raw}
	if err := checkAll(ctx, o.Origin, verifier, reader, out); err != nil {
		return fmt.Errorf("fsck: %w", err)
	}
	if err := checkInclusion(ctx, current, reader, out); err != nil {
		return fmt.Errorf("inclusion: %w", err)
	}
	if o.Previous == nil {
		return nil
	}
	previous, err := openCheckpoint(o.Previous, o.Origin, verifier)
	if err != nil {
		return fmt.Errorf("previous checkpoint: %w", err)
	}
	if err := checkConsistency(ctx, previous, current, reader, out); err != nil {
		return fmt.Errorf("consistency: %w", err)
	}
	return nil
}

// newVerifier takes keys of type 0x01 only, named as the origin.
func newVerifier(o Options) (note.Verifier, error) {
	verifier, err := note.NewVerifier(o.Vkey)
	if err != nil {
		return nil, fmt.Errorf("vkey: %w", err)
	}
	if verifier.Name() != o.Origin {
		return nil, errors.New("vkey: its name is not the origin")
	}
	return verifier, nil
}

// openCheckpoint verifies a checkpoint with the log's key and refuses extension lines and any
// second spelling of the size or the root.
func openCheckpoint(raw []byte, origin string, verifier note.Verifier) (*log.Checkpoint, error) {
	c, _, n, err := log.ParseCheckpoint(raw, origin, verifier)
	if err != nil {
		return nil, err
	}
	if n.Text != string(c.Marshal()) {
		return nil, errors.New("more or other text than origin, size and root")
	}
	return c, nil
}

// checkAll derives every tile from the entries and compares it with the one that the log serves.
func checkAll(ctx context.Context, origin string, v note.Verifier, reader pinned, out io.Writer) error {
	check := fsck.New(origin, v, reader, leafHashes, fsck.Opts{N: workers})
	done := make(chan error, 1)
	go func() { done <- check.Check(ctx) }()
	select {
	case err := <-done:
		if err != nil {
			return err
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	status := check.Status()
	_, err := fmt.Fprintf(out, "fsck: %d resources, %d bytes\n", status.ResourcesFetched, status.BytesFetched)
	return err
}

// leafHashes are those of RFC 6962 over the raw bytes of each entry.
func leafHashes(bundle []byte) ([][]byte, error) {
	entries, err := readBundle(bundle)
	if err != nil {
		return nil, err
	}
	var hashes [][]byte
	for _, e := range entries {
		hashes = append(hashes, rfc6962.DefaultHasher.HashLeaf(e))
	}
	return hashes, nil
}

func checkInclusion(ctx context.Context, c *log.Checkpoint, reader pinned, out io.Writer) error {
	builder, err := client.NewProofBuilder(ctx, c.Size, reader.ReadTile)
	if err != nil {
		return err
	}
	indexes := someIndexes(c.Size)
	for _, index := range indexes {
		bundle, err := client.GetEntryBundle(ctx, reader.ReadEntryBundle, index/256, c.Size)
		if err != nil {
			return err
		}
		path, err := builder.InclusionProof(ctx, index)
		if err != nil {
			return err
		}
		leaf := rfc6962.DefaultHasher.HashLeaf(bundle.Entries[index%256])
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, index, c.Size, leaf, path, c.Hash); err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
	}
	_, err = fmt.Fprintf(out, "inclusion: entries %v\n", indexes)
	return err
}

// someIndexes are the first, the last, those at the borders of tiles and a few between.
func someIndexes(size uint64) []uint64 {
	last := size - 1
	indexes := []uint64{0, last / 4, last / 2, last - last/4, last, 255, 256, last - last%256}
	slices.Sort(indexes)
	indexes = slices.Compact(indexes)
	return slices.DeleteFunc(indexes, func(i uint64) bool { return i > last })
}

func checkConsistency(ctx context.Context, previous, current *log.Checkpoint, reader pinned, out io.Writer) error {
	if previous.Size > current.Size {
		return fmt.Errorf("the log has shrunk from %d to %d entries", previous.Size, current.Size)
	}
	builder, err := client.NewProofBuilder(ctx, current.Size, reader.ReadTile)
	if err != nil {
		return err
	}
	var path [][]byte
	if previous.Size > 0 && previous.Size < current.Size {
		if path, err = builder.ConsistencyProof(ctx, previous.Size, current.Size); err != nil {
			return err
		}
	}
	err = proof.VerifyConsistency(rfc6962.DefaultHasher, previous.Size, current.Size, path, previous.Hash, current.Hash)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "consistency: from %d entries to %d\n", previous.Size, current.Size)
	return err
}
