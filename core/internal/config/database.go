package config

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/quay/quay/sdk/errs"
)

// Database is where the database is: a SQLite file or a PostgreSQL server.
type Database struct {
	// Path of a SQLite file, or
	Path string
	// URL of a PostgreSQL database, with its password.
	URL string
	// Replicas are the URLs of copies that may answer reads.
	Replicas []string
	// Connections is the greatest number of connections to one server; zero is the
	// store's default.
	Connections int
}

// Replica is one of DB_READ_REPLICAS.
type Replica struct {
	DBURI string `yaml:"DB_URI"`
	// ConnectionArgs are DB_CONNECTION_ARGS; nil means those of the primary.
	ConnectionArgs map[string]any `yaml:"DB_CONNECTION_ARGS"`
}

// Database reads DB_URI, DB_CONNECTION_ARGS and DB_READ_REPLICAS
// (data/database.py, configure). No error repeats a password.
func (c *Config) Database() (Database, error) {
	d, err := database(c.DBURI, c.DBConnectionArgs)
	if err != nil {
		return Database{}, errs.Wrap(errs.KindOf(err), err, "DB_URI")
	}
	if n, ok := c.DBConnectionArgs["max_connections"]; ok && n != nil {
		d.Connections, ok = n.(int)
		if !ok || d.Connections < 1 {
			return Database{}, errs.New(errs.Invalid, "DB_CONNECTION_ARGS: max_connections is a number above zero")
		}
	}
	for i, r := range c.DBReadReplicas {
		args := r.ConnectionArgs
		if args == nil {
			args = c.DBConnectionArgs
		}
		replica, err := database(r.DBURI, args)
		switch {
		case err != nil:
			return Database{}, errs.Wrap(errs.KindOf(err), err, "DB_READ_REPLICAS: number %d", i+1)
		case replica.URL == "" || d.URL == "":
			return Database{}, errs.New(errs.Invalid, "DB_READ_REPLICAS: only PostgreSQL has replicas")
		}
		d.Replicas = append(d.Replicas, replica.URL)
	}
	return d, nil
}

// databaseURL has the form that the product's URLs have. net/url refuses some of
// them: passwords with characters that mean something in a URL.
var databaseURL = regexp.MustCompile(`^([\w+]+)://(?:([^:/]*)(?::([^@]*))?@)?(\[[^/?\]]+\]|[^/:?\[]*)(?::(\d+))?(?:/([^?]*))?(?:\?(.*))?$`)

// database reads one URL with its arguments.
func database(uri string, args map[string]any) (Database, error) {
	// A path is taken as it is, whatever characters it has.
	if path, ok := strings.CutPrefix(uri, "sqlite:///"); ok && path != "" {
		return Database{Path: path}, nil
	}
	part := databaseURL.FindStringSubmatch(uri)
	if part == nil {
		return Database{}, errs.New(errs.Invalid, "write it as sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME")
	}
	scheme, user, password, host, port, name, query := part[1], part[2], part[3], part[4], part[5], part[6], part[7]
	switch scheme {
	case "sqlite":
		return Database{}, errs.New(errs.Invalid, "write it as sqlite:///PATH")
	case "postgresql", "postgres", "postgresql+psycopg2":
	default:
		return Database{}, errs.New(errs.Unsupported, "the engine %q is not supported: sqlite and postgresql are", scheme)
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return Database{}, errs.New(errs.Invalid, "what follows the question mark cannot be read")
	}
	if err := connectionArgs(values, args); err != nil {
		return Database{}, err
	}
	// In a URL of PostgreSQL a plus sign is one, and no space.
	query = strings.ReplaceAll(values.Encode(), "+", "%20")
	u := url.URL{Scheme: "postgresql", Host: host, Path: "/" + unescape(name), RawQuery: query}
	if port != "" {
		u.Host += ":" + port
	}
	switch {
	case password != "":
		u.User = url.UserPassword(unescape(user), unescape(password))
	case user != "": // no password is not an empty one: PGPASSWORD or a file may have it
		u.User = url.User(unescape(user))
	}
	return Database{URL: u.String()}, nil
}

// unescape decodes %XX; what is no such escape stands for itself.
func unescape(s string) string {
	if decoded, err := url.PathUnescape(s); err == nil {
		return decoded
	}
	return s
}

// forPython are arguments that mean something to the product's driver or its pool
// only: connections are kept alive here anyway. max_connections is read elsewhere.
var forPython = []string{
	"autorollback", "keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval", "max_connections",
	"stale_timeout", "tcp_user_timeout", "threadlocals", "timeout",
}

// forPostgres are arguments that mean the same to both drivers.
var forPostgres = []string{
	"application_name", "connect_timeout", "options", "sslcert", "sslkey", "sslmode", "sslpassword", "sslrootcert",
	"sslsni", "target_session_attrs",
}

// connectionArgs puts DB_CONNECTION_ARGS into the query of a URL, which goes before
// them.
func connectionArgs(query url.Values, args map[string]any) error {
	for _, key := range slices.Sorted(maps.Keys(args)) {
		switch {
		case slices.Contains(forPython, key) || query.Has(key):
			continue
		case !slices.Contains(forPostgres, key):
			return errs.New(errs.Unsupported, "DB_CONNECTION_ARGS: %s is not known (known are %s)", key, strings.Join(forPostgres, ", "))
		}
		switch v := args[key].(type) {
		case nil:
		case string:
			query.Set(key, v)
		case int:
			query.Set(key, strconv.Itoa(v))
		default:
			return errs.New(errs.Invalid, "DB_CONNECTION_ARGS: %s is text or a number, not %s", key, fmt.Sprintf("%T", v))
		}
	}
	return nil
}
