package actionlog

import (
	"time"

	"github.com/quay/quay/core/internal/domain"
)

// Events of repositories and their tags, by way of the API.

// repository begins the metadata of an event of a repository.
func repository(repo domain.Name, more ...Member) Metadata {
	return append(Metadata{{"repo", repo.Repository}, {"namespace", repo.Namespace}}, more...)
}

// RepositoryCreated and the ones below are those of endpoints/api/repository.py.
func RepositoryCreated(repo domain.Name) Event { return Event{KindCreateRepo, repository(repo)} }

// RepositoryDeleted is written without the id of the repository.
func RepositoryDeleted(repo domain.Name) Event { return Event{KindDeleteRepo, repository(repo)} }

// RepositoryDescribed has the new description.
func RepositoryDescribed(repo domain.Name, description string) Event {
	return Event{KindSetRepoDescription, repository(repo, Member{"description", description})}
}

// VisibilityChanged has "public" or "private".
func VisibilityChanged(repo domain.Name, visibility string) Event {
	return Event{KindChangeRepoVisibility, repository(repo, Member{"visibility", visibility})}
}

// TrustChanged says whether the repository is signed.
func TrustChanged(repo domain.Name, enabled bool) Event {
	return Event{KindChangeRepoTrust, repository(repo, Member{"trust_enabled", enabled})}
}

// StateChanged has NORMAL, READ_ONLY or MIRROR.
func StateChanged(repo domain.Name, state string) Event {
	return Event{KindChangeRepoState, repository(repo, Member{"state_changed", state})}
}

// UserPermissionChanged and the three below are those of
// endpoints/api/permission.py; the role of a team has no namespace.
func UserPermissionChanged(repo domain.Name, username, role string) Event {
	return Event{KindChangeRepoPermission, Metadata{
		{"username", username}, {"repo", repo.Repository}, {"namespace", repo.Namespace}, {"role", role},
	}}
}

// UserPermissionDeleted is the opposite of UserPermissionChanged.
func UserPermissionDeleted(repo domain.Name, username string) Event {
	return Event{KindDeleteRepoPermission, Metadata{{"username", username}, {"repo", repo.Repository}, {"namespace", repo.Namespace}}}
}

// TeamPermissionChanged is about a team of the repository's organisation.
func TeamPermissionChanged(repo domain.Name, team, role string) Event {
	return Event{KindChangeRepoPermission, Metadata{{"team", team}, {"repo", repo.Repository}, {"role", role}}}
}

// TeamPermissionDeleted is the opposite of TeamPermissionChanged.
func TeamPermissionDeleted(repo domain.Name, team string) Event {
	return Event{KindDeleteRepoPermission, Metadata{{"team", team}, {"repo", repo.Repository}}}
}

// Notification is a notification of a repository or a namespace.
type Notification struct{ UUID, Event, Method string }

func (n Notification) members() []Member {
	return []Member{{"notification_id", n.UUID}, {"event", n.Event}, {"method", n.Method}}
}

// NotificationChanged is KindAddRepoNotification, KindDeleteRepoNotification or
// ResetRepoNotification (endpoints/api/repositorynotification.py).
func NotificationChanged(kind Kind, repo domain.Name, n Notification) Event {
	return Event{kind, repository(repo, n.members()...)}
}

// Label is a label of a manifest.
type Label struct {
	UUID, Key, Value string
	// MediaType is not said of a label that is deleted.
	MediaType string
}

// LabelAdded is that of endpoints/api/manifest.py.
func LabelAdded(repo domain.Name, manifest domain.Digest, l Label) Event {
	return Event{KindManifestLabelAdd, Metadata{
		{"id", l.UUID},
		{"key", l.Key},
		{"value", l.Value},
		{"manifest_digest", string(manifest)},
		{"media_type", l.MediaType},
		{"namespace", repo.Namespace},
		{"repo", repo.Repository},
	}}
}

// LabelDeleted is that of endpoints/api/manifest.py.
func LabelDeleted(repo domain.Name, manifest domain.Digest, l Label) Event {
	return Event{KindManifestLabelDelete, Metadata{
		{"id", l.UUID},
		{"key", l.Key},
		{"value", l.Value},
		{"manifest_digest", string(manifest)},
		{"namespace", repo.Namespace},
		{"repo", repo.Repository},
	}}
}

// TagExpirationChanged and the ones below are those of endpoints/api/tag.py. A zero
// time is no end.
func TagExpirationChanged(repo domain.Name, username, tag string, end, oldEnd time.Time) Event {
	return Event{KindChangeTagExpiration, Metadata{
		{"username", username},
		{"repo", repo.Repository},
		{"tag", tag},
		{"namespace", repo.Namespace},
		{"expiration_date", seconds(end)},
		{"old_expiration_date", seconds(oldEnd)},
	}}
}

// TagImmutabilityChanged has the new state and the one before.
func TagImmutabilityChanged(repo domain.Name, username, tag string, immutable, previous bool) Event {
	return Event{KindChangeTagImmutability, Metadata{
		{"username", username},
		{"repo", repo.Repository},
		{"tag", tag},
		{"namespace", repo.Namespace},
		{"immutable", immutable},
		{"previous_immutable", previous},
	}}
}

// TagPointed is a tag that was made (KindCreateTag), when there was no original, or else
// moved (KindMoveTag).
func TagPointed(repo domain.Name, username, tag string, manifest, original domain.Digest) Event {
	kind := KindMoveTag
	if original == "" {
		kind = KindCreateTag
	}
	return Event{kind, Metadata{
		{"username", username},
		{"repo", repo.Repository},
		{"tag", tag},
		{"namespace", repo.Namespace},
		{"manifest_digest", string(manifest)},
		{"original_manifest_digest", orNull(string(original))},
	}}
}

// TagDeleted is a deletion by name.
func TagDeleted(repo domain.Name, username, tag string) Event {
	return Event{KindDeleteTag, Metadata{
		{"username", username}, {"repo", repo.Repository}, {"namespace", repo.Namespace}, {"tag", tag},
	}}
}

// TagPermanentlyDeleted is a deletion that leaves nothing to restore.
func TagPermanentlyDeleted(repo domain.Name, username, tag string, manifest domain.Digest) Event {
	return Event{KindPermanentlyDeleteTag, Metadata{
		{"username", username},
		{"repo", repo.Repository},
		{"namespace", repo.Namespace},
		{"tag", tag},
		{"manifest_digest", string(manifest)},
	}}
}

// TagReverted is a tag that names an earlier manifest again; it has no namespace.
func TagReverted(repo domain.Name, username, tag string, manifest domain.Digest) Event {
	return Event{KindRevertTag, Metadata{
		{"username", username}, {"repo", repo.Repository}, {"tag", tag}, {"manifest_digest", string(manifest)},
	}}
}

// TagPruned is a tag that a policy deleted (data/model/autoprune.py).
func TagPruned(repo domain.Name, tag string) Event {
	return Event{KindAutopruneTagDelete, Metadata{
		{"performer", "autoprune worker"}, {"namespace", repo.Namespace}, {"repo", repo.Repository}, {"tag", tag},
	}}
}

// TagFrozen is a new tag that a policy made immutable (data/model/oci/tag.py).
func TagFrozen(repo domain.Name, tag string) Event {
	return Event{KindTagMadeImmutableByPolicy, Metadata{
		{"tag", tag}, {"repo", repo.Repository}, {"namespace", repo.Namespace}, {"immutable", true},
	}}
}

// BuildCancelled is that of endpoints/api/build.py.
func BuildCancelled(uuid string) Event { return Event{KindCancelBuild, Metadata{{"build_uuid", uuid}}} }

// Trigger is a build trigger of a repository.
type Trigger struct {
	UUID, Service string
	// PullRobot is empty when there is none.
	PullRobot string
	Config    Value
}

// TriggerSetUp and the two below are those of endpoints/api/trigger.py.
func TriggerSetUp(repo domain.Name, t Trigger) Event {
	return Event{KindSetupRepoTrigger, repository(
		repo, Member{"trigger_id", t.UUID}, Member{"service", t.Service},
		Member{"pull_robot", orNull(t.PullRobot)}, Member{"config", t.Config.v},
	)}
}

// TriggerToggled says whether the trigger is enabled now.
func TriggerToggled(repo domain.Name, t Trigger, enabled bool) Event {
	return Event{KindToggleRepoTrigger, Metadata{
		{"repo", repo.Repository}, {"trigger_id", t.UUID}, {"service", t.Service}, {"enabled", enabled},
	}}
}

// TriggerDeleted is the opposite of TriggerSetUp.
func TriggerDeleted(repo domain.Name, t Trigger) Event {
	return Event{KindDeleteRepoTrigger, Metadata{{"repo", repo.Repository}, {"trigger_id", t.UUID}, {"service", t.Service}}}
}
