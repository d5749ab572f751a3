package actionlog

import (
	"slices"

	"github.com/quay/quay/core/internal/domain"
)

// Event is what an entry says happened. The functions that return one write the
// members that the product writes, in its order; the comment above each group names
// its files.
type Event struct {
	Kind     Kind
	Metadata Metadata
}

// OAuthToken identifies the token of a request to the API.
type OAuthToken struct {
	ID          int64
	ClientID    string
	Application string
}

func (t OAuthToken) metadata() Metadata {
	return Metadata{
		{"oauth_token_id", t.ID},
		{"oauth_token_application_id", t.ClientID},
		{"oauth_token_application", t.Application},
	}
}

// With returns the event with the token of the request that caused it
// (endpoints/api/__init__.py, log_action). Nothing is added for a nil token.
func (e Event) With(t *OAuthToken) Event {
	if t != nil {
		e.Metadata = slices.Clone(e.Metadata)
		e.Metadata.merge(t.metadata())
	}
	return e
}

// Caller says by which credential a request to the registry was made
// (auth/context_entity.py). The zero value is an anonymous one.
type Caller struct{ metadata Metadata }

// User is a caller that is a person.
func User(name string) Caller { return Caller{Metadata{{"username", name}}} }

// Robot is a caller that is a robot, "namespace+name".
func Robot(name string) Caller { return Caller{Metadata{{"username", name}, {"is_robot", true}}} }

// AccessToken is a caller with an access token, by its label for people, nil for none.
func AccessToken(label *string) Caller { return Caller{Metadata{{"token", pointed(label)}}} }

// OAuth is a caller with an OAuth token of a user.
func OAuth(t OAuthToken, username string) Caller {
	return Caller{append(t.metadata(), Member{"username", username})}
}

// AppToken is a caller with an app-specific token of a user.
func AppToken(uuid, title, username string) Caller {
	return Caller{Metadata{{"app_specific_token", uuid}, {"app_specific_token_title", title}, {"username", username}}}
}

// Signed is a caller of /v1 with a signed grant, by the grant's data.
func Signed(data Value) Caller { return Caller{Metadata{{"signed", data.v}}} }

// Address is what is known of a client's address (util/ipresolver); an empty
// string is null.
type Address struct {
	Provider, Service, SyncToken, Country, AWSRegion, Continent string
}

func (a Address) metadata() Metadata {
	return Metadata{
		{"provider", orNull(a.Provider)},
		{"service", orNull(a.Service)},
		{"sync_token", orNull(a.SyncToken)},
		{"country_iso_code", orNull(a.Country)},
		{"aws_region", orNull(a.AWSRegion)},
		{"continent", orNull(a.Continent)},
	}
}

// Request is what entries of the registry say of the request (util/audit.py).
type Request struct {
	// UserAgent is the header's value, as it came.
	UserAgent string
	Caller    Caller
	// Address is nil where addresses are not looked up.
	Address *Address
}

// track makes an event of the registry.
func (r Request) track(kind Kind, repo domain.Name, more ...Member) Event {
	m := make(Metadata, 0, 8+len(more))
	m = append(m, Member{"repo", repo.Repository}, Member{"namespace", repo.Namespace}, Member{"user-agent", headerText(r.UserAgent)})
	m.merge(more)
	m.merge(r.Caller.metadata)
	if r.Address != nil {
		m.merge([]Member{{"resolved_ip", r.Address.metadata()}})
	}
	return Event{kind, m}
}

// PullTag is a pull of a manifest by its tag (endpoints/v2/manifest.py).
func (r Request) PullTag(repo domain.Name, tag, mediaType string) Event {
	return r.track(KindPullRepo, repo, Member{"tag", tag}, Member{"mediaType", mediaType})
}

// PullDigest is a pull of a manifest by its digest (endpoints/v2/manifest.py).
func (r Request) PullDigest(repo domain.Name, digest domain.Digest, mediaType string) Event {
	return r.track(KindPullRepo, repo, Member{"manifest_digest", string(digest)}, Member{"mediaType", mediaType})
}

// Push is a push of a manifest to a tag (endpoints/v2/manifest.py). A push by digest
// has no entry: it is part of the push of an index.
func (r Request) Push(repo domain.Name, tag, mediaType string) Event {
	return r.track(KindPushRepo, repo, Member{"tag", tag}, Member{"mediaType", mediaType})
}

// DeleteManifestTag is one tag that a deletion through /v2 ended; reference is what
// the request named, a tag or a digest (endpoints/v2/manifest.py).
func (r Request) DeleteManifestTag(repo domain.Name, tag, reference string) Event {
	return r.track(KindDeleteTag, repo, Member{"tag", tag}, Member{"digest", reference})
}

// PullImages is the request for a repository's images with which a pull through /v1
// begins (endpoints/v1/index.py).
func (r Request) PullImages(repo domain.Name) Event { return r.track(KindPullRepo, repo) }

// PushImages is the request that ends a push through /v1 (endpoints/v1/index.py).
func (r Request) PushImages(repo domain.Name) Event { return r.track(KindPushRepo, repo) }

// DeleteImagesTag is a deletion of a tag through /v1 (endpoints/v1/tag.py).
func (r Request) DeleteImagesTag(repo domain.Name, tag string) Event {
	return r.track(KindDeleteTag, repo, Member{"tag", tag})
}

// ChangeMirror is one changed setting of a repository's mirror
// (endpoints/api/mirror.py). A secret is given as "********".
func (r Request) ChangeMirror(repo domain.Name, setting string, to any) Event {
	return r.track(KindRepoMirrorConfigChanged, repo, Member{"changed", setting}, Member{"to", to})
}

// Refused is a request to /v2 that was not authorized: kind is KindPullRepoFailed,
// PushRepoFailed or KindDeleteTagFailed. reference is what the request named, a digest,
// a tag or nothing (endpoints/api/__init__.py, log_unauthorized).
func Refused(kind Kind, repo domain.Name, reference, message string) Event {
	m := Metadata{{"namespace", repo.Namespace}, {"repo", repo.Repository}}
	if reference != "" {
		name := "tag"
		if _, err := domain.ParseDigest(reference); err == nil {
			name = "manifest_digest"
		}
		m = append(m, Member{name, reference})
	}
	return Event{kind, append(m, Member{"message", message})}
}

// Messages of Refused where it is not the product's error that says why.
const (
	NoSuchNamespace  = "Namespace does not exist"
	NoSuchRepository = "Repository does not exist"
)
