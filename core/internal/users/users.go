// Package users holds the rules about accounts: who may log in, and how the first
// account comes to be.
package users

import (
	"context"
	"crypto/rand"
	"errors"
	"runtime"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/password"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	User(ctx context.Context, name string) (*domain.User, error)
	UserByUUID(ctx context.Context, id string) (*domain.User, error)
	AccountByEmail(ctx context.Context, email string) (*domain.Account, error)
	HasPerson(ctx context.Context) (bool, error)
	CountFailedLogin(ctx context.Context, id domain.UserID, at time.Time) error
	ForgetFailedLogins(ctx context.Context, id domain.UserID) error
	CreateUser(ctx context.Context, name, email, passwordHash string) error
}

// Users applies the rules.
type Users struct {
	store Store
	// hashing bounds how many passwords are compared at a time: each takes a core
	// for a quarter of a second.
	hashing chan struct{}
	// turns makes the logins of one account wait for each other, so that each sees
	// the failures before it.
	turns turns
	// decoy is compared with when there is no such account, so that the time it
	// takes does not tell.
	decoy string
}

// New makes the rules.
func New(s Store) *Users {
	return &Users{
		store: s, decoy: password.Decoy,
		hashing: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)), turns: turns{waiting: make(map[string]*turn)},
	}
}

// ErrLogin is the sentinel of credentials that are not accepted. Its message is
// the same whether the account exists or not.
var ErrLogin = &errs.Error{Kind: errs.Unauthenticated, Reason: "invalid_login", Message: "Invalid Username or Password"}

// ErrTooMany is the sentinel of an account that is closed for a while after failed
// logins. The error's Detail is how long, a time.Duration.
var ErrTooMany = &errs.Error{
	Kind: errs.Exhausted, Reason: "too_many_logins", Message: "Too many login attempts. \nPlease reset your Quay password and try again.",
}

// Authenticate returns the person that a name, or an address, and a password belong to.
// After failures an account is closed for a while that doubles each time, and it is
// ErrTooMany then (auth/credentials.py, data/model/user.py). Failures count for organisations and
// robots, too, though nothing is right for them.
func (u *Users) Authenticate(ctx context.Context, login, text string) (*domain.User, error) {
	release, err := u.turns.take(ctx, login)
	if err != nil {
		return nil, err
	}
	defer release()
	select {
	case u.hashing <- struct{}{}:
		defer func() { <-u.hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	user, err := u.find(ctx, login)
	if errs.Is(err, errs.NotFound) {
		_ = password.Matches(u.decoy, text)
		return nil, ErrLogin
	}
	if err != nil {
		return nil, err
	}
	now := time.Now()
	if wait := retryAfter(user).Sub(now); user.InvalidLogins > 0 && wait > 0 {
		closed := *ErrTooMany
		closed.Detail = wait
		return nil, &closed
	}
	if !u.matches(user, text) {
		return nil, errors.Join(ErrLogin, u.store.CountFailedLogin(ctx, user.ID, now))
	}
	if user.InvalidLogins > 0 {
		if err := u.store.ForgetFailedLogins(ctx, user.ID); err != nil {
			return nil, err
		}
	}
	if !user.Enabled {
		return nil, &errs.Error{
			Kind: errs.Unauthenticated, Reason: "invalid_login",
			Message: "This user has been disabled. Please contact your administrator.",
		}
	}
	return user, nil
}

// find returns the account of a name or, as no name has an "@", of an address.
func (u *Users) find(ctx context.Context, login string) (*domain.User, error) {
	if !isASCII(login) {
		return nil, errNoAccount
	}
	if !strings.Contains(login, "@") {
		return u.store.User(ctx, login)
	}
	account, err := u.store.AccountByEmail(ctx, login)
	if err != nil {
		return nil, err
	}
	return &account.User, nil
}

// matches compares a password with an account's. It takes as long where there is none.
func (u *Users) matches(user *domain.User, text string) bool {
	if user.PasswordHash == "" || user.Organization || user.Robot {
		_ = password.Matches(u.decoy, text)
		return false
	}
	return password.Matches(user.PasswordHash, text)
}

// ByUUID returns an enabled account that is no organisation; errs.NotFound otherwise. An
// account keeps its uuid when it becomes one, and sessions and tokens of before know it.
func (u *Users) ByUUID(ctx context.Context, id string) (*domain.User, error) {
	user, err := u.store.UserByUUID(ctx, id)
	if err == nil && (!user.Enabled || user.Organization) {
		return nil, errs.New(errs.NotFound, "the account is disabled, or an organization")
	}
	return user, err
}

// retryAfter is when an account with failed logins may be tried again: half a
// second times 2^n - 1 after the last failure. The wait stops growing at a minute:
// long enough for guessing to be hopeless, and short enough that failing on
// purpose does not keep the account's owner out.
func retryAfter(u *domain.User) time.Time {
	wait := time.Minute
	if u.InvalidLogins < 7 {
		wait = time.Duration(1<<u.InvalidLogins-1) * 500 * time.Millisecond
	}
	return u.LastInvalidLogin.Add(wait)
}

// First is the account that the first start of a registry makes.
type First struct {
	Name     string
	Password string
}

// EnsureFirst makes an account with a random password when there is no person's
// account yet; otherwise it returns nil. The password is not stored.
func (u *Users) EnsureFirst(ctx context.Context, name string) (*First, error) {
	has, err := u.store.HasPerson(ctx)
	if err != nil || has {
		return nil, err
	}
	f := &First{Name: name, Password: rand.Text()}
	hash, err := password.Hash(f.Password)
	if err != nil {
		return nil, err
	}
	return f, u.store.CreateUser(ctx, f.Name, f.Name+"@localhost", hash)
}
