// Package notify is the host's side of a notification plugin: a Method checks the
// configurations of notifications and delivers events.
package notify

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
	sdk "github.com/quay/quay/sdk/notify"
	notifyv1 "github.com/quay/quay/sdk/proto/quay/plugin/notify/v1"
)

// Options of a method. The zero value is good.
type Options struct {
	// Timeout bounds one attempt of a delivery: NOTIFICATION_SEND_TIMEOUT of the
	// configuration. Zero means 10 s.
	Timeout time.Duration
}

// Method is one configured instance of a running notification plugin. Its methods may
// be called from many goroutines.
type Method struct {
	sup      *plugin.Supervisor
	instance string
	opts     Options
}

// NewMethod returns the method called instance of the plugin. The supervisor stays
// the caller's.
func NewMethod(sup *plugin.Supervisor, instance string, opts Options) *Method {
	if opts.Timeout == 0 {
		opts.Timeout = 10 * time.Second
	}
	return &Method{sup: sup, instance: instance, opts: opts}
}

// Name is the name of the instance.
func (m *Method) Name() string { return m.instance }

// Check checks the configuration of a notification before it is stored. The caller
// refuses it also when the owner of one of the Emails has not agreed. It fails with
// errs.Invalid when about names nothing or the configuration is no JSON object of a good
// size.
func (m *Method) Check(ctx context.Context, about sdk.About, config []byte) (sdk.Checked, error) {
	if err := cmp.Or(sdk.CheckAbout(about), sdk.CheckConfig(config)); err != nil {
		return sdk.Checked{}, err
	}
	var checked sdk.Checked
	err := m.sup.Do(ctx, plugin.Call{Idempotent: true}, func(ctx context.Context, g *plugin.Generation) error {
		resp, err := notifyv1.NewNotifyClient(g.Conn()).Check(ctx, &notifyv1.CheckRequest{
			Instance: m.instance, Namespace: about.Namespace, Repository: about.Repository, Config: config,
		})
		if err != nil {
			return err
		}
		checked = sdk.Checked{Emails: resp.GetEmails()}
		for _, p := range resp.GetProblems() {
			checked.Problems = append(checked.Problems, sdk.Problem{Field: p.GetField(), Message: p.GetMessage()})
		}
		if err := cmp.Or(sdk.CheckEmails(checked.Emails), sdk.CheckProblems(checked.Problems)); err != nil {
			return errs.New(errs.Internal, "the notification plugin's answer is wrong: %v", err)
		}
		return nil
	})
	return checked, err
}

// Outcome is what came of an attempt to deliver.
type Outcome struct {
	// Delivered is whether the receiver has the event.
	Delivered bool
	// Final is whether trying again cannot help.
	Final bool
	// Reason is why it was not delivered; it may be shown to the notification's owner.
	Reason string
	// Wait is how long to wait before the next attempt, where the receiver said so; at
	// most a day.
	Wait time.Duration
}

// Deliver makes one attempt. When the plugin crashes under it the attempt is made
// once more with the same id of the delivery, as the next attempt is: a receiver may
// get an event twice, and knows it by the id.
//
// An error says that nothing is known of the receiver: the caller tries again, unless
// it is errs.Invalid, which says that d can never be delivered.
func (m *Method) Deliver(ctx context.Context, d sdk.Delivery) (Outcome, error) {
	if err := sdk.CheckDelivery(d); err != nil {
		return Outcome{}, err
	}
	req := request(m.instance, d)
	var outcome Outcome
	call := plugin.Call{Idempotent: true, Instance: m.instance, Timeout: m.opts.Timeout}
	err := m.sup.Do(ctx, call, func(ctx context.Context, g *plugin.Generation) error {
		resp, err := notifyv1.NewNotifyClient(g.Conn()).Deliver(ctx, req)
		if err != nil {
			return err
		}
		outcome, err = read(resp)
		return err
	})
	return outcome, err
}

// read checks what a plugin says came of an attempt.
func read(resp *notifyv1.DeliverResponse) (Outcome, error) {
	o := Outcome{Reason: resp.GetReason()}
	switch resp.GetOutcome() {
	case notifyv1.Outcome_OUTCOME_DELIVERED:
		return Outcome{Delivered: true}, nil
	case notifyv1.Outcome_OUTCOME_REJECTED:
		o.Final = true
	case notifyv1.Outcome_OUTCOME_LATER:
		wait := min(max(resp.GetRetryAfterMs(), 0), sdk.MaxWait.Milliseconds())
		o.Wait = time.Duration(wait) * time.Millisecond
	default:
		return Outcome{}, errs.New(errs.Internal, "the notification plugin's answer is wrong: it has the outcome %v", resp.GetOutcome())
	}
	if len(o.Reason) > sdk.MaxReasonBytes {
		o.Reason = fmt.Sprintf("The notification plugin gave a reason of %d bytes.", len(o.Reason))
	}
	return o, nil
}

func request(instance string, d sdk.Delivery) *notifyv1.DeliverRequest {
	return &notifyv1.DeliverRequest{
		Instance:     instance,
		Notification: d.Notification,
		Delivery:     d.ID,
		Attempt:      int32(d.Attempt),
		Event:        d.Event,
		Namespace:    d.About.Namespace,
		Repository:   d.About.Repository,
		Level:        level(d.Level),
		Summary:      d.Summary,
		Message:      d.Message,
		Data:         d.Data,
		Config:       d.Config,
		OwnerEmails:  d.OwnerEmails,
	}
}

func level(l sdk.Level) notifyv1.Level {
	switch l {
	case sdk.Primary:
		return notifyv1.Level_LEVEL_PRIMARY
	case sdk.Success:
		return notifyv1.Level_LEVEL_SUCCESS
	case sdk.Warning:
		return notifyv1.Level_LEVEL_WARNING
	case sdk.Error:
		return notifyv1.Level_LEVEL_ERROR
	}
	return notifyv1.Level_LEVEL_INFO
}

// Probe does a cheap operation that shows whether the method works.
func (m *Method) Probe(ctx context.Context) error {
	return m.sup.Do(ctx, plugin.Call{Idempotent: true}, func(ctx context.Context, g *plugin.Generation) error {
		return g.Probe(ctx, m.instance)
	})
}
