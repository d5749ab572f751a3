package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// TestStatements proves that both engines understand every statement of this
// package: a wrong table, column or type is found here and not in production.
func TestStatements(t *testing.T) {
	all := statements(t)
	if len(all) < 50 {
		t.Fatalf("only %d statements were found", len(all))
	}
	t.Run("sqlite", func(t *testing.T) {
		s := open(t).engine.(*sqlite)
		for name, text := range all {
			st, err := s.read.PrepareContext(t.Context(), text)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			_ = st.Close()
		}
	})
	t.Run("postgres", func(t *testing.T) {
		conn, err := openServer(t).engine.(*postgresEngine).pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Release()
		for name, text := range all {
			if _, err := conn.Conn().Prepare(t.Context(), name, text); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// statements returns the text of every constant of type statement by its name.
func statements(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]string)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		collect(t, source, all)
	}
	return all
}

// collect adds the statements of one file.
func collect(t testing.TB, source *ast.File, all map[string]string) {
	ast.Inspect(source, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "statement" {
			return true
		}
		for i, name := range spec.Names {
			literal, ok := spec.Values[i].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s is not a literal: this test cannot read it", name.Name)
				continue
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Errorf("%s: %v", name.Name, err)
			}
			all[name.Name] = text
		}
		return true
	})
}

// mayScan are statements that read a table from end to end, and why that is right.
var mayScan = map[string]bool{
	// They go in the order of ids and stop at their limit.
	"publicRepositories": true, "visibleRepositories": true, "allRepositories": true, "anyPerson": true, "oldestLog": true,
	// SQLite looks for rows that refer to the account already, in small tables.
	"insertAccountRow": true, "deleteRobotAccount": true,
	// A worker does it once an hour.
	"deleteExpiredAppTokens": true,
	// Invites that nobody has answered are few; the product has no index of codes and
	// addresses.
	"inviteByCode": true, "invitedEmail": true,
	// Deleting a namespace is rare, and these have no index that would help.
	"dropQueuedItems": true, "robotIDs": true, "purgeProxyCache": true, "purgeSubscriptions": true,
	"purgeSubscriptionsBound": true, "purgeAccount": true,
	// So is approving a service key; paths of notices have an index for equality only.
	"deleteServiceKeyNotices": true,
}

// small are tables that do not grow: enumerations of the product, and names of
// subqueries over them.
var small = map[string]bool{
	"mediatype": true, "imagestoragelocation": true, "visibility": true, "role": true,
	"repositorykind": true, "tagkind": true, "teamrole": true, "logentrykind": true, "ro": true, "tr": true, "days": true, "page": true,
	"quotatype": true, "notificationkind": true, "externalnotificationevent": true, "part": true,
	// One for each namespace that is a cache.
	"proxycacheconfig": true,
}

// grows reports whether a table, or a name for one in a statement, is no small one.
func grows(table string) bool { return !small[table] && table != "CONSTANT" }

// TestNoScans proves that no statement reads a table that grows from end to end:
// what a request costs does not depend on how much the registry holds.
func TestNoScans(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		noScans(t, "SCAN ", sqlitePlans(t, open(t).engine.(*sqlite)), grows)
	})
	t.Run("postgres", func(t *testing.T) {
		// A table is read from end to end only where there is no other way: these are
		// empty.
		noScans(t, "Seq Scan on ", postgresPlans(t, openServer(t).engine.(*postgresEngine), "SET enable_seqscan = off"), grows)
	})
}

// sqlitePlans returns what tells the steps of a statement's plan.
func sqlitePlans(t testing.TB, s *sqlite) func(text string) ([]string, error) {
	return func(text string) (plan []string, err error) {
		err = eachRow(func(r scanner) error {
			var id, parent, unused int
			var step string
			err := r.Scan(&id, &parent, &unused, &step)
			plan = append(plan, step)
			return err
		})(s.read.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, nulls(text)...))
		return plan, err
	}
}

// postgresPlans returns what tells the steps of a statement's plan for any values,
// with some settings.
func postgresPlans(t testing.TB, s *postgresEngine, settings string) func(text string) ([]string, error) {
	conn, err := s.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Release)
	if _, err := conn.Exec(t.Context(), "SET plan_cache_mode = force_generic_plan; "+settings); err != nil {
		t.Fatal(err)
	}
	return func(text string) (plan []string, err error) {
		if _, err := conn.Exec(t.Context(), "DEALLOCATE ALL; PREPARE q AS "+text); err != nil {
			return nil, err
		}
		call := "EXPLAIN (COSTS OFF) EXECUTE q"
		if n := len(nulls(text)); n > 0 {
			call += "(" + strings.Repeat("NULL, ", n-1) + "NULL)"
		}
		rows, err := conn.Query(t.Context(), call, pgx.QueryExecModeSimpleProtocol)
		err = eachPostgresRow(func(r scanner) error {
			var step string
			err := r.Scan(&step)
			plan = append(plan, strings.TrimLeft(step, " ->"))
			return err
		})(rows, err)
		return plan, err
	}
}

// noScans fails the test for each statement whose plan has a step that begins with
// scan and the name of a table that grows.
func noScans(t testing.TB, scan string, explain func(text string) ([]string, error), grows func(table string) bool) {
	for name, text := range statements(t) {
		if mayScan[name] {
			continue
		}
		plan, err := explain(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, step := range plan {
			table, found := strings.CutPrefix(step, scan)
			table, _, _ = strings.Cut(table, " ")
			if found && grows(table) {
				t.Errorf("%s: %s", name, strings.Join(plan, "\n  "))
			}
		}
	}
}

// nulls is a value for each parameter of a statement.
func nulls(text string) (args []any) {
	for n := 1; strings.Contains(text, "$"+strconv.Itoa(n)); n++ {
		args = append(args, nil)
	}
	return args
}
