package users

import (
	"context"
	"errors"
	"slices"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// External is somebody whom another service vouches for.
type External struct {
	Service string
	// Ident is who it is in the terms of the service, and Name a name to be made a user
	// name of.
	Ident string
	Name  string
	// Email is empty when the service does not tell.
	Email         string
	EmailRequired bool
	// Metadata is kept beside the login: a JSON object in the product's spelling; empty
	// is {}.
	Metadata string
	// ConfirmName asks whether the name that was made is right
	// (FEATURE_USERNAME_CONFIRMATION).
	ConfirmName bool
	// AskForPassword leaves a notification that asks to set a password.
	AskForPassword bool
	Prompts        []string
}

func (e External) login() domain.Login {
	if e.Metadata == "" {
		e.Metadata = "{}"
	}
	return domain.Login{Service: e.Service, Ident: e.Ident, Metadata: e.Metadata}
}

// maxSuggestions bounds how many names are tried for a new account.
const maxSuggestions = 2000

var errNoName = errs.New(errs.Exists, "Unable to pick a username. Please report this to your administrator.")

// LoginAccount returns the account that an external identity is linked to and writes
// down that it was used; errs.NotFound when there is none (data/model/user.py,
// verify_federated_login).
func (a *Accounts) LoginAccount(ctx context.Context, service, ident string) (*domain.Account, error) {
	u, err := a.store.LoginAccount(ctx, service, ident)
	if err != nil {
		return nil, err
	}
	return u, a.Touch(ctx, u)
}

// Follow brings the address of a linked account to what the service says
// (data/users/federated.py). ErrEmailUsed when another account has it.
func (a *Accounts) Follow(ctx context.Context, u *domain.Account, email string) error {
	if email == "" || email == u.Email {
		return nil
	}
	if err := a.ChangeEmail(ctx, u.ID, email, u.Verified); err != nil {
		return err
	}
	u.Email = email
	return nil
}

// CreateLinked makes a verified account for somebody of another service, under the
// first free name that Suggest has: rows in user, userprompt, federatedlogin and
// notification. errs.Exists when the identity is linked already or the address is taken
// (data/model/user.py, create_federated_user).
func (a *Accounts) CreateLinked(ctx context.Context, e External) (*domain.Account, error) {
	prompts := slices.Clone(e.Prompts)
	if e.ConfirmName && !slices.Contains(prompts, domain.PromptConfirmUsername) {
		prompts = append(prompts, domain.PromptConfirmUsername)
	}
	login, tried := e.login(), 0
	for name := range Suggest(e.Name) {
		if tried++; tried > maxSuggestions {
			break
		}
		// The product looks whether a name is free, and then makes the account. Looking
		// costs less; what is taken in between is tried with the next name.
		if _, err := a.store.Account(ctx, name); err == nil {
			continue
		} else if !errs.Is(err, errs.NotFound) {
			return nil, err
		}
		row, err := a.row(NewPerson{Name: name, Email: e.Email, EmailRequired: e.EmailRequired, Verified: true, Prompts: prompts})
		if err != nil {
			return nil, err
		}
		row.Login, row.AskForPassword = &login, e.AskForPassword
		u, err := a.store.CreateAccount(ctx, row)
		if !nameTaken(err) {
			return u, err
		}
	}
	return nil, errNoName
}

func nameTaken(err error) bool {
	return errors.Is(err, &errs.Error{Kind: errs.Exists, Reason: domain.ReasonNameTaken})
}

// Attach links an account to an external identity. errs.Exists when it has one of the
// service, or somebody else has the identity.
func (a *Accounts) Attach(ctx context.Context, id domain.UserID, e External) error {
	return a.store.AttachLogin(ctx, id, e.login())
}

// Detach unlinks an account from a service; doing so twice is the same.
func (a *Accounts) Detach(ctx context.Context, id domain.UserID, service string) error {
	return a.store.DetachLogin(ctx, id, service)
}

// Logins lists the external identities of an account.
func (a *Accounts) Logins(ctx context.Context, id domain.UserID) ([]domain.Login, error) {
	all, err := a.store.Logins(ctx, id)
	return slices.DeleteFunc(all, func(l domain.Login) bool { return l.Service == domain.RobotService }), err
}

// Login returns an account's identity at a service; errs.NotFound when it has none.
func (a *Accounts) Login(ctx context.Context, id domain.UserID, service string) (*domain.Login, error) {
	all, err := a.Logins(ctx, id)
	if err != nil {
		return nil, err
	}
	for i, l := range all {
		if l.Service == service {
			return &all[i], nil
		}
	}
	return nil, errs.New(errs.NotFound, "no login of this service")
}
