package logcheck

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"k8s.io/klog/v2"
)

const testOrigin = "log.example/test"

func TestMain(m *testing.M) {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	os.Exit(m.Run())
}

// tileLog serves a log of the tlog-tiles form from memory.
type tileLog struct {
	files  map[string][]byte
	vkey   string
	signer note.Signer
}

func newTileLog(t *testing.T) *tileLog {
	t.Helper()
	private, vkey, err := note.GenerateKey(rand.Reader, testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return &tileLog{map[string][]byte{}, vkey, signer}
}

func entryAt(i int) []byte { return fmt.Appendf(nil, "entry %d", i) }

// grow writes all resources of a size and returns its signed checkpoint.
func (l *tileLog) grow(t *testing.T, size int, text string) []byte {
	t.Helper()
	var hashes [][]byte
	var bundle []byte
	for i := range size {
		e := entryAt(i)
		hashes = append(hashes, rfc6962.DefaultHasher.HashLeaf(e))
		bundle = append(binary.BigEndian.AppendUint16(bundle, uint16(len(e))), e...)
		if i%256 == 255 || i == size-1 {
			l.files["/log/tile/entries/"+tileName(i/256, i%256+1)] = bundle
			bundle = nil
		}
	}
	root := rootOf(hashes)
	l.addTiles(hashes)
	c := log.Checkpoint{Origin: testOrigin, Size: uint64(size), Hash: root}
	signed, err := note.Sign(&note.Note{Text: string(c.Marshal()) + text}, l.signer)
	if err != nil {
		t.Fatal(err)
	}
	l.files["/log/checkpoint"] = signed
	return signed
}

// addTiles writes the tiles over a level's hashes, and those of the levels above.
func (l *tileLog) addTiles(hashes [][]byte) {
	for level := 0; len(hashes) > 0; level++ {
		var above [][]byte
		for start := 0; start < len(hashes); start += 256 {
			tile := hashes[start:min(start+256, len(hashes))]
			name := tileName(start/256, len(tile))
			l.files[fmt.Sprintf("/log/tile/%d/%s", level, name)] = bytes.Join(tile, nil)
			if len(tile) == 256 {
				above = append(above, rootOf(tile))
			}
		}
		hashes = above
	}
}

func rootOf(hashes [][]byte) []byte {
	if len(hashes) == 1 {
		return hashes[0]
	}
	k := 1
	for 2*k < len(hashes) {
		k *= 2
	}
	return rfc6962.DefaultHasher.HashChildren(rootOf(hashes[:k]), rootOf(hashes[k:]))
}

// tileName writes an index below a million and the suffix of a partial tile.
func tileName(index, width int) string {
	name := fmt.Sprintf("%03d", index%1000)
	if index >= 1000 {
		name = fmt.Sprintf("x%03d/%s", index/1000, name)
	}
	if width < 256 {
		name += fmt.Sprintf(".p/%d", width)
	}
	return name
}

func (l *tileLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if b, ok := l.files[r.URL.Path]; ok {
		_, _ = w.Write(b)
		return
	}
	http.NotFound(w, r)
}

func (l *tileLog) check(t *testing.T, o Options) (string, error) {
	t.Helper()
	server := httptest.NewServer(l)
	defer server.Close()
	if o.URL == "" {
		o.URL = server.URL + "/log/"
	}
	if o.Origin == "" {
		o.Origin = testOrigin
	}
	if o.Vkey == "" {
		o.Vkey = l.vkey
	}
	var out strings.Builder
	err := Check(t.Context(), o, &out)
	return out.String(), err
}

func TestAcceptsLogsOfAllShapes(t *testing.T) {
	for _, size := range []int{1, 2, 3, 255, 256, 257, 511, 512, 1000, 65536, 66000} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			l := newTileLog(t)
			previous := l.grow(t, max(1, size*2/3), "")
			l.grow(t, size, "")
			out, err := l.check(t, Options{Previous: previous})
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{"checkpoint: ", "fsck: ", "inclusion: ", "consistency: "} {
				if !strings.Contains(out, part) {
					t.Errorf("no %q in %s", part, out)
				}
			}
		})
	}
}

func TestAcceptsLinesOfOtherKeys(t *testing.T) {
	l := newTileLog(t)
	signed := l.grow(t, 5, "")
	line := "— other.example AAAAAAAAAAAA\n"
	l.files["/log/checkpoint"] = append([]byte(strings.Replace(string(signed), "\n\n", "\n\n"+line, 1)), line...)
	if _, err := l.check(t, Options{}); err != nil {
		t.Error(err)
	}
}

func TestRefusesALogThatIsNotWhatItSigned(t *testing.T) {
	for name, change := range map[string]func(*testing.T, *tileLog){
		"changed entry":     func(_ *testing.T, l *tileLog) { l.flip("/log/tile/entries/000", 5) },
		"changed leaf hash": func(_ *testing.T, l *tileLog) { l.flip("/log/tile/0/001", 77) },
		"changed high tile": func(_ *testing.T, l *tileLog) { l.flip("/log/tile/1/000.p/3", 1) },
		"no partial tile":   func(_ *testing.T, l *tileLog) { delete(l.files, "/log/tile/0/003.p/132") },
		"no bundle":         func(_ *testing.T, l *tileLog) { delete(l.files, "/log/tile/entries/001") },
		"short bundle": func(_ *testing.T, l *tileLog) {
			l.files["/log/tile/entries/002"] = l.files["/log/tile/entries/003.p/132"]
		},
		"empty bundle":      func(_ *testing.T, l *tileLog) { l.files["/log/tile/entries/000"] = nil },
		"no checkpoint":     func(_ *testing.T, l *tileLog) { delete(l.files, "/log/checkpoint") },
		"changed signature": func(_ *testing.T, l *tileLog) { l.flip("/log/checkpoint", 3) },
		"extension line":    func(t *testing.T, l *tileLog) { l.grow(t, 900, "extension\n") },
		"a full tile short": func(_ *testing.T, l *tileLog) { l.files["/log/tile/0/000"] = l.files["/log/tile/0/000"][:32] },
	} {
		t.Run(name, func(t *testing.T) {
			l := newTileLog(t)
			l.grow(t, 900, "")
			change(t, l)
			if out, err := l.check(t, Options{}); err == nil {
				t.Errorf("accepted: %s", out)
			}
		})
	}
}

func (l *tileLog) flip(path string, at int) {
	b := bytes.Clone(l.files[path])
	b[at] ^= 1
	l.files[path] = b
}

func TestRefusesAnotherHistory(t *testing.T) {
	l := newTileLog(t)
	larger := l.grow(t, 20, "")
	l.grow(t, 10, "")
	if _, err := l.check(t, Options{Previous: larger}); err == nil {
		t.Error("accepts a log that has shrunk")
	}
	forked := log.Checkpoint{Origin: testOrigin, Size: 7, Hash: make([]byte, 32)}
	for _, size := range []uint64{7, 10} {
		forked.Size = size
		signed, err := note.Sign(&note.Note{Text: string(forked.Marshal())}, l.signer)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.check(t, Options{Previous: signed}); err == nil {
			t.Errorf("accepts a fork at %d entries", size)
		}
	}
	stranger := newTileLog(t)
	if _, err := l.check(t, Options{Previous: stranger.grow(t, 5, "")}); err == nil {
		t.Error("accepts an earlier checkpoint of another key")
	}
}

func TestRefusesOtherKeysOriginsAndMachines(t *testing.T) {
	l := newTileLog(t)
	l.grow(t, 10, "")
	for name, o := range map[string]Options{
		"another key":     {Vkey: newTileLog(t).vkey},
		"another origin":  {Origin: "log.example/other"},
		"another machine": {URL: "http://192.0.2.1/log/"},
		"a name":          {URL: "http://log.example/log/"},
		"another scheme":  {URL: "file:///log/"},
		"no log there":    {URL: "http://127.0.0.1:1/log/"},
	} {
		if out, err := l.check(t, o); err == nil {
			t.Errorf("accepts %s: %s", name, out)
		}
	}
}

func TestFollowsNoRedirect(t *testing.T) {
	l := newTileLog(t)
	l.grow(t, 10, "")
	target := httptest.NewServer(l)
	defer target.Close()
	server := httptest.NewServer(http.RedirectHandler(target.URL+"/log/checkpoint", http.StatusFound))
	defer server.Close()
	if _, err := l.check(t, Options{URL: server.URL + "/log/"}); err == nil {
		t.Error("follows a redirect")
	}
}
