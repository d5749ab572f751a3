package grpcerr_test

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
)

// TestRoundTrip proves that every kind survives the way through gRPC.
func TestRoundTrip(t *testing.T) {
	for kind := errs.Internal; kind <= errs.Corrupt; kind++ {
		err := grpcerr.From(grpcerr.To(errs.New(kind, "a message")))
		if !errs.Is(err, kind) {
			t.Errorf("%v became %v", kind, err)
		}
	}
}

// TestMessageTooLarge proves that gRPC's own complaint about a message is told from
// a driver's full store, which makes the host drop an upload.
func TestMessageTooLarge(t *testing.T) {
	for message, kind := range map[string]errs.Kind{
		"grpc: received message larger than max (5000000 vs. 4194304)": errs.Internal,
		"the bucket is full": errs.Exhausted,
	} {
		if err := grpcerr.From(status.Error(codes.ResourceExhausted, message)); !errs.Is(err, kind) {
			t.Errorf("%q became %v", message, errs.KindOf(err))
		}
	}
}
