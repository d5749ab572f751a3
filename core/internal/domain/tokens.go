package domain

import (
	"time"

	"github.com/quay/quay/sdk/errs"
)

type (
	// AppTokenID is the id of a row of appspecificauthtoken.
	AppTokenID int64
	// AccessTokenID is the id of a row of accesstoken.
	AccessTokenID int64
	// ApplicationID is the id of a row of oauthapplication.
	ApplicationID int64
	// OAuthTokenID is the id of a row of oauthaccesstoken.
	OAuthTokenID int64
)

// AppToken is a token that a person made for one program of his.
type AppToken struct {
	ID    AppTokenID
	UUID  string
	User  UserID
	Title string
	// Name is the first half of the token, by which it is found.
	Name string
	// SealedSecret is the second half, encrypted.
	SealedSecret string
	Created      time.Time
	// Expires is zero for a token without an end.
	Expires time.Time
	// LastAccessed is zero for a token that was not used yet.
	LastAccessed time.Time
}

// AccessToken is a token that may do something in one repository.
type AccessToken struct {
	ID AccessTokenID
	// Label is for people; nil is none.
	Label *string
	// Name is the first half of the token, by which it is found.
	Name string
	// SealedCode is the second half, encrypted.
	SealedCode string
	Repository RepositoryID
	// RepositoryName is filled in by lookups.
	RepositoryName Name
	Role           Permission
	// Temporary tokens belong to one build.
	Temporary bool
	// Kind is "build-worker" or "pushpull-token"; empty is none.
	Kind    string
	Created time.Time
}

// Application is an OAuth application of a namespace.
type Application struct {
	ID       ApplicationID
	ClientID string
	// SealedSecret is the client's secret, encrypted; empty is none.
	SealedSecret string
	Organization UserID
	Name         string
	Description  string
	// HomeURI is the application's page and RedirectURI where its users come back to;
	// either may be empty.
	HomeURI     string
	RedirectURI string
	// AvatarEmail is nil when the application has no picture.
	AvatarEmail *string
}

// OAuthToken is an OAuth access token.
type OAuthToken struct {
	ID          OAuthTokenID
	UUID        string
	Application ApplicationID
	User        UserID
	// Scope is as it was asked for: scopes separated by blanks or commas.
	Scope string
	// Label is for people; nil is none.
	Label *string
	// Name is the first part of the token, by which it is found.
	Name string
	// Hash is the bcrypt hash of the rest.
	Hash string
	// Type is "Bearer", or "token" for those that the product's own code makes.
	Type    string
	Expires time.Time
	// Data is JSON about how the token was made; it may be empty.
	Data string
	// Created and LastAccessed are zero when they are not known.
	Created      time.Time
	LastAccessed time.Time
}

// OAuthCode is an authorization code.
type OAuthCode struct {
	ID          int64
	Application ApplicationID
	Scope       string
	// Name is the first part of the code, by which it is found, and Hash the bcrypt
	// hash of the rest.
	Name string
	Hash string
	// Data is JSON about whom the code stands for.
	Data string
}

// Assignment is an authorization that an organisation's administrator offers to an
// account, which becomes a token when the account accepts it.
type Assignment struct {
	ID          int64
	UUID        string
	User        UserID
	Application ApplicationID
	Scope       string
	// RedirectURI and ResponseType are nil when the offer does not say.
	RedirectURI  *string
	ResponseType *string
}

// TokenLimit is the error about one token too many of an application.
func TokenLimit(limit int) error {
	return errs.New(errs.Conflict, "maximum %d non-expired tokens per application", limit)
}
