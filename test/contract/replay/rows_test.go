package replay

import (
	"net"
	"net/smtp"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

func tableOf(rows ...map[string]any) *Table {
	t := &Table{rows: map[int64]map[string]any{}}
	for _, row := range rows {
		t.rows[row["id"].(int64)] = row
	}
	return t
}

// TestEffects proves how rows that came, went and changed look in a recording: with
// names instead of the ids of rows that the case itself has made, also in later steps.
func TestEffects(t *testing.T) {
	keys := map[string]map[string]string{"tag": {"repository_id": "repository", "parent_id": "tag"}}
	old := map[string]any{"id": int64(1), "name": "old", "repository_id": int64(1), "parent_id": nil}
	ids := identities{}
	first := Rows{"repository": tableOf(map[string]any{"id": int64(1)}), "tag": tableOf(old), "same": tableOf()}
	second := Rows{
		"repository": tableOf(map[string]any{"id": int64(1)}, map[string]any{"id": int64(9)}),
		"tag": tableOf(
			map[string]any{"id": int64(1), "name": "moved", "repository_id": int64(9), "parent_id": nil},
			map[string]any{"id": int64(5), "name": "b", "repository_id": int64(9), "parent_id": int64(1)},
			map[string]any{"id": int64(6), "name": "a", "repository_id": int64(1), "parent_id": int64(5)},
		),
		"same": first["same"],
	}
	third := Rows{
		"repository": second["repository"],
		"tag": tableOf(
			map[string]any{"id": int64(5), "name": "c", "repository_id": int64(9), "parent_id": int64(1)},
		),
		"same": first["same"],
	}
	for i, step := range []struct {
		before, after Rows
		want          string
	}{
		{first, first, `{}`},
		{first, second, `{
			"repository": {"added": [{}], "removed": null, "changed": null},
			"tag": {
				"added": [
					{"name": "a", "repository_id": 1, "parent_id": "tag#new"},
					{"name": "b", "repository_id": "repository#new", "parent_id": 1}],
				"removed": null,
				"changed": [{"row": 1, "set": {"name": "moved", "repository_id": "repository#new"}}]}}`},
		{second, third, `{"tag": {
			"added": null,
			"removed": [{"id": 1}, {"id": "tag#new"}],
			"changed": [{"row": "tag#new", "set": {"name": "c"}}]}}`},
	} {
		got, err := decode([]byte(encoded(effects(step.before, step.after, ids, keys))))
		if err != nil {
			t.Fatal(err)
		}
		want, err := decode([]byte(step.want))
		if err != nil {
			t.Fatal(err)
		}
		if lines := (Bindings{}).compare("$", want, got); len(lines) > 0 {
			t.Errorf("step %d: %q", i, lines)
		}
	}
}

// TestObjectChanges proves that objects are told by their paths and sizes.
func TestObjectChanges(t *testing.T) {
	folder := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("us/a", "1")
	write("us/b", "1")
	before, err := objectSizes(folder)
	if err != nil {
		t.Fatal(err)
	}
	write("us/c/d", "123")
	if err := os.Remove(filepath.Join(folder, "us/a")); err != nil {
		t.Fatal(err)
	}
	after, err := objectSizes(folder)
	if err != nil {
		t.Fatal(err)
	}
	c := objectChanges(before, after)
	if got, want := encoded([]any{c.Added, c.Removed}), `[[["us/c/d",3]],["us/a"]]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestMailbox proves that a message is kept by its recipients and its subject, decoded.
func TestMailbox(t *testing.T) {
	m, err := OpenMailbox()
	if err != nil {
		t.Fatal(err)
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(m.Port()))
	send := func(subject string) {
		t.Helper()
		message := "From: a@example.com\r\nSubject: " + subject + "\r\n\r\n.line\r\nend\r\n"
		if err := smtp.SendMail(address, nil, "a@example.com", []string{"z@example.com", "b@example.com"}, []byte(message)); err != nil {
			t.Fatal(err)
		}
	}
	send("forgotten")
	m.empty()
	send("=?utf-8?q?Gr=C3=BC=C3=9Fe?=")
	if got, want := encoded(m.received()), `[{"subject":"Grüße","to":["b@example.com","z@example.com"]}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
}
