package queue_test

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/core/internal/queue"
	"github.com/quay/quay/core/internal/store"
)

var noon = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

func open(t *testing.T) (*store.Store, *queue.Queues) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "quay.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, queue.New(s, queue.Product(), queue.Options{Now: func() time.Time { return noon }})
}

// TestItem proves the names and bodies of items, which are those of the product: its
// workers read them.
func TestItem(t *testing.T) {
	_, queues := open(t)
	for _, tc := range []struct {
		item       domain.NewQueueItem
		name, body string
	}{
		{
			queues.ScanNotifications.Item(pyjson.Object{{Name: "notification_id", Value: "someuuid"}}, "with_id", "someuuid"),
			"secscanv4/with_id/someuuid/", `{"notification_id": "someuuid"}`,
		},
		{
			queues.ProxyBlobs.Item(pyjson.Object{
				{Name: "digest", Value: "sha256:ab"}, {Name: "repo_id", Value: int64(7)}, {Name: "username", Value: nil}, {Name: "namespace", Value: "äöü"},
			}, "cache", "7", "sha256:ab"),
			"proxycacheblob/cache/7/sha256:ab/", `{"digest": "sha256:ab", "repo_id": 7, "username": null, "namespace": "\u00e4\u00f6\u00fc"}`,
		},
		{queues.NamespaceGC.Item(nil, "6"), "namespacegc/6/", `{}`},
	} {
		if tc.item.Name() != tc.name || tc.item.Body != tc.body || tc.item.Retries != 5 || !tc.item.Available.Equal(noon) {
			t.Errorf("got %s %s, want %s %s", tc.item.Name(), tc.item.Body, tc.name, tc.body)
		}
	}
}

// TestNames proves that the queues have the product's names and that each is there.
func TestNames(t *testing.T) {
	_, queues := open(t)
	var names []string
	v := reflect.ValueOf(*queues)
	for i := range v.NumField() {
		names = append(names, v.Field(i).Interface().(*queue.Queue).Name())
	}
	want := []string{
		"notification", "dockerfilebuild", "imagestoragereplication", "chunk_cleanup", "namespacegc", "repositorygc",
		"exportactionlogs", "secscanv4", "proxycacheblob",
	}
	if !reflect.DeepEqual(names, want) {
		t.Errorf("got %q", names)
	}
}

// TestPut proves that any number of items is put, in the order of their ids.
func TestPut(t *testing.T) {
	_, queues := open(t)
	items := make([]domain.NewQueueItem, 2500)
	for i := range items {
		items[i] = queues.Replication.Item(nil, "uuid")
	}
	ids, err := queues.Replication.Put(t.Context(), items...)
	if err != nil || len(ids) != len(items) || ids[len(ids)-1] != ids[0]+2499 {
		t.Errorf("%d ids, %v", len(ids), err)
	}
	if ids, err := queues.Replication.Put(t.Context()); err != nil || len(ids) != 0 {
		t.Errorf("nothing: %v, %v", ids, err)
	}
}
