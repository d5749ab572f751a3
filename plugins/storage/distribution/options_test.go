package distribution_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/quay/quay/plugins/storage/distribution"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
)

// TestValidate proves that a configuration of each driver is accepted, and what is
// wrong with one is found offline, at its place.
func TestValidate(t *testing.T) {
	key := map[string]string{"s3.secretkey": "s"}
	tests := []struct {
		options string
		secrets map[string]string
		fields  []string // of the problems
	}{
		{`{"filesystem": {"rootdirectory": "/registry", "maxthreads": 50}}`, nil, nil},
		{`{"inmemory": {}}`, nil, nil},
		{`{"s3": {"bucket": "b", "region": "us-east-1"}}`, nil, nil},
		{`{"s3": {"bucket": "b", "regionendpoint": "127.0.0.1:9000", "accesskey": "a", "chunksize": 5242880}}`, key, nil},
		{`{"gcs": {"bucket": "b", "rootdirectory": "r"}}`, map[string]string{"gcs.credentials": "{}"}, nil},
		{`{"azure": {"accountname": "a", "container": "c", "credentials": {"type": "shared_key"}}}`, map[string]string{"azure.accountkey": "k"}, nil},
		{
			`{"azure": {"accountname": "a", "container": "c", "credentials": {"type": "client_secret", "clientid": "i", "tenantid": "t"}}}`,
			map[string]string{"azure.credentials.secret": "s"},
			nil,
		},
		{`{}`, nil, []string{""}},
		{`{"inmemory": {}, "filesystem": {"rootdirectory": "/registry"}}`, nil, []string{""}},
		{`{"swift": {}}`, nil, []string{"swift"}},
		{`{"filesystem": {"rootdirectory": "registry"}}`, nil, []string{"filesystem.rootdirectory"}},
		{`{"s3": {"bucket": "b"}}`, nil, []string{"s3.region"}},
		{`{"s3": {"bucket": "b", "region": "r", "accesskey": "a"}}`, nil, []string{"s3.secretkey"}},
		{`{"s3": {"bucket": "b", "region": "r", "accesskey": "a", "secretkey": "s"}}`, nil, []string{"s3.secretkey"}},
		{`{"s3": {"bucket": "b", "region": "r", "chunksize": 1}}`, nil, []string{"s3.chunksize"}},
		{`{"gcs": {"bucket": "b"}}`, nil, []string{"gcs.rootdirectory"}},
		{`{"gcs": {"bucket": "b", "rootdirectory": "r", "chunksize": 262145}}`, nil, []string{"gcs.chunksize"}},
		{`{"gcs": {"bucket": "b", "rootdirectory": "r", "keyfile": "/key"}}`, map[string]string{"gcs.credentials": "{}"}, []string{"gcs.credentials"}},
		{`{"azure": {"accountname": "a", "container": "c", "credentials": {"type": "shared_key"}}}`, nil, []string{"azure.accountkey"}},
		{`{"azure": {"accountname": "a", "container": "c", "credentials": {"type": "client_secret"}}}`, nil, []string{"azure.credentials"}},
		{`{"azure": {"accountname": "a", "container": "c", "max_retries": -1, "credentials": {"type": "default_credentials"}}}`, nil, []string{"azure.max_retries"}},
	}
	driver := distribution.Plugin().Storage
	for _, test := range tests {
		var fields []string
		for _, p := range driver.Validate(storage.Config{Options: json.RawMessage(test.options), Secrets: test.secrets}) {
			fields = append(fields, p.Field)
		}
		if !slices.Equal(fields, test.fields) {
			t.Errorf("%s has problems at %q, not at %q", test.options, fields, test.fields)
		}
	}
}

// TestOpen proves that the driver that a location names is the one that gets its
// parameters and secrets: what only distribution knows to be wrong is found by it.
func TestOpen(t *testing.T) {
	tests := []struct {
		options string
		secrets map[string]string
		want    string // in the error, empty when there is none
	}{
		{`{"inmemory": {}}`, nil, ""},
		{`{"s3": {"bucket": "b", "region": "us-east-1", "accesskey": "a"}}`, map[string]string{"s3.secretkey": "s"}, ""},
		{`{"s3": {"bucket": "b", "region": "nowhere"}}`, nil, "invalid region provided: nowhere"},
		{`{"s3": {"bucket": "b", "region": "us-east-1", "storageclass": "COLD"}}`, nil, "storageclass parameter must be one of"},
		{`{"gcs": {"bucket": "b", "rootdirectory": "r"}}`, map[string]string{"gcs.credentials": "x"}, "gcs.credentials: It must be the text of a JSON object"},
		{`{"gcs": {"bucket": "b", "rootdirectory": "r"}}`, map[string]string{"gcs.credentials": `{"type": "authorized_user"}`}, "'type' field is"},
		{
			`{"azure": {"accountname": "a", "container": "c", "retry_delay": "50ms", "max_retries": 2, "credentials": {"type": "shared_key"}}}`,
			map[string]string{"azure.accountkey": "a2V5"},
			"",
		},
		{
			`{"azure": {"accountname": "a", "container": "c", "credentials": {"type": "shared_key"}}}`,
			map[string]string{"azure.accountkey": "no base64!"},
			"illegal base64",
		},
		{`{"s3": {"bucket": "b"}}`, nil, "s3.region"},
	}
	driver := distribution.Plugin().Storage
	for _, test := range tests {
		_, err := driver.Open(t.Context(), storage.Config{Options: json.RawMessage(test.options), Secrets: test.secrets})
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.options, err)
		case test.want != "" && (!errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s failed with %v, want %q", test.options, err, test.want)
		}
	}
}

// TestMemoryIsShared proves that all locations in memory see the same objects, as those
// of one bucket do: a location that is configured anew keeps them.
func TestMemoryIsShared(t *testing.T) {
	driver := distribution.Plugin().Storage
	cfg := storage.Config{Options: json.RawMessage(`{"inmemory": {}}`)}
	var stores [2]storage.Store
	for i := range stores {
		var err error
		if stores[i], err = driver.Open(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
	}
	if err := stores[0].Put(t.Context(), "a", strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	if info, err := stores[1].Stat(t.Context(), "a"); err != nil || info.Size != 1 {
		t.Errorf("the other location has %+v, %v", info, err)
	}
}
