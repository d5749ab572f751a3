package events

import (
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/pyjson"
)

// UserEvent is what a person's client did in the registry, as his browsers are told
// (data/userevent.py).
type UserEvent pyjson.Object

// Done is an action of the kinds of the action log in a repository (util/audit.py).
func Done(action string, repo domain.Name) UserEvent {
	return UserEvent{{Name: "action", Value: action}, {Name: "repository", Value: repo.Repository}, {Name: "namespace", Value: repo.Namespace}}
}

// Began is a request for a registry token: action is push_start, pull_start or login, in
// the repository that was named first (endpoints/v2/v2auth.py).
func Began(action string, repo domain.Name) UserEvent {
	return UserEvent{{Name: "action", Value: action}, {Name: "namespace", Value: repo.Namespace}, {Name: "repository", Value: repo.Repository}}
}

// LoggedIn is a request for a registry token without a repository.
func LoggedIn() UserEvent { return UserEvent{{Name: "action", Value: "login"}} }

// Text is the event as it is sent.
func (e UserEvent) Text() []byte { return pyjson.Form{}.Append(nil, pyjson.Object(e)) }
