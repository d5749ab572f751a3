package quota

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/pyjson"
)

// Kinds of notices (table notificationkind), and names of events of namespaces (table
// externalnotificationevent).
const (
	warningKind = "quota_warning"
	errorKind   = "quota_error"
)

// tell leaves a notice for whom a namespace belongs to, unless there is one. An upload
// that is refused says more.
func (r *Rules) tell(ctx context.Context, q *domain.Quota, kind string, upload bool) {
	var members pyjson.Object
	if upload {
		members = append(members, pyjson.Member{Name: "severity", Value: "Reject"})
	}
	members = append(members, pyjson.Member{Name: "namespace", Value: q.Name})
	err := r.store.Notify(context.WithoutCancel(ctx), domain.Notice{
		Namespace: q.Namespace, Organization: q.Organization, Kind: kind, Now: r.policy.Clock(),
		Metadata: string(pyjson.Form{}.Append(nil, members)),
		Known:    func(metadata string) bool { return says(metadata, members) },
	})
	r.failed(ctx, "a notice about a quota could not be left", q, err)
}

// says reports whether a JSON object has some members, whatever else it has.
func says(metadata string, members pyjson.Object) bool {
	var has map[string]any
	if json.Unmarshal([]byte(metadata), &has) != nil {
		return false
	}
	for _, m := range members {
		if has[m.Name] != m.Value {
			return false
		}
	}
	return true
}

// Events announces events of a namespace to those of its notifications that want them.
type Events interface {
	// AnnounceQuota puts an event into the queue, once for each notification, and returns
	// how many there are.
	AnnounceQuota(ctx context.Context, e Event) (int, error)
}

// Event is a limit that a namespace has reached.
type Event struct {
	// Name is "quota_warning" or "quota_error".
	Name      string
	Namespace string
	// Threshold is the limit's percentage; Used is how much of the quota is used.
	Threshold, Used int64
	// Usage and Limit are in bytes; the texts are for people.
	Usage, Limit         int64
	UsageText, LimitText string
	// By is whose upload it was; nil is nobody who is known.
	By *domain.User
}

// announce puts the event of a limit into the queue, unless that was done lately.
func (r *Rules) announce(ctx context.Context, q *domain.Quota, v verdict, by *domain.User) {
	if r.policy.Events == nil || v.severity == nothing {
		return
	}
	r.failed(ctx, "an event of a quota could not be announced", q, r.spawn(context.WithoutCancel(ctx), q, v, by))
}

// spawn announces an event. Whoever claims it first does so alone, and gives the claim
// back when that comes to nothing (_do_trigger_quota_notification).
func (r *Rules) spawn(ctx context.Context, q *domain.Quota, v verdict, by *domain.User) error {
	name := warningKind
	if v.severity == reject {
		name = errorKind
	}
	wanted, err := r.store.HasNamespaceNotification(ctx, q.Namespace, name)
	if err != nil || !wanted {
		return err
	}
	now := r.policy.Clock()
	claimed, err := r.store.ClaimQuotaEvent(ctx, q.Namespace, v.percent, now.Add(-r.policy.Cooldown), now)
	if err != nil || !claimed {
		return err
	}
	e := Event{
		Name: name, Namespace: q.Name, Threshold: v.percent, Usage: v.usage, Limit: v.limit,
		UsageText: bytesText(v.usage), LimitText: bytesText(v.limit), By: by,
	}
	if v.limit != 0 {
		e.Used = quotient(v.usage, 100, v.limit)
	}
	n, err := r.policy.Events.AnnounceQuota(ctx, e)
	if err == nil && n > 0 {
		return nil
	}
	if released := r.store.ReleaseQuotaEvent(ctx, q.Namespace, v.percent); err == nil {
		err = released
	}
	return err
}

// bytesText is a number of bytes for people.
func bytesText(bytes int64) string {
	value := float64(bytes)
	units := []string{"bytes", "KB", "MB", "GB", "TB"}
	for value >= 1024 && len(units) > 1 {
		value, units = value/1024, units[1:]
	}
	if units[0] == "bytes" {
		return fmt.Sprintf("%d bytes", bytes)
	}
	return fmt.Sprintf("%.2f %s", value, units[0])
}
