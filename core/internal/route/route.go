// Package route is the table of everything that the host answers: one row for
// each method and path, with what is true of it. Handlers are bound to rows; a
// row without a handler is known and answered, but not by this program.
package route

import (
	"net/http"
	"strings"
)

// Family groups rows by the part of the product that they came from.
type Family string

// Families.
const (
	FamilyV1     Family = "v1"
	FamilyV2     Family = "v2"
	FamilySystem Family = "system"
)

// Auth says how callers of a row are recognised.
type Auth string

// Ways to be recognised.
const (
	AuthNone     Auth = "none"
	AuthBasic    Auth = "basic"
	AuthRegistry Auth = "registry token"
)

// Row is one method of one path.
type Row struct {
	// Method is an HTTP method. A GET row answers HEAD too unless there is a row
	// for it.
	Method string
	// Path has parameters: {name...} for a repository's name with its slashes, at
	// most once, and {x} for one element.
	Path   string
	Family Family
	// Capability is the unit in which the row moves from one product to the other.
	Capability string
	Auth       Auth
	// Scope is what the caller must be allowed to do: "pull", "push" or "".
	Scope string
	// Handler answers; nil when nothing does.
	Handler Handler
}

// Params are the values of a path's parameters.
type Params struct {
	// Name is the value of {name...}.
	Name string
	// Value is the value of {x}; no path has more than one.
	Value string
}

// Handler answers a request that matched a row.
type Handler func(w http.ResponseWriter, r *http.Request, p Params)

// Table finds the row of a request.
type Table struct {
	rows     []Row
	static   map[string]methods
	patterns []pattern
}

// methods are the rows of one path.
type methods map[string]*Row

type pattern struct {
	prefix string
	suffix []string // elements after {name...}; "" stands for {x}
	// slash tells that the path may end in one.
	slash bool
	methods
}

// New builds a table. Rows of one path must differ in their methods.
func New(rows []Row) *Table {
	t := &Table{rows: rows, static: make(map[string]methods)}
	byPath := make(map[string]methods)
	for i := range rows {
		row := &rows[i]
		m, known := byPath[row.Path]
		if !known {
			m = make(methods)
			byPath[row.Path] = m
			t.add(row.Path, m)
		}
		if m[row.Method] != nil {
			panic("route: two rows for " + row.Method + " " + row.Path)
		}
		m[row.Method] = row
	}
	return t
}

const nameParam = "{name...}"

func (t *Table) add(path string, m methods) {
	prefix, rest, found := strings.Cut(path, nameParam)
	if !found {
		t.static[path] = m
		return
	}
	p := pattern{prefix: prefix, methods: m}
	rest, p.slash = strings.CutSuffix(rest, "/")
	for element := range strings.SplitSeq(strings.TrimPrefix(rest, "/"), "/") {
		if strings.HasPrefix(element, "{") {
			element = ""
		}
		p.suffix = append(p.suffix, element)
	}
	t.patterns = append(t.patterns, p)
}

// Rows returns the table's rows in their order.
func (t *Table) Rows() []Row { return t.rows }

// Match finds the row for a method and path. known tells that the path is in the
// table, if only with other methods; those are in allowed.
func (t *Table) Match(method, path string) (row *Row, p Params, known bool, allowed []string) {
	m := t.static[path]
	if m == nil {
		for i := range t.patterns {
			if params, ok := t.patterns[i].match(path); ok {
				m, p = t.patterns[i].methods, params
				break
			}
		}
	}
	if m == nil {
		return nil, Params{}, false, nil
	}
	row = m[method]
	if row == nil && method == http.MethodHead {
		row = m[http.MethodGet]
	}
	if row == nil {
		for name := range m {
			allowed = append(allowed, name)
		}
	}
	return row, p, true, allowed
}

// match compares a path from its end: what is left in the middle is the name.
func (p *pattern) match(path string) (Params, bool) {
	rest, ok := strings.CutPrefix(path, p.prefix)
	if !ok {
		return Params{}, false
	}
	if p.slash {
		rest = strings.TrimSuffix(rest, "/")
	}
	var params Params
	for i := len(p.suffix) - 1; i >= 0; i-- {
		slash := strings.LastIndexByte(rest, '/')
		if slash < 0 {
			return Params{}, false
		}
		element := rest[slash+1:]
		switch want := p.suffix[i]; {
		case want == "" && element != "":
			params.Value = element
		case want == "" || element != want:
			return Params{}, false
		}
		rest = rest[:slash]
	}
	params.Name = rest
	return params, rest != ""
}
