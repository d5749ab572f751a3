package storage_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"google.golang.org/grpc"

	conformance "github.com/quay/quay/sdk/conformance/storage"
	"github.com/quay/quay/sdk/storage"
)

// mutant is a plugin that breaks one promise.
type mutant struct {
	// cases are those that must find it out.
	cases []string
	// driver makes the driver; nil means the reference.
	driver func(d *disk) storage.Driver
	// change makes a connection that lies; nil means one that does not.
	change func(conn grpc.ClientConnInterface) grpc.ClientConnInterface
	// absent is the name of what Validate must not make, below the disk's directory.
	absent string
}

// opening is a driver whose locations are made by a function. It knows which of
// them is the first of its kind.
type opening func(cfg storage.Config) (storage.Store, error)

func (opening) Validate(storage.Config) []storage.Problem { return nil }

func (o opening) Open(_ context.Context, cfg storage.Config) (storage.Store, error) { return o(cfg) }

// changed makes a mutant of a store that differs from the reference's.
func changed(change func(s *store) storage.Store, cases ...string) mutant {
	return mutant{cases: cases, driver: func(d *disk) storage.Driver {
		return opening(func(storage.Config) (storage.Store, error) { return change(&store{d}), nil })
	}}
}

// mutants by what is wrong with them.
func mutants() map[string]mutant {
	all := map[string]mutant{}
	for _, some := range []map[string]mutant{lifecycleMutants(), wireMutants(), objectMutants(), togetherMutants(), listMutants(), signMutants(), localMutants(), uploadMutants(), commitMutants()} {
		for name, m := range some {
			all[name] = m
		}
	}
	return all
}

// TestMutants proves that each case of the suite finds out at least one plugin that
// breaks the case's promise.
func TestMutants(t *testing.T) {
	t.Parallel()
	proved := map[string]bool{}
	for name, m := range mutants() {
		for _, c := range m.cases {
			proved[c] = true
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m.try(t)
		})
	}
	for _, c := range conformance.Cases() {
		if !proved[c.Name] {
			t.Errorf("no mutant is meant for the case %s", c.Name)
		}
	}
}

// try runs the cases that are meant for a mutant.
func (m mutant) try(t *testing.T) {
	d := newDisk(t)
	var driver storage.Driver = reference{d}
	if m.driver != nil {
		driver = m.driver(d)
	}
	change := func(target conformance.Target) conformance.Target {
		if m.change != nil {
			target.Conn = m.change(target.Conn)
		}
		return target
	}
	opts := conformance.Options{Only: m.cases}
	if m.absent != "" {
		opts.Absent = conformance.Absent{Config: json.RawMessage(`{}`), Path: d.dir + "/" + m.absent}
	}
	var missed []string
	for range attempts {
		if missed = m.missed(t, run(t, driver, opts, change)); len(missed) == 0 {
			return
		}
	}
	for _, c := range missed {
		t.Errorf("the case %s finds nothing wrong", c)
	}
}

// attempts is how often a mutant is tried: some do harm only when calls happen to
// overlap, which a busy machine can keep them from.
const attempts = 5

// missed lists the cases that found nothing in a mutant that is meant for them.
func (m mutant) missed(t *testing.T, results []conformance.Result) (missed []string) {
	var found []string
	for _, r := range results {
		if len(r.Problems) > 0 {
			found = append(found, r.Name)
			t.Logf("%s: %s", r.Name, r.Problems[0])
		}
	}
	for _, c := range m.cases {
		if !slices.Contains(found, c) {
			missed = append(missed, c)
		}
	}
	return missed
}
