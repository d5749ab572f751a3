package config

import (
	"slices"
	"strings"
	"testing"

	"github.com/quay/quay/sdk/errs"
)

// TestDatabase proves which databases DB_URI and DB_CONNECTION_ARGS name, and that
// passwords survive whatever characters they have.
func TestDatabase(t *testing.T) {
	for _, tc := range []struct {
		uri  string
		args map[string]any
		want Database
	}{
		{"sqlite:////var/lib/quay/quay.db", nil, Database{Path: "/var/lib/quay/quay.db"}},
		{"sqlite:///quay.db", map[string]any{"threadlocals": true, "autorollback": true}, Database{Path: "quay.db"}},
		{"postgresql://db/quay", nil, Database{URL: "postgresql://db/quay"}},
		{"postgresql://quay@db/quay", nil, Database{URL: "postgresql://quay@db/quay"}},
		{"postgresql+psycopg2://quay:secret@db:5433/quay", nil, Database{URL: "postgresql://quay:secret@db:5433/quay"}},
		{"postgresql://quay:a/b#c?d%41@db/quay", nil, Database{URL: "postgresql://quay:a%2Fb%23c%3FdA@db/quay"}},
		{"postgresql://quay:50%@db/quay", nil, Database{URL: "postgresql://quay:50%25@db/quay"}},
		{"postgresql://quay:x@[::1]:5432/quay", nil, Database{URL: "postgresql://quay:x@[::1]:5432/quay"}},
		{"postgresql://db/quay?sslmode=disable", map[string]any{"sslmode": "require"}, Database{URL: "postgresql://db/quay?sslmode=disable"}},
		{
			"postgresql://db/quay",
			map[string]any{"options": "-c a=b+c"},
			Database{URL: "postgresql://db/quay?options=-c%20a%3Db%2Bc"},
		},
		{
			"postgresql://db/quay",
			map[string]any{
				"sslmode": "verify-full", "sslrootcert": "/ca.pem", "connect_timeout": 3, "timeout": nil, "max_connections": 40,
				"keepalives": 1, "keepalives_idle": 10,
			},
			Database{URL: "postgresql://db/quay?connect_timeout=3&sslmode=verify-full&sslrootcert=%2Fca.pem", Connections: 40},
		},
	} {
		c := &Config{DBURI: tc.uri, DBConnectionArgs: tc.args}
		got, err := c.Database()
		if err != nil || got.Path != tc.want.Path || got.URL != tc.want.URL || got.Connections != tc.want.Connections {
			t.Errorf("%s: got %+v, %v", tc.uri, got, err)
		}
	}
}

// TestReplicas proves where DB_READ_REPLICAS lead, and whose arguments they use.
func TestReplicas(t *testing.T) {
	c := &Config{
		DBURI: "postgresql://db/quay", DBConnectionArgs: map[string]any{"sslmode": "require"},
		DBReadReplicas: []Replica{
			{DBURI: "postgresql://one/quay"},
			{DBURI: "postgresql://two/quay", ConnectionArgs: map[string]any{"sslmode": "disable"}},
		},
	}
	got, err := c.Database()
	want := []string{"postgresql://one/quay?sslmode=require", "postgresql://two/quay?sslmode=disable"}
	if err != nil || !slices.Equal(got.Replicas, want) {
		t.Errorf("got %v, %v", got.Replicas, err)
	}
}

// TestDatabaseRefused proves that a database which cannot be used is told by the
// key that names it, and never with its password.
func TestDatabaseRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		c    Config
		kind errs.Kind
		says string
	}{
		"nothing":        {Config{}, errs.Invalid, "DB_URI"},
		"mysql":          {Config{DBURI: "mysql+pymysql://quay:hunter2@db/quay"}, errs.Unsupported, "mysql"},
		"a bad port":     {Config{DBURI: "postgresql://quay:hunter2@db:54x/quay"}, errs.Invalid, "DB_URI"},
		"sqlite, a host": {Config{DBURI: "sqlite://quay:hunter2@db/quay"}, errs.Invalid, "DB_URI"},
		"an unknown argument": {
			Config{DBURI: "postgresql://db/quay", DBConnectionArgs: map[string]any{"ssl_mode": "hunter2"}}, errs.Unsupported, "ssl_mode",
		},
		"an argument of another type": {
			Config{DBURI: "postgresql://db/quay", DBConnectionArgs: map[string]any{"sslmode": []any{"hunter2"}}}, errs.Invalid, "sslmode",
		},
		"no connections": {
			Config{DBURI: "postgresql://db/quay", DBConnectionArgs: map[string]any{"max_connections": 0}}, errs.Invalid, "max_connections",
		},
		"a replica of SQLite": {
			Config{DBURI: "sqlite:///quay.db", DBReadReplicas: []Replica{{DBURI: "postgresql://db/quay"}}}, errs.Invalid, "DB_READ_REPLICAS",
		},
		"a replica on SQLite": {
			Config{DBURI: "postgresql://db/quay", DBReadReplicas: []Replica{{DBURI: "sqlite:///quay.db"}}}, errs.Invalid, "DB_READ_REPLICAS",
		},
		"a bad replica": {
			Config{DBURI: "postgresql://db/quay", DBReadReplicas: []Replica{{DBURI: "oracle://quay:hunter2@db/quay"}}}, errs.Unsupported, "number 1",
		},
	} {
		_, err := tc.c.Database()
		if !errs.Is(err, tc.kind) || !strings.Contains(err.Error(), tc.says) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
