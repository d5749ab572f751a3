package protocol

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

// slowPatch sends the first half of data, then waits for the release before it
// sends the rest. The answer, or its absence, comes on the channel.
func slowPatch(ctx context.Context, location, contentRange string, data []byte) (release func(), answer <-chan oci.Reply) {
	body, feed := io.Pipe()
	gate, done := make(chan struct{}), make(chan oci.Reply, 1)
	go func() {
		half := len(data) / 2
		_, _ = feed.Write(data[:half]) // the request may be refused before it is read
		<-gate
		_, _ = feed.Write(data[half:])
		feed.Close()
	}()
	go func() {
		r, err := registry.Client.Do(ctx, oci.Request{
			Method: http.MethodPatch, Path: location, Body: body, Length: int64(len(data)),
			Header: map[string]string{"Content-Range": contentRange},
		})
		body.Close()
		if err != nil {
			r = oci.Reply{} // the server may close the connection
		}
		done <- r
	}()
	return sync.OnceFunc(func() { close(gate) }), done
}

// TestTwoWriters proves that of two writers at the same place of a session at
// most one succeeds, and that the session then holds what that one sent.
func TestTwoWriters(t *testing.T) {
	repo := newRepo()
	location := startUpload(t, repo)
	slow, quick := oci.Bytes(30, 200_000), oci.Bytes(31, 50_000)
	release, answer := slowPatch(t.Context(), location, "0-199999", slow)
	defer release()
	time.Sleep(100 * time.Millisecond) // let the slow one begin
	second := make(chan oci.Reply, 1)
	go func() {
		r, _ := registry.Client.Do(t.Context(), oci.Request{ // a zero Reply stands for no answer
			Method: http.MethodPatch, Path: location, Body: bytes.NewReader(quick),
			Header: map[string]string{"Content-Range": "0-49999"},
		})
		second <- r
	}()
	time.Sleep(300 * time.Millisecond) // let the second one try
	release()
	first, other := <-answer, <-second
	var winner []byte
	for _, w := range []struct {
		reply oci.Reply
		data  []byte
	}{{first, slow}, {other, quick}} {
		switch {
		case w.reply.Status == http.StatusAccepted && winner != nil:
			t.Fatal("both writers were told that their bytes are at the start of the session")
		case w.reply.Status == http.StatusAccepted:
			winner = w.data
		case w.reply.Status != 0:
			refused(t, w.reply)
		}
	}
	if winner == nil {
		t.Fatalf("neither writer succeeded: %s; %s", first, other)
	}
	complete(t, registry, repo, location, append(bytes.Clone(winner), "the end"...), len(winner))
}

// TestFinishRace proves that many finishes of one session store the blob once.
func TestFinishRace(t *testing.T) {
	repo, data := newRepo(), oci.Bytes(32, 100_000)
	location := oci.WithDigest(startUpload(t, repo), oci.Digest(data))
	replies := together(8, func(int) oci.Reply {
		r, err := registry.Client.Do(t.Context(), oci.Request{Method: http.MethodPut, Path: location, Body: bytes.NewReader(data)})
		if err != nil {
			return oci.Reply{}
		}
		return r
	})
	created := 0
	for _, r := range replies {
		switch r.Status {
		case 0: // refused before the body was read
		case http.StatusCreated:
			created++
		default:
			refused(t, r)
		}
	}
	if created == 0 {
		t.Fatalf("no finish succeeded: %v", replies)
	}
	holds(t, repo, oci.Digest(data))
}

// TestCancelWhileWriting proves that a session can be cancelled under a writer.
func TestCancelWhileWriting(t *testing.T) {
	repo, data := newRepo(), oci.Bytes(33, 200_000)
	location := startUpload(t, repo)
	release, answer := slowPatch(t.Context(), location, "0-199999", data)
	defer release()
	time.Sleep(100 * time.Millisecond)
	cancelled := make(chan oci.Reply, 1)
	go func() {
		r, _ := registry.Client.Do(t.Context(), oci.Request{Method: http.MethodDelete, Path: location})
		cancelled <- r
	}()
	time.Sleep(300 * time.Millisecond)
	release()
	written, gone := <-answer, <-cancelled
	if written.Status >= 500 || gone.Status >= 500 || gone.Status == 0 {
		t.Errorf("write: %s; cancel: %s", written, gone)
	}
	lacks(t, repo, oci.Digest(data))
	if gone.Status == http.StatusNoContent {
		refused(t, do(t, oci.Request{Method: http.MethodGet, Path: location}), http.StatusNotFound)
		refused(t, do(t, oci.Request{Method: http.MethodPut, Path: oci.WithDigest(location, oci.Digest(data))}), http.StatusNotFound)
	}
	lacks(t, repo, oci.Digest(data))
}

// TestSameContentAtOnce proves that clients which push the same blob and tag at
// once all succeed, and that the tag is what one of them pushed.
func TestSameContentAtOnce(t *testing.T) {
	repo, data := newRepo(), oci.Bytes(34, 100_000)
	images := make([]oci.Image, 8)
	for i := range images {
		images[i] = oci.NewImage(uint64(340+i), 1000)
	}
	errs := together(len(images), func(i int) error {
		if _, err := registry.Client.PushBlob(t.Context(), repo, data); err != nil {
			return err
		}
		return registry.Client.PushImage(t.Context(), repo, "latest", images[i])
	})
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	holds(t, repo, oci.Digest(data))
	r := get(t, "/v2/"+repo+"/manifests/latest", oci.MediaTypeManifest)
	for _, image := range images { // one that lost its tag may be gone
		if bytes.Equal(r.Body, image.Manifest) {
			return
		}
	}
	t.Errorf("the tag is none of the images: %s", r)
}

// together calls f n times at once and returns what it returned.
func together[T any](n int, f func(int) T) []T {
	results := make([]T, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { results[i] = f(i) })
	}
	wg.Wait()
	return results
}

// TestResume proves that a session outlives the driver, a host that is killed and
// a host that is restarted, and that its blob is whole in the end.
func TestResume(t *testing.T) {
	s := server.Start(t, server.Options{})
	repo, data := "protocol/resume", oci.Bytes(35, 400_000)
	location, err := s.Client.StartUpload(t.Context(), repo)
	if err != nil {
		t.Fatal(err)
	}
	events := []struct {
		what string
		do   func()
	}{
		{"the driver is killed", func() { s.KillDriver(t) }},
		{"the host is killed", func() { s.Kill9(t); s.Restart(t) }},
		{"the host is restarted", func() { s.Restart(t) }},
	}
	for i, event := range events {
		from := offset(t, s, location)
		if from != i*100_000 {
			t.Fatalf("before %s the session has %d bytes, want %d", event.what, from, i*100_000)
		}
		r, err := s.Client.Do(t.Context(), oci.Request{
			Method: http.MethodPatch, Path: location, Body: bytes.NewReader(data[from : from+100_000]),
		})
		if err != nil || r.Status != http.StatusAccepted {
			t.Fatalf("chunk before %s: %s %v", event.what, r, err)
		}
		event.do()
		s.Client.HTTP.CloseIdleConnections()
	}
	complete(t, s, repo, location, data, 300_000)
}
