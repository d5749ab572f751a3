package sdk

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/quay/quay/sdk/notify"
	"github.com/quay/quay/sdk/protocol"
	"github.com/quay/quay/sdk/storage"
)

type noDriver struct{}

func (noDriver) Validate(storage.Config) []storage.Problem { return nil }

func (noDriver) Open(context.Context, storage.Config) (storage.Store, error) { return nil, nil }

type noNotify struct{}

func (noNotify) Validate(notify.Config) []notify.Problem { return nil }

func (noNotify) Open(context.Context, notify.Config) (notify.Method, error) { return nil, nil }

func TestRun(t *testing.T) {
	good := Plugin{Name: "x", Version: "1.2.3", Storage: noDriver{}}
	tests := []struct {
		name   string
		plugin Plugin
		args   []string
		status int
		stdout string
		stderr string
	}{
		{"by hand", good, nil, 2, "", "quay-storage-x 1.2.3 is a storage plugin of Quay"},
		{"describe", good, []string{"describe"}, 0, `"version": "1.2.3"`, ""},
		{"another argument", good, []string{"serve"}, 2, "", "describe"},
		{"no name", Plugin{Storage: noDriver{}}, nil, 1, "", "no Name"},
		{"no driver", Plugin{Name: "x"}, []string{"describe"}, 1, "", "no driver"},
		{"two drivers", Plugin{Name: "x", Storage: noDriver{}, Notify: noNotify{}}, []string{"describe"}, 1, "", "exactly one"},
		{"another kind", Plugin{Name: "x", Version: "1", Notify: noNotify{}}, []string{"describe"}, 0, `"quay.plugin.notify.v1.Notify"`, ""},
		{"another kind by hand", Plugin{Name: "x", Version: "1", Notify: noNotify{}}, nil, 2, "", "quay-notify-x 1 is a notify plugin of Quay"},
		{"a bad schema", Plugin{Name: "x", Storage: noDriver{}, ConfigSchema: json.RawMessage("{")}, []string{"describe"}, 1, "", "ConfigSchema"},
	}
	for _, test := range tests {
		var stdout, stderr bytes.Buffer
		status := run(test.plugin, test.args, func(string) string { return "" }, &stdout, &stderr)
		if status != test.status || !strings.Contains(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) {
			t.Errorf("%s: status %d, stdout %q, stderr %q", test.name, status, &stdout, &stderr)
		}
	}
}

func TestDescribe(t *testing.T) {
	var stdout bytes.Buffer
	p := Plugin{Name: "x", Version: "1", Storage: noDriver{}, ConfigSchema: json.RawMessage(`{"type":"object"}`), Capabilities: []string{"storage.list"}}
	run(p, []string{"describe"}, func(string) string { return "" }, &stdout, &stdout)
	var d protocol.Description
	if err := json.Unmarshal(stdout.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	if d.Kind != "storage" || d.Name != "x" || len(d.API) != 1 || d.API[0] != "quay.plugin.storage.v1.Storage" ||
		len(d.Capabilities) != 1 || !json.Valid(d.ConfigSchema) || !strings.HasPrefix(d.Build.Go, "go1.") || d.Build.FIPS140Setting == "" {
		t.Errorf("the description is %+v", d)
	}
}
