package notify

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/internal/bounds"
)

// Limits, in bytes where nothing else is said. The host and the SDK refuse what
// exceeds them.
const (
	MaxIDBytes      = 255 // of a delivery's, notification's or event's name, and of a namespace's
	MaxSummaryBytes = 4 << 10
	MaxMessageBytes = 256 << 10
	MaxDataBytes    = 1 << 20
	MaxConfigBytes  = 64 << 10
	MaxReasonBytes  = 4 << 10
	MaxEmails       = 1000
	MaxEmailBytes   = 255
	MaxProblems     = 100 // of one configuration
	// MaxWait is the longest wait that a receiver may ask for.
	MaxWait = 24 * time.Hour
)

// CheckConfig returns errs.Invalid unless config is a JSON object of a good size.
func CheckConfig(config json.RawMessage) error {
	return bounds.Object("the configuration of the notification", config, MaxConfigBytes)
}

// CheckAbout returns errs.Invalid unless about names something.
func CheckAbout(about About) error {
	namespace := bounds.Text{What: "the namespace's name", Value: about.Namespace, Limit: MaxIDBytes}
	if err := bounds.Given(namespace); err != nil {
		return err
	}
	return bounds.Line(namespace, bounds.Text{What: "the repository's name", Value: about.Repository, Limit: MaxIDBytes})
}

// CheckEmails returns errs.Invalid unless there are not too many addresses and each
// can be written into one line.
func CheckEmails(emails []string) error {
	if len(emails) > MaxEmails {
		return errs.New(errs.Invalid, "there are %d e-mail addresses, more than %d", len(emails), MaxEmails)
	}
	for _, email := range emails {
		if err := bounds.Line(bounds.Text{What: "an e-mail address", Value: email, Limit: MaxEmailBytes}); err != nil {
			return err
		}
	}
	return nil
}

// CheckProblems returns errs.Invalid unless there are not too many problems and each can
// be shown. A message has at most MaxReasonBytes, a field MaxIDBytes.
func CheckProblems(problems []Problem) error {
	if len(problems) > MaxProblems {
		return errs.New(errs.Invalid, "there are %d problems, more than %d", len(problems), MaxProblems)
	}
	for _, p := range problems {
		err := bounds.Size(
			bounds.Text{What: "the field of a problem", Value: p.Field, Limit: MaxIDBytes},
			bounds.Text{What: "the message of a problem", Value: p.Message, Limit: MaxReasonBytes},
		)
		if err != nil {
			return err
		}
	}
	return nil
}

// CheckDelivery returns errs.Invalid unless d is as its fields say. The SDK has
// checked every Delivery that a Method is given.
func CheckDelivery(d Delivery) error {
	switch {
	case d.Attempt < 1:
		return errs.New(errs.Invalid, "the attempts are counted from 1, not from %d", d.Attempt)
	case !slices.Contains(Levels(), d.Level):
		return errs.New(errs.Invalid, "the delivery has the unknown level %q", d.Level)
	}
	ids := []bounds.Text{
		{What: "the delivery's id", Value: d.ID, Limit: MaxIDBytes},
		{What: "the notification's id", Value: d.Notification, Limit: MaxIDBytes},
		{What: "the event's name", Value: d.Event, Limit: MaxIDBytes},
	}
	return cmp.Or(
		bounds.Given(ids...),
		bounds.Line(ids...),
		bounds.Line(bounds.Text{What: "the summary", Value: d.Summary, Limit: MaxSummaryBytes}),
		bounds.Size(bounds.Text{What: "the message", Value: d.Message, Limit: MaxMessageBytes}),
		CheckAbout(d.About),
		CheckEmails(d.OwnerEmails),
		bounds.Object("the data of the event", d.Data, MaxDataBytes),
		CheckConfig(d.Config),
	)
}
