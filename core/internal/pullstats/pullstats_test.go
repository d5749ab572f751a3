package pullstats

import (
	"log/slog"
	"maps"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/outbox"
	redistest "github.com/quay/quay/test/redis"
)

// TestCount proves that pulls are counted under the product's keys and in its fields
// (util/pullmetrics.py), with the time of the last one, and that the hash begins anew
// after its worker has renamed it.
func TestCount(t *testing.T) {
	client := redistest.StartFor(t).Client()
	digest := domain.SHA256.Of([]byte("manifest"))
	at := time.Unix(1790000000, 999)
	tagKey, digestKey := "pull_events:repo:7:tag:v1.0:"+string(digest), "pull_events:repo:7:digest:"+string(digest)
	pull := func(n int) {
		t.Helper()
		c := New(client, slog.New(slog.DiscardHandler))
		for i := range n {
			c.Count(7, "v1.0", digest, at.Add(time.Duration(i)*time.Second))
		}
		c.Count(7, "", digest, at)
		if err := c.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if counts := c.Counts(); counts != (outbox.Counts{Sent: int64(n) + 1}) {
			t.Errorf("%+v", counts)
		}
	}
	want := func(key string, fields map[string]string) {
		t.Helper()
		got, err := client.HGetAll(t.Context(), key).Result()
		if err != nil || !maps.Equal(got, fields) {
			t.Errorf("%s: got %v, %v; want %v", key, got, err, fields)
		}
	}
	byTag := map[string]string{
		"repository_id": "7", "tag_name": "v1.0", "manifest_digest": string(digest), "pull_count": "3",
		"last_pull_timestamp": "1790000002", "pull_method": "tag",
	}
	byDigest := map[string]string{
		"repository_id": "7", "tag_name": "", "manifest_digest": string(digest), "pull_count": "1",
		"last_pull_timestamp": "1790000000", "pull_method": "digest",
	}
	pull(3)
	want(tagKey, byTag)
	want(digestKey, byDigest)

	if err := client.Rename(t.Context(), tagKey, tagKey+":processing:1:x").Err(); err != nil {
		t.Fatal(err)
	}
	pull(2)
	byTag["pull_count"], byTag["last_pull_timestamp"] = "2", "1790000001"
	want(tagKey, byTag)
	byDigest["pull_count"] = "2"
	want(digestKey, byDigest)
}

// TestRefused proves that pulls of which Redis refuses one are not counted twice, and that
// the loss is known.
func TestRefused(t *testing.T) {
	client := redistest.StartFor(t).Client()
	digest := domain.SHA256.Of([]byte("manifest"))
	bad := "pull_events:repo:7:tag:bad:" + string(digest)
	if err := client.Set(t.Context(), bad, "no hash", 0).Err(); err != nil {
		t.Fatal(err)
	}
	c := New(client, slog.New(slog.DiscardHandler))
	c.Count(7, "bad", digest, time.Now())
	c.Count(7, "good", digest, time.Now())
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	n, err := client.HGet(t.Context(), "pull_events:repo:7:tag:good:"+string(digest), "pull_count").Int()
	if err != nil || n != 1 {
		t.Errorf("the other one was counted %d times, %v", n, err)
	}
	if counts := c.Counts(); counts.Dropped == 0 {
		t.Errorf("%+v", counts)
	}
}
