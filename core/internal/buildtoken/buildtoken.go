// Package buildtoken makes and checks the tokens with which builders talk to the build
// manager (buildman/build_token.py).
package buildtoken

import (
	"context"
	"encoding/json"
	"time"

	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/sdk/errs"
)

// Tokens signs and checks: *keys.Keys.
type Tokens interface {
	SignToken(ctx context.Context, t keys.Token) (string, error)
	VerifyToken(ctx context.Context, token, audience string, maxLife time.Duration) (*keys.Payload, error)
}

// Kind says what a token is for.
type Kind string

// The kinds of the product.
const (
	// Registration is what a builder gets to begin with.
	Registration Kind = "build_job_registration"
	// Job is what it works with.
	Job Kind = "build_job_token"
)

// Build is what a token is about.
type Build struct {
	// ID is the build's uuid, Job the id of the manager's job.
	ID, Job string
	// Lifetime is how long the job may take, in whole seconds.
	Lifetime time.Duration
}

// about is the context of a token.
type about struct {
	Kind       Kind    `json:"token_type"`
	BuildID    string  `json:"build_id"`
	JobID      string  `json:"job_id"`
	Expiration float64 `json:"expiration"`
}

// Sign makes a token for the manager with that host name.
func Sign(ctx context.Context, t Tokens, manager string, kind Kind, b Build) (string, error) {
	return t.SignToken(ctx, keys.Token{
		Audience: manager, Lifetime: b.Lifetime, Access: struct{}{},
		Context: about{kind, b.ID, b.Job, float64(b.Lifetime / time.Second)},
	})
}

// subject is whose every build token is.
const subject = "(anonymous)"

// Verify checks that a token is one of the kind for the manager. What is wrong with it
// is errs.Unauthenticated.
func Verify(ctx context.Context, t Tokens, manager string, kind Kind, token string) (Build, error) {
	// A build takes as long as it takes: there is no limit to a token's life.
	payload, err := t.VerifyToken(ctx, token, manager, 0)
	if err != nil {
		return Build{}, err
	}
	if payload.Subject != subject {
		return Build{}, errs.New(errs.Unauthenticated, "Wrong sub field in JWT")
	}
	var a about
	if payload.Context == nil || json.Unmarshal(payload.Context, &a) != nil || a.BuildID == "" || a.JobID == "" || a.Kind == "" || a.Expiration == 0 {
		return Build{}, errs.New(errs.Unauthenticated, "Missing context field in JWT")
	}
	if a.Kind != kind {
		return Build{}, errs.New(errs.Unauthenticated, "Build token type in JWT does not match expected type: %s", kind)
	}
	return Build{ID: a.BuildID, Job: a.JobID, Lifetime: time.Duration(a.Expiration) * time.Second}, nil
}
