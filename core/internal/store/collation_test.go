package store

import (
	"crypto/rand"
	"errors"
	"slices"
	"testing"

	"github.com/quay/quay/core/internal/store/schema"
	"github.com/quay/quay/test/postgres"
)

// collated makes a database at head whose texts have a language's order.
func collated(t *testing.T) (url string) {
	t.Helper()
	server := postgres.Shared(t)
	name := "collated_" + rand.Text()
	administer := func(statement string) error {
		db, err := schema.OpenPostgres(server.URL("postgres"))
		if err != nil {
			return err
		}
		_, err = db.Exec(statement)
		return errors.Join(err, db.Close())
	}
	if err := administer(`CREATE DATABASE "` + name + `" TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := administer(`DROP DATABASE "` + name + `" WITH (FORCE)`); err != nil {
			t.Error(err)
		}
	})
	if err := makeSchema(server.URL(name)); err != nil {
		t.Fatal(err)
	}
	return server.URL(name)
}

// TestTagsOfAnotherCollation proves that a list in pages has every tag once where the
// database does not order texts by their bytes, as most of the product's do not.
func TestTagsOfAnotherCollation(t *testing.T) {
	f := openURL(t, Options{URL: collated(t)})
	repo := f.repository("acme/web")
	names := []string{"B", "_", "a", "a-1", "a.1", "A-2", "a1", "10", "9", "Z", "b", "ab", "a_b"}
	f.put(repo, "{}", noon, names...)
	var got []string
	for last := ""; ; last = got[len(got)-1] {
		page, err := f.Tags(f.ctx, repo, last, after(1), 3)
		f.must(err)
		if len(page) == 0 {
			break
		}
		got = append(got, page...)
		if len(got) > len(names) {
			break
		}
	}
	if slices.IsSorted(got) {
		t.Errorf("%q is the order of bytes: the test proves nothing", got)
	}
	slices.Sort(names)
	if slices.Sort(got); !slices.Equal(got, names) {
		t.Errorf("got %q, want %q", got, names)
	}
}
