// Package notifyserver turns a notify.Driver into the gRPC service
// quay.plugin.notify.v1.Notify.
package notifyserver

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"google.golang.org/grpc"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/internal/instances"
	"github.com/quay/quay/sdk/log"
	"github.com/quay/quay/sdk/notify"
	notifyv1 "github.com/quay/quay/sdk/proto/quay/plugin/notify/v1"
)

// Server serves a driver's methods.
type Server struct {
	notifyv1.UnimplementedNotifyServer
	*instances.Set[notify.Method]
}

// New serves driver.
func New(driver notify.Driver, logger *slog.Logger) *Server {
	return &Server{Set: instances.New(driver, capabilities, probe, logger)}
}

// Register registers the service.
func (s *Server) Register(r grpc.ServiceRegistrar) { notifyv1.RegisterNotifyServer(r, s) }

// capabilities are none: every method can do the same.
func capabilities(notify.Method) ([]string, error) { return nil, nil }

func probe(ctx context.Context, m notify.Method) error {
	if p, ok := m.(notify.Prober); ok {
		return p.Probe(ctx)
	}
	return nil
}

func (s *Server) Check(ctx context.Context, req *notifyv1.CheckRequest) (*notifyv1.CheckResponse, error) {
	about := notify.About{Namespace: req.GetNamespace(), Repository: req.GetRepository()}
	if err := notify.CheckAbout(about); err != nil {
		return nil, err
	}
	if err := notify.CheckConfig(req.GetConfig()); err != nil {
		return nil, err
	}
	ctx, in, err := s.Use(ctx, req.GetInstance())
	if err != nil {
		return nil, err
	}
	defer in.Release()
	checked := in.Driven.Check(ctx, about, req.GetConfig())
	if err := notify.CheckEmails(checked.Emails); err != nil {
		// The addresses are those of the configuration.
		checked = notify.Checked{Problems: []notify.Problem{{Message: err.Error()}}}
	}
	return &notifyv1.CheckResponse{Problems: instances.Problems(cutProblems(checked.Problems)), Emails: checked.Emails}, nil
}

func (s *Server) Deliver(ctx context.Context, req *notifyv1.DeliverRequest) (*notifyv1.DeliverResponse, error) {
	d := delivery(req)
	if err := notify.CheckDelivery(d); err != nil {
		return nil, err
	}
	ctx, in, err := s.Use(ctx, req.GetInstance())
	if err != nil {
		return nil, err
	}
	defer in.Release()
	err = in.Driven.Deliver(ctx, d)
	if err == nil {
		return &notifyv1.DeliverResponse{Outcome: notifyv1.Outcome_OUTCOME_DELIVERED}, nil
	}
	if ctx.Err() != nil {
		return nil, err // The host gave up, and must not take this for the receiver's answer.
	}
	// Only a message reaches the host.
	log.From(ctx).Info("the event was not delivered", "delivery", d, "kind", errs.KindOf(err).String(), "error", errs.Loggable(err))
	return undelivered(err), nil
}

// undelivered is what the host is told of an attempt that failed.
func undelivered(err error) *notifyv1.DeliverResponse {
	resp := &notifyv1.DeliverResponse{
		Outcome:      notifyv1.Outcome_OUTCOME_LATER,
		Reason:       reason(err),
		RetryAfterMs: notify.Wait(err).Milliseconds(),
	}
	if notify.Final(err) {
		resp.Outcome = notifyv1.Outcome_OUTCOME_REJECTED
	}
	return resp
}

// reason is the message of an error that a driver made on purpose. Others say too
// much: the text of an error of HTTP has the URL in it, with what is secret.
func reason(err error) string {
	var known *errs.Error
	if !errors.As(err, &known) || known.Message == "" {
		return "The event could not be delivered. The server's log says why."
	}
	return cut(known.Message, notify.MaxReasonBytes)
}

// cutProblems returns as much of problems as crosses: how many there are, and how long
// they are, may depend on what a user has sent.
func cutProblems(problems []notify.Problem) []notify.Problem {
	result := make([]notify.Problem, 0, min(len(problems), notify.MaxProblems))
	for _, p := range problems[:cap(result)] {
		result = append(result, notify.Problem{Field: cut(p.Field, notify.MaxIDBytes), Message: cut(p.Message, notify.MaxReasonBytes)})
	}
	return result
}

// cut is a text in UTF-8 of at most limit bytes.
func cut(text string, limit int) string {
	return strings.ToValidUTF8(text[:min(len(text), limit)], "?")
}

func delivery(req *notifyv1.DeliverRequest) notify.Delivery {
	return notify.Delivery{
		Notification: req.GetNotification(),
		ID:           req.GetDelivery(),
		Attempt:      int(req.GetAttempt()),
		Event:        req.GetEvent(),
		About:        notify.About{Namespace: req.GetNamespace(), Repository: req.GetRepository()},
		Level:        level(req.GetLevel()),
		Summary:      req.GetSummary(),
		Message:      req.GetMessage(),
		Data:         req.GetData(),
		Config:       req.GetConfig(),
		OwnerEmails:  req.GetOwnerEmails(),
	}
}

// level returns the level of a message. One that is not known, as a newer host may
// send, is shown as information.
func level(l notifyv1.Level) notify.Level {
	switch l {
	case notifyv1.Level_LEVEL_PRIMARY:
		return notify.Primary
	case notifyv1.Level_LEVEL_SUCCESS:
		return notify.Success
	case notifyv1.Level_LEVEL_WARNING:
		return notify.Warning
	case notifyv1.Level_LEVEL_ERROR:
		return notify.Error
	}
	return notify.Info
}
