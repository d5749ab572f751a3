package actionlog

import (
	"strconv"

	"github.com/quay/quay/core/internal/domain"
)

// Events of quotas and of the policies of namespaces and repositories.

// QuotaCreated and the ones below are those of endpoints/api/namespacequota.py.
// Limits are in bytes: an integer where the request had a number, a float where the
// product has read it from a text such as "200 MB".
func QuotaCreated[N int64 | float64](namespace string, limit N) Event {
	return Event{KindOrgCreateQuota, Metadata{{"namespace", namespace}, {"limit_bytes", number(limit)}, {"limit", bytesText(limit)}}}
}

// QuotaChanged has the limit before.
func QuotaChanged[N int64 | float64](namespace string, limit N, previous int64) Event {
	return Event{KindOrgChangeQuota, Metadata{
		{"namespace", namespace},
		{"limit_bytes", limit},
		{"limit", bytesText(limit)},
		{"previous_limit_bytes", previous},
		{"previous_limit", bytesText(previous)},
	}}
}

// QuotaDeleted has the limit that was.
func QuotaDeleted(namespace string, id, limit int64) Event {
	return Event{KindOrgDeleteQuota, Metadata{
		{"namespace", namespace}, {"quota_id", id}, {"limit_bytes", limit}, {"limit", bytesText(limit)},
	}}
}

// QuotaLimit is a threshold of a quota; its type is written as the request or, once
// stored, the database has it ("warning", "Warning").
type QuotaLimit struct {
	Type    string
	Percent int64
}

// QuotaLimitCreated is a new threshold.
func QuotaLimitCreated(namespace string, l QuotaLimit) Event {
	return Event{KindOrgCreateQuotaLimit, Metadata{{"namespace", namespace}, {"type", l.Type}, {"threshold_percent", l.Percent}}}
}

// QuotaLimitChanged has the threshold before.
func QuotaLimitChanged(namespace string, l, previous QuotaLimit) Event {
	return Event{KindOrgChangeQuotaLimit, Metadata{
		{"namespace", namespace},
		{"type", l.Type},
		{"threshold_percent", l.Percent},
		{"previous_type", previous.Type},
		{"previous_threshold_percent", previous.Percent},
	}}
}

// QuotaLimitDeleted has the threshold that was.
func QuotaLimitDeleted(namespace string, id int64, l QuotaLimit) Event {
	return Event{KindOrgDeleteQuotaLimit, Metadata{
		{"namespace", namespace}, {"limit_id", id}, {"type", l.Type}, {"threshold_percent", l.Percent},
	}}
}

// bytesText is a number of bytes in the largest binary unit that leaves at least
// one of it, with one decimal, as the product's bitmath writes it.
func bytesText[N int64 | float64](n N) string {
	units := []string{"Byte", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	f, i := float64(n), 0
	for ; (f >= 1024 || f <= -1024) && i < len(units)-1; i++ {
		f /= 1024
	}
	return strconv.FormatFloat(f, 'f', 1, 64) + " " + units[i]
}

// PrunePolicy is a policy by which tags are deleted. Value is a number or a text
// such as "2w"; the pattern is nil where none was sent, and so is whether tags that
// match are meant.
type PrunePolicy struct {
	Method         string
	Value          any
	Pattern        *string
	PatternMatches *bool
}

func (p PrunePolicy) members() (method, pattern []Member) {
	return []Member{{"method", p.Method}, {"value", p.Value}},
		[]Member{{"tag_pattern", pointed(p.Pattern)}, {"tag_pattern_matches", pointed(p.PatternMatches)}}
}

// OrganizationPrunePolicySaved is KindCreateNamespaceAutoprunePolicy or
// UpdateNamespaceAutoprunePolicy of an organisation (endpoints/api/policy.py).
func OrganizationPrunePolicySaved(kind Kind, namespace string, p PrunePolicy) Event {
	method, pattern := p.members()
	return Event{kind, append(append(Metadata(method), pattern...), Member{"namespace", namespace})}
}

// UserPrunePolicySaved is the same of a user's own namespace: the members are in
// another order.
func UserPrunePolicySaved(kind Kind, namespace string, p PrunePolicy) Event {
	method, pattern := p.members()
	return Event{kind, append(append(Metadata(method), Member{"namespace", namespace}), pattern...)}
}

// RepositoryPrunePolicySaved is KindCreateRepositoryAutoprunePolicy or
// UpdateRepositoryAutoprunePolicy.
func RepositoryPrunePolicySaved(kind Kind, repo domain.Name, p PrunePolicy) Event {
	e := OrganizationPrunePolicySaved(kind, repo.Namespace, p)
	e.Metadata = append(e.Metadata, Member{"repo", repo.Repository})
	return e
}

// NamespacePrunePolicyDeleted is of an organisation or a user.
func NamespacePrunePolicyDeleted(namespace, uuid string) Event {
	return Event{KindDeleteNamespaceAutoprunePolicy, Metadata{{"policy_uuid", uuid}, {"namespace", namespace}}}
}

// RepositoryPrunePolicyDeleted is of a repository.
func RepositoryPrunePolicyDeleted(repo domain.Name, uuid string) Event {
	return Event{KindDeleteRepositoryAutoprunePolicy, Metadata{
		{"policy_uuid", uuid}, {"namespace", repo.Namespace}, {"repo", repo.Repository},
	}}
}

// ImmutabilityPolicy makes tags immutable.
type ImmutabilityPolicy struct {
	Pattern string
	Matches bool
}

// ImmutabilityPolicySaved is KindCreateImmutabilityPolicy or KindUpdateImmutabilityPolicy;
// for a policy of a whole namespace, repo has no repository
// (endpoints/api/immutability_policy.py).
func ImmutabilityPolicySaved(kind Kind, repo domain.Name, p ImmutabilityPolicy) Event {
	return Event{kind, append(scope(repo), Member{"tag_pattern", p.Pattern}, Member{"tag_pattern_matches", p.Matches})}
}

// ImmutabilityPolicyDeleted is the opposite.
func ImmutabilityPolicyDeleted(repo domain.Name, uuid string) Event {
	return Event{KindDeleteImmutabilityPolicy, append(scope(repo), Member{"policy_uuid", uuid})}
}

// TagsFrozen says how many tags that were there a new policy made immutable
// (data/model/immutability.py).
func TagsFrozen(repo domain.Name, p ImmutabilityPolicy, count int64) Event {
	m := Metadata{
		{"namespace", repo.Namespace}, {"tag_pattern", p.Pattern}, {"tag_pattern_matches", p.Matches}, {"count", count},
	}
	if repo.Repository != "" {
		m = append(m, Member{"repo", repo.Repository})
	}
	return Event{KindTagsMadeImmutableByPolicy, m}
}

// scope begins the metadata of an event of a namespace or one of its repositories.
func scope(repo domain.Name) Metadata {
	m := Metadata{{"namespace", repo.Namespace}}
	if repo.Repository != "" {
		m = append(m, Member{"repo", repo.Repository})
	}
	return m
}
