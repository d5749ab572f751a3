// Package transfer copies a whole database of the product between SQLite and
// PostgreSQL, in either direction: a mirror grows into a site with PostgreSQL, and a
// site fits into one file again.
//
// A copy is one transaction on the target, over one snapshot of the source. So a copy
// that fails, or is killed, leaves the target's rows as they were and is simply begun
// again; there is nothing to resume. Before the transaction is committed everything is
// read back and compared with what was read from the source.
package transfer

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/quay/quay/core/internal/store/record"
	"github.com/quay/quay/sdk/errs"
)

// Options of Copy.
type Options struct {
	// From and To have the schema at schema.Head. To may also be an empty database, or
	// a SQLite file that does not exist: its tables are made then.
	From, To Location
	// Progress is told of each table when it has been written; nil tells nobody.
	Progress func(Table)
}

// Report says what was copied.
type Report struct {
	Tables []Table `json:"tables"`
	// Rewritten are the columns of SQLite with values in forms that PostgreSQL does not
	// have, such as a time with an offset: the copy means the same and has another form.
	Rewritten []Rewritten `json:"rewritten"`
	// LeftOut are tables of the source that are not the product's, and not copied.
	LeftOut []string `json:"left_out"`
}

// Table is what was copied of a table.
type Table struct {
	Name string `json:"table"`
	Rows int64  `json:"rows"`
	// Checksum is of all rows: the same for the same rows, whatever engine has them.
	Checksum string `json:"checksum"`
}

// Rewritten is how many values of a column have another form in the copy.
type Rewritten struct {
	Table  string `json:"table"`
	Column string `json:"column"`
	Values int    `json:"values"`
}

// Copy copies all rows of all tables, with their ids. The target must be at head and
// have no other rows than those that the migrations insert, which make way for those
// of the source. Nobody may write to the target meanwhile; the source may be in use,
// but what is written to it later is not in the copy.
//
// An error of the kind Invalid or Conflict says what the source or the target has that
// stands in the way. After any error the target has the rows that it had; only if the
// connection is lost at the very commit may it have all rows of the source.
func Copy(ctx context.Context, opts Options) (*Report, error) {
	from, err := open(ctx, opts.From, source)
	if err != nil {
		return nil, fmt.Errorf("the source: %w", err)
	}
	defer from.close()
	to, err := open(ctx, opts.To, target)
	if err != nil {
		return nil, fmt.Errorf("the target: %w", err)
	}
	defer to.close()
	c := &copier{from: from, to: to, exact: from.exact() && to.exact(), progress: opts.Progress}
	c.report = Report{Rewritten: []Rewritten{}, LeftOut: []string{}} // which JSON tells from null
	for _, step := range []func(context.Context) error{c.pristine, c.leaveOut, c.survey, c.clear, c.write, c.verify, to.commit} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return &c.report, nil
}

// copier is a copy under way. Its methods are the steps, in their order.
type copier struct {
	from, to database
	// exact is whether the copy has even those values unchanged that the product would
	// not write.
	exact    bool
	progress func(Table)
	report   Report
}

// pristine refuses a target that has anything of its own.
func (c *copier) pristine(ctx context.Context) error {
	fresh, err := openSQLite(ctx, ":memory:", target)
	if err != nil {
		return err
	}
	defer fresh.close()
	for _, t := range record.Tables() {
		want, err := contents(ctx, fresh, t)
		if err != nil {
			return err
		}
		got, err := contents(ctx, c.to, t)
		if err != nil {
			return err
		}
		if !slices.Equal(got, want) {
			return errs.New(errs.Conflict, "the target is in use: its table %s has other rows than a new database has; take a new one", t.Name)
		}
	}
	return nil
}

// mostEnumRows is more than the migrations insert into any table.
const mostEnumRows = 1000

// contents are the rows of a small table in an order of their own. Ids do not count:
// they depend on the versions that a database went through.
func contents(ctx context.Context, d database, t *record.Table) ([]string, error) {
	var rows []string
	for r, err := range read(ctx, d, t) {
		if err != nil {
			return nil, err
		}
		values := t.Values(r)
		if t.Columns[t.KeyIndex()].Kind != record.Text {
			values[t.KeyIndex()] = nil
		}
		if rows = append(rows, string(encode(nil, values))); len(rows) > mostEnumRows {
			break
		}
	}
	slices.Sort(rows)
	return rows, nil
}

// leaveOut notes the tables that nobody copies.
func (c *copier) leaveOut(ctx context.Context) error {
	return c.from.query(ctx, c.from.tables(), nil, func(values []any) error {
		// What was done to one database is not true of another one.
		if name, _ := values[0].(string); name != "quay_migration" && record.Lookup(name) == nil {
			c.report.LeftOut = append(c.report.LeftOut, name)
		}
		return nil
	})
}

// mostProblems is how many problems an error lists.
const mostProblems = 20

// survey looks for what the target would refuse, so that all of it can be repaired at
// once, and for what it changes.
func (c *copier) survey(ctx context.Context) error {
	problems, count, err := c.from.dangling(ctx, mostProblems)
	if err != nil {
		return err
	}
	if c.from.exact() && !c.exact {
		for _, t := range record.Tables() {
			rewritten := map[string]int{}
			for r, err := range read(ctx, c.from, t) {
				if err != nil {
					return err
				}
				_, found := t.ToPostgres(r)
				for _, p := range found {
					if count++; len(problems) < mostProblems {
						problems = append(problems, p.Error())
					}
				}
				for column := range record.OddOf(r) {
					rewritten[column]++
				}
			}
			for _, column := range t.Columns {
				if n := rewritten[column.Name]; n > 0 {
					c.report.Rewritten = append(c.report.Rewritten, Rewritten{t.Name, column.Name, n})
				}
			}
		}
	}
	if count > 0 {
		return errs.New(errs.Invalid, "nothing was copied: %d values of the source stand in the way, such as these:\n  %s",
			count, strings.Join(problems, "\n  "))
	}
	return nil
}

// clear makes room for the enum rows of the source.
func (c *copier) clear(ctx context.Context) error {
	for _, t := range slices.Backward(record.Tables()) {
		if err := c.to.exec(ctx, deleteAll(t)); err != nil {
			return fmt.Errorf("empty %s: %w", t.Name, err)
		}
	}
	return nil
}

// write copies the tables, each after those that it refers to.
func (c *copier) write(ctx context.Context) error {
	for _, t := range record.Tables() {
		sum := c.tally(t)
		if err := c.to.insert(ctx, t, sum.through(read(ctx, c.from, t))); err != nil {
			return fmt.Errorf("write %s: %w", t.Name, err)
		}
		done := sum.table()
		c.report.Tables = append(c.report.Tables, done)
		if c.progress != nil {
			c.progress(done)
		}
	}
	return nil
}

// verify reads everything back.
func (c *copier) verify(ctx context.Context) error {
	for i, t := range record.Tables() {
		sum := c.tally(t)
		for _, err := range sum.through(read(ctx, c.to, t)) {
			if err != nil {
				return fmt.Errorf("read back %s: %w", t.Name, err)
			}
		}
		if got, want := sum.table(), c.report.Tables[i]; got != want {
			return errs.New(errs.Corrupt, "the copy of %s differs: it has %d rows with the checksum %s, the source %d with %s",
				t.Name, got.Rows, got.Checksum, want.Rows, want.Checksum)
		}
	}
	problems, count, err := c.to.dangling(ctx, mostProblems)
	if err == nil && count > 0 {
		err = errs.New(errs.Corrupt, "the copy has %d broken references:\n  %s", count, strings.Join(problems, "\n  "))
	}
	return err
}

func (c *copier) tally(t *record.Table) *tally {
	if c.exact {
		return newTally(t, t.ToSQLite)
	}
	return newTally(t, t.Values)
}

// batch is how many rows one query reads.
const batch = 1000

var errStop = errors.New("no more rows are wanted")

// read yields the rows of a table in the order of their keys. It asks for them in
// batches, so that no query is open for long.
func read(ctx context.Context, d database, t *record.Table) iter.Seq2[record.Row, error] {
	key := t.KeyIndex()
	return func(yield func(record.Row, error) bool) {
		q, args := selectFirst(t, d.column), []any(nil)
		for count := batch; count == batch; {
			count = 0
			var last any
			err := d.query(ctx, q, args, func(values []any) error {
				count++
				last = values[key]
				r, err := d.row(t, values)
				if !yield(r, err) || err != nil {
					return errStop
				}
				return nil
			})
			if errors.Is(err, errStop) {
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("read %s: %w", t.Name, err))
				return
			}
			q, args = selectNext(t, d.column), []any{last}
		}
	}
}
