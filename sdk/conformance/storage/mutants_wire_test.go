package storage_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/quay/quay/sdk/errs"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	"github.com/quay/quay/sdk/storage"
)

// liar is a connection whose answers are not those of the plugin: what a plugin
// that is not built with the SDK might do.
type liar struct {
	grpc.ClientConnInterface
	// answer changes the answer and the error of a unary call.
	answer func(method string, reply any, err error) error
	// code changes the codes of all errors.
	code map[codes.Code]codes.Code
	// opened is called with each stream's cancellation.
	opened func(method string, cancel context.CancelFunc)
	// before is called before each unary call; true means that it is not made.
	before func(method string) bool
}

func (l liar) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	if l.before != nil && l.before(method) {
		return nil
	}
	err := l.ClientConnInterface.Invoke(ctx, method, args, reply, opts...)
	if l.answer != nil {
		err = l.answer(method, reply, err)
	}
	return l.recode(err)
}

func (l liar) recode(err error) error {
	if code, ok := l.code[status.Code(err)]; ok {
		return status.Error(code, "a lie")
	}
	return err
}

func (l liar) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	ctx, cancel := context.WithCancel(ctx)
	stream, err := l.ClientConnInterface.NewStream(ctx, desc, method, opts...)
	if err != nil {
		cancel()
		return nil, l.recode(err)
	}
	context.AfterFunc(stream.Context(), cancel) // It has ended by then.
	if l.opened != nil {
		l.opened(method, cancel)
	}
	return lyingStream{stream, l}, nil
}

type lyingStream struct {
	grpc.ClientStream
	liar liar
}

func (s lyingStream) RecvMsg(m any) error { return s.liar.recode(s.ClientStream.RecvMsg(m)) }

// lying makes a mutant of a connection; make is called for each connection.
func lying(build func() liar, cases ...string) mutant {
	return mutant{cases: cases, change: func(conn grpc.ClientConnInterface) grpc.ClientConnInterface {
		l := build()
		l.ClientConnInterface = conn
		return l
	}}
}

// recoding makes a mutant that uses another code.
func recoding(from, to codes.Code, cases ...string) mutant {
	return lying(func() liar { return liar{code: map[codes.Code]codes.Code{from: to}} }, cases...)
}

func wireMutants() map[string]mutant {
	const lifecycle = "/quay.plugin.base.v1.Lifecycle/"
	return map[string]mutant{
		"bad names are not found": recoding(codes.InvalidArgument, codes.NotFound,
			"bad-paths", "upload-bad-ids", "sign-refuses", "configure-refuses-what-is-no-object", "list-prefixes"),
		"unknown instances are not found":          recoding(codes.FailedPrecondition, codes.NotFound, "unknown-instance"),
		"missing capabilities are internal errors": withoutCapabilities(recoding(codes.Unimplemented, codes.Internal, "missing-capabilities-are-unsupported")),
		"offsets are invalid": recoding(codes.OutOfRange, codes.InvalidArgument,
			"read-from-an-offset", "upload-refuses-an-offset-beyond-the-end", "upload-descriptor-refuses"),
		"what is missing is an internal error": recoding(codes.NotFound, codes.Internal,
			"missing-object", "descriptor-of-a-missing-object", "copy-of-a-missing-object", "upload-unknown"),
		"too many paths are taken": recoding(codes.Aborted, codes.Internal, "delete-many"),
		"drain does not wait": lying(func() liar {
			return liar{before: func(method string) bool { return method == lifecycle+"Drain" }}
		}, "drain"),
		"validate accepts everything": lying(func() liar {
			return liar{answer: func(method string, reply any, err error) error {
				if resp, ok := reply.(*basev1.ValidateResponse); ok {
					resp.Problems = nil
				}
				return err
			}}
		}, "validate-refuses-what-is-no-object"),
		"configure works once": lying(func() liar {
			var once sync.Once
			return liar{answer: func(method string, _ any, err error) error {
				if method == lifecycle+"Configure" {
					err = status.Error(codes.AlreadyExists, "a lie")
					once.Do(func() { err = nil })
				}
				return err
			}}
		}, "configure-is-idempotent", "two-instances-in-one-process"),
		"configure ends transfers": lying(func() liar {
			var mu sync.Mutex
			var streams []context.CancelFunc
			return liar{
				opened: func(_ string, cancel context.CancelFunc) {
					mu.Lock()
					defer mu.Unlock()
					streams = append(streams, cancel)
				},
				before: func(method string) bool {
					mu.Lock()
					defer mu.Unlock()
					if method == lifecycle+"Configure" {
						for _, cancel := range streams {
							cancel()
						}
					}
					return false
				},
			}
		}, "replace-an-instance-under-transfers"),
	}
}

// withoutCapabilities has a driver of four methods.
func withoutCapabilities(m mutant) mutant {
	m.driver = func(d *disk) storage.Driver {
		return opening(func(storage.Config) (storage.Store, error) { return struct{ storage.Store }{&store{d}}, nil })
	}
	return m
}

// fussy is a driver that finds something wrong when it is asked again.
type fussy struct {
	reference
	asked *int
}

func (f fussy) Validate(storage.Config) []storage.Problem {
	if *f.asked++; *f.asked > 1 {
		return []storage.Problem{{Message: "It was used already."}}
	}
	return nil
}

// making is a driver whose Validate makes a directory.
type making struct{ reference }

func (m making) Validate(storage.Config) []storage.Problem {
	if err := os.Mkdir(m.dir+"/made", 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return []storage.Problem{{Message: err.Error()}}
	}
	return nil
}

// closing is a store whose Close ends its successors, too.
type closing struct {
	*store
	closed *chan struct{}
}

func (c closing) Close() error {
	select {
	case <-*c.closed:
	default:
		close(*c.closed)
	}
	return nil
}

func (c closing) Delete(ctx context.Context, path string) error {
	select {
	case <-*c.closed:
		return errs.New(errs.Unavailable, "the store is closed")
	default:
		return c.store.Delete(ctx, path)
	}
}

type badProbe struct{ *store }

func (badProbe) Probe(context.Context) error { return errors.New("no") }

// deaf is a store that goes on when its caller has given up.
type deaf struct{ *store }

func (d deaf) Put(ctx context.Context, path string, r io.Reader) error {
	err := d.store.Put(ctx, path, r)
	if ctx.Err() != nil {
		time.Sleep(6 * time.Second)
	}
	return err
}

func lifecycleMutants() map[string]mutant {
	return map[string]mutant{
		"validate is fussy": {cases: []string{"validate-accepts-the-configuration"}, driver: func(d *disk) storage.Driver {
			return fussy{reference{d}, new(int)}
		}},
		"validate makes a directory": {cases: []string{"validate-makes-nothing"}, absent: "made", driver: func(d *disk) storage.Driver {
			return making{reference{d}}
		}},
		"close ends the next instance": {cases: []string{"replace-an-instance-under-calls"}, driver: func(d *disk) storage.Driver {
			closed := make(chan struct{})
			return opening(func(storage.Config) (storage.Store, error) { return closing{&store{d}, &closed}, nil })
		}},
		"instances do not share": {cases: []string{"instances-share-the-objects", "upload-goes-on-in-another-instance"}, driver: func(d *disk) storage.Driver {
			return opening(func(cfg storage.Config) (storage.Store, error) {
				if strings.HasSuffix(cfg.Instance, "other") {
					return &store{&disk{dir: d.dir + "/none", objects: map[string]string{}}}, nil
				}
				return &store{d}, nil
			})
		}},
		"the probe fails":           changed(func(s *store) storage.Store { return badProbe{s} }, "probe"),
		"a write goes on by itself": changed(func(s *store) storage.Store { return deaf{s} }, "drain"),
		"objects die with the process": {cases: []string{"objects-after-a-crash", "upload-goes-on-after-a-crash", "append-in-a-crash", "commit-in-a-crash"}, driver: func(d *disk) storage.Driver {
			return opening(func(storage.Config) (storage.Store, error) {
				dir, err := os.MkdirTemp(d.dir, "process")
				return &store{&disk{dir: dir, objects: map[string]string{}, server: d.server}}, err
			})
		}},
	}
}
