package users

import (
	"context"
	"slices"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/password"
	"github.com/quay/quay/sdk/errs"
)

// Errors of changes, with the product's messages.
var (
	ErrEmailUsed     = &errs.Error{Kind: errs.Exists, Reason: domain.ReasonEmailTaken, Message: "E-mail address already used"}
	ErrNameUsed      = &errs.Error{Kind: errs.Exists, Reason: domain.ReasonNameTaken, Message: "Username is already in use"}
	ErrTagExpiration = &errs.Error{Kind: errs.Invalid, Reason: "invalid_tag_expiration", Message: "Invalid tag expiration option"}
)

// ChangePassword gives an account another password and returns its new uuid: the
// sessions of before are over. Failed logins are forgotten and the notification that
// asks for a password goes.
func (a *Accounts) ChangePassword(ctx context.Context, id domain.UserID, text string) (uuid string, err error) {
	if err := CheckPassword(text); err != nil {
		return "", err
	}
	hash, err := password.Hash(text)
	if err != nil {
		return "", err
	}
	return a.store.SetPassword(ctx, id, hash)
}

// ChangeEmail gives an account another address. ErrEmailUsed when another account has
// it. The address is not checked, as in the product, where a mail to it does that.
func (a *Accounts) ChangeEmail(ctx context.Context, id domain.UserID, email string, verified bool) error {
	err := a.store.SetEmail(ctx, id, email, verified)
	if errs.Is(err, errs.Exists) {
		return ErrEmailUsed
	}
	return err
}

// Rename gives an account, or an organisation, another name, and its robots with it,
// and takes the prompt that asks for a name. ErrNameUsed when the name is taken, also
// by an account that is being deleted.
func (a *Accounts) Rename(ctx context.Context, id domain.UserID, name string) error {
	if issue := NameIssue(name); issue != "" {
		return &errs.Error{Kind: errs.Invalid, Reason: ReasonInvalidName, Message: "Invalid username " + name + ": " + issue}
	}
	err := a.store.RenameAccount(ctx, id, name)
	if errs.Is(err, errs.Exists) {
		return ErrNameUsed
	}
	return err
}

// ChangeProfile changes what an account says about its person and takes the prompts
// that ask for it.
func (a *Accounts) ChangeProfile(ctx context.Context, id domain.UserID, c domain.ProfileChange) error {
	return a.store.SetProfile(ctx, id, c)
}

// ChangeTagExpiration changes how long removed tags of a namespace are kept, to one of
// the times that the configuration allows.
func (a *Accounts) ChangeTagExpiration(ctx context.Context, id domain.UserID, d time.Duration) error {
	if !slices.Contains(a.opts.TagExpirations, d) {
		return ErrTagExpiration
	}
	return a.store.SetTagExpiration(ctx, id, d)
}

// Enable lets an account, or a namespace, be used, or not. Its sessions, robots and
// tokens stay, and are refused while it is disabled.
func (a *Accounts) Enable(ctx context.Context, id domain.UserID, enabled bool) error {
	return a.store.SetEnabled(ctx, id, enabled)
}

// EndSessions ends the sessions of an account and returns its new uuid.
func (a *Accounts) EndSessions(ctx context.Context, id domain.UserID) (uuid string, err error) {
	return a.store.EndSessions(ctx, id)
}

// MailInvoices says whether invoices of a namespace are mailed.
func (a *Accounts) MailInvoices(ctx context.Context, id domain.UserID, mail bool) error {
	return a.store.SetInvoiceEmail(ctx, id, mail)
}

// ChangeInvoiceAddress says where invoices of a namespace go; empty is its own address.
func (a *Accounts) ChangeInvoiceAddress(ctx context.Context, id domain.UserID, address string) error {
	return a.store.SetInvoiceAddress(ctx, id, address)
}

// RaiseMaxBuilds raises the bound of the builds that wait in a namespace. It changes
// nothing where there is no bound or a higher one.
func (a *Accounts) RaiseMaxBuilds(ctx context.Context, id domain.UserID, n int) error {
	return a.store.RaiseMaxBuilds(ctx, id, n)
}

// Prompts lists the questions that are still open for an account.
func (a *Accounts) Prompts(ctx context.Context, id domain.UserID) ([]string, error) {
	return a.store.Prompts(ctx, id)
}

// HasPrompt reports whether a question is open for an account.
func (a *Accounts) HasPrompt(ctx context.Context, id domain.UserID, kind string) (bool, error) {
	kinds, err := a.store.Prompts(ctx, id)
	return slices.Contains(kinds, kind), err
}

// AddPrompt leaves a question for an account; doing so twice is the same.
func (a *Accounts) AddPrompt(ctx context.Context, id domain.UserID, kind string) error {
	return a.store.AddPrompt(ctx, id, kind)
}

// RemovePrompt takes a question back; doing so twice is the same.
func (a *Accounts) RemovePrompt(ctx context.Context, id domain.UserID, kind string) error {
	return a.store.RemovePrompt(ctx, id, kind)
}

// Touch writes down that an account was used, once in a while.
func (a *Accounts) Touch(ctx context.Context, u *domain.Account) (err error) {
	u.LastAccessed, err = a.opts.LastAccess.Note(u.LastAccessed, a.opts.Now(), func(now, since time.Time) error {
		return a.store.TouchAccount(ctx, u.ID, now, since)
	})
	return err
}
