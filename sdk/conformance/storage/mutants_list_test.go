package storage_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
)

// listing is a store with another List.
type listing struct {
	*store
	list func(ctx context.Context, prefix string, fn func(storage.Info) error) error
}

func (l listing) List(ctx context.Context, prefix string, fn func(storage.Info) error) error {
	return l.list(ctx, prefix, fn)
}

func listMutant(list func(ctx context.Context, s *store, prefix string, fn func(storage.Info) error) error, cases ...string) mutant {
	return changed(func(s *store) storage.Store {
		return listing{s, func(ctx context.Context, prefix string, fn func(storage.Info) error) error {
			return list(ctx, s, prefix, fn)
		}}
	}, cases...)
}

// listAs lists the objects below a prefix in another order.
func listAs(order func(paths []string) []string, cases ...string) mutant {
	return listMutant(func(ctx context.Context, s *store, prefix string, fn func(storage.Info) error) error {
		for _, path := range order(s.paths(prefix)) {
			info, err := s.Stat(ctx, path)
			if err != nil {
				continue
			}
			if err := fn(info); err != nil {
				return err
			}
		}
		return nil
	}, cases...)
}

func listMutants() map[string]mutant {
	return map[string]mutant{
		"a list is backwards": listAs(func(paths []string) []string { slices.Reverse(paths); return paths }, "list-in-order", "list-many"),
		"a list is in the order of a walk": listAs(func(paths []string) []string {
			slices.SortFunc(paths, func(a, b string) int { return slices.Compare(strings.Split(a, "/"), strings.Split(b, "/")) })
			return paths
		}, "list-in-order"),
		"a list has one page": listAs(func(paths []string) []string { return paths[:min(len(paths), 1000)] }, "list-many", "list-given-up-in-the-middle"),
		"a list has directories only": listMutant(func(ctx context.Context, s *store, prefix string, fn func(storage.Info) error) error {
			if prefix != "" && !strings.HasSuffix(prefix, "/") {
				prefix += "/"
			}
			return s.List(ctx, prefix, fn)
		}, "list-prefixes"),
		"a list has pages by number": listMutant(func(ctx context.Context, s *store, prefix string, fn func(storage.Info) error) error {
			for i := 0; ; i++ {
				time.Sleep(200 * time.Microsecond)
				paths := s.paths(prefix)
				if i >= len(paths) {
					return nil
				}
				if err := fn(storage.Info{Path: paths[i]}); err != nil {
					return err
				}
			}
		}, "lists-while-written"),
		"a list has uploads": listMutant(func(ctx context.Context, s *store, prefix string, fn func(storage.Info) error) error {
			err := s.List(ctx, prefix, fn)
			if prefix == "" && err == nil {
				err = s.listUploads(fn)
			}
			return err
		}, "list-of-unfinished-things"),
		"times are seconds": listMutant(func(ctx context.Context, s *store, prefix string, fn func(storage.Info) error) error {
			return s.List(ctx, prefix, func(info storage.Info) error {
				info.Modified = time.UnixMilli(info.Modified.Unix())
				return fn(info)
			})
		}, "list-times"),
		"lists that are given up leave a lock": changed(func(s *store) storage.Store {
			var lists atomic.Int64
			return listing{s, func(ctx context.Context, prefix string, fn func(storage.Info) error) error {
				if lists.Add(1) > 3 {
					return errs.New(errs.Unavailable, "there are too many lists")
				}
				// Slow, so that the caller has given up by the end.
				time.Sleep(20 * time.Millisecond)
				err := s.List(ctx, prefix, fn)
				if err == nil && ctx.Err() == nil {
					lists.Add(-1)
				}
				return err
			}}
		}, "cancelled-list-ends", "list-given-up-in-the-middle"),
	}
}

// signing is a store with another SignURL.
type signing struct {
	*store
	sign func(ctx context.Context, path, method string, expiry time.Duration) (string, error)
}

func (s signing) SignURL(ctx context.Context, path, method string, expiry time.Duration) (string, error) {
	return s.sign(ctx, path, method, expiry)
}

// served makes a mutant whose URLs another handler serves.
func served(handler func(d *disk, w http.ResponseWriter, r *http.Request), cases ...string) mutant {
	return mutant{cases: cases, driver: func(d *disk) storage.Driver {
		d.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler(d, w, r) })
		return reference{d}
	}}
}

func signMutants() map[string]mutant {
	return map[string]mutant{
		"HEAD is signed for GET": changed(func(s *store) storage.Store {
			return signing{s, func(ctx context.Context, path, _ string, expiry time.Duration) (string, error) {
				return s.SignURL(ctx, path, http.MethodGet, expiry)
			}}
		}, "sign"),
		"URLs live for an hour": changed(func(s *store) storage.Store {
			return signing{s, func(ctx context.Context, path, method string, _ time.Duration) (string, error) {
				return s.SignURL(ctx, path, method, time.Hour)
			}}
		}, "sign-expires"),
		"ranges begin at the beginning": served(func(d *disk, w http.ResponseWriter, r *http.Request) {
			r.Header.Del("Range")
			rec := httptest.NewRecorder()
			d.serve(rec, r)
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(rec.Body.Bytes()[:1000])
		}, "sign-ranges"),
		"what is missing is empty": served(func(*disk, http.ResponseWriter, *http.Request) {}, "sign-a-missing-object"),
		"the signature does not matter": served(func(d *disk, w http.ResponseWriter, r *http.Request) {
			f, err := (&store{d}).OpenFile(r.Context(), strings.TrimPrefix(r.URL.Path, "/"))
			if err != nil {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			defer f.Close()
			http.ServeContent(w, r, "", time.Time{}, f)
		}, "sign-is-for-one-object"),
	}
}
