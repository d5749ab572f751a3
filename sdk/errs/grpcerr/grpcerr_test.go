package grpcerr_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
)

// TestPlainErrorsStayAtHome proves that only a message which somebody wrote for people
// crosses the wire, and that the kind does in any case: the text of an error that nobody
// classified may have anything in it.
func TestPlainErrorsStayAtHome(t *testing.T) {
	const secret = "5ec2e7"
	plain := &url.Error{Op: "Get", URL: "https://bucket.example/x?X-Amz-Signature=" + secret, Err: errors.New("no route to host")}
	tests := []struct {
		name string
		err  error
		kind errs.Kind
	}{
		{"of net/http", plain, errs.Internal},
		{"without a message", &errs.Error{Kind: errs.Unavailable, Err: plain}, errs.Unavailable},
		{"of another service", status.Error(codes.Unavailable, "token "+secret), errs.Unavailable},
		{"that ended by a context", errors.Join(context.DeadlineExceeded, plain), errs.Timeout},
		{"with a message", errs.Wrap(errs.NotFound, plain, "there is no such object"), errs.NotFound},
	}
	for _, test := range tests {
		sent := grpcerr.To(test.err)
		s, _ := status.FromError(sent)
		if strings.Contains(s.Message(), secret) || s.Message() == "" {
			t.Errorf("an error %s: the message is %q", test.name, s.Message())
		}
		if got := errs.KindOf(grpcerr.From(sent)); got != test.kind {
			t.Errorf("an error %s: it came as %v, want %v", test.name, got, test.kind)
		}
	}
	sent := grpcerr.To(errs.Wrap(errs.NotFound, plain, "there is no such object"))
	if s, _ := status.FromError(sent); s.Message() != "there is no such object" {
		t.Errorf("the message is %q", s.Message())
	}
}

// TestMessagesOfOthers proves that a plugin's message can be put into a log or an answer
// whatever is in it, and that no text of the error is any longer.
func TestMessagesOfOthers(t *testing.T) {
	for _, message := range []string{
		strings.Repeat("x", 1<<20), strings.Repeat("é", 1<<10) + "x", "a\r\nSet-Cookie: b\u2028c\x00", "\xff\xfe",
	} {
		err := grpcerr.From(status.Error(codes.Unavailable, message))
		var e *errs.Error
		if !errors.As(err, &e) || e.Kind != errs.Unavailable {
			t.Fatalf("the error is %v", err)
		}
		if len(e.Message) > grpcerr.MaxMessageBytes || !utf8.ValidString(e.Message) || strings.ContainsAny(e.Message, "\r\n\x00\u2028") {
			t.Errorf("of %.20q came %.40q with %d bytes", message, e.Message, len(e.Message))
		}
		if len(err.Error()) > 3*grpcerr.MaxMessageBytes || strings.ContainsAny(err.Error(), "\r\n\x00") {
			t.Errorf("of %.20q came an error of %d bytes", message, len(err.Error()))
		}
	}
}

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
