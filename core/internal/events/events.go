// Package events makes what is queued when something happens to a repository of which
// people want to be told: one item for each of their notifications, for the worker that
// sends them (notifications/__init__.py).
package events

import (
	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/pyjson"
)

// Events makes items. Its fields are what the configuration says.
type Events struct {
	// Scheme and Host are where the registry is (PREFERRED_URL_SCHEME and
	// SERVER_HOSTNAME).
	Scheme, Host string
	// Queue is that of notifications (NOTIFICATION_QUEUE_NAME).
	Queue Queue
}

// Queue makes items, which may be taken at once.
type Queue interface {
	Item(body pyjson.Object, path ...string) domain.NewQueueItem
}

// RepositoryPush is the name of an event, of the table externalnotificationevent.
const RepositoryPush = "repo_push"

// Performer is who did it. The zero value is nobody that is known.
type Performer struct {
	ID   domain.UserID
	Name string
	// Token is that of the request, if there was one.
	Token *actionlog.OAuthToken
}

func (p Performer) data() pyjson.Object {
	data := pyjson.Object{}
	if p.Token != nil {
		data = append(data, pyjson.Member{Name: "oauth_token_id", Value: p.Token.ID},
			pyjson.Member{Name: "oauth_token_application_id", Value: p.Token.ClientID},
			pyjson.Member{Name: "oauth_token_application", Value: p.Token.Application})
	}
	if p.ID != 0 {
		data = append(data, pyjson.Member{Name: "entity_id", Value: int64(p.ID)}, pyjson.Member{Name: "entity_name", Value: p.Name})
	}
	return data
}

// Pushed is a push of tags to a repository.
func (e Events) Pushed(repo *domain.Repository, tags []string, by Performer) domain.RepositoryEvent {
	list := make([]any, len(tags))
	for i, tag := range tags {
		list[i] = tag
	}
	return e.ofRepository(RepositoryPush, repo, by, pyjson.Member{Name: "updated_tags", Value: list})
}

// ofRepository is an event of a repository, with what is said of it beyond the
// repository.
func (e Events) ofRepository(name string, repo *domain.Repository, by Performer, more ...pyjson.Member) domain.RepositoryEvent {
	full := repo.Name.String()
	data := append(pyjson.Object{
		{Name: "repository", Value: full},
		{Name: "namespace", Value: repo.Name.Namespace},
		{Name: "name", Value: repo.Name.Repository},
		{Name: "docker_url", Value: e.Host + "/" + full},
		{Name: "homepage", Value: e.Scheme + "://" + e.Host + "/repository/" + full},
	}, more...)
	performer := by.data()
	return domain.RepositoryEvent{
		Name: name, Repository: repo.ID,
		Item: func(notification string) domain.NewQueueItem {
			return e.Queue.Item(pyjson.Object{
				{Name: "notification_uuid", Value: notification},
				{Name: "event_data", Value: data},
				{Name: "performer_data", Value: performer},
			}, repo.Name.Namespace, repo.Name.Repository, name)
		},
	}
}
