package users

import (
	"context"

	"github.com/quay/quay/core/internal/credential"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/password"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

// Errors of e-mail codes, with the product's messages.
var (
	ErrConfirmationCode = &errs.Error{Kind: errs.Invalid, Reason: "invalid_code", Message: "Invalid email confirmation code"}
	ErrRecoveryCode     = &errs.Error{Kind: errs.Invalid, Reason: "invalid_code", Message: "Invalid recovery code"}
	ErrUnknownEmail     = &errs.Error{Kind: errs.NotFound, Reason: ReasonInvalidEmail, Message: "Email address was not found"}
)

// ConfirmationCode makes a code that proves an address to be the account's: its present
// one, or newEmail, which the account gets when the code comes back. The code does not
// end. The front end mails it.
func (a *Accounts) ConfirmationCode(ctx context.Context, id domain.UserID, newEmail string) (secret.Text, error) {
	if newEmail != "" {
		if err := CheckEmail(newEmail); err != nil {
			return secret.Text{}, err
		}
	}
	return a.newCode(ctx, domain.EmailCode{Kind: domain.EmailConfirmation, User: id, NewEmail: newEmail})
}

// RecoveryCode makes a code with which the account of an address can log in once
// without its password, and returns it with the account. ErrUnknownEmail when there is
// none; whether the client may know is the front end's business.
func (a *Accounts) RecoveryCode(ctx context.Context, email string) (secret.Text, *domain.Account, error) {
	u, err := a.ByEmail(ctx, email)
	if errs.Is(err, errs.NotFound) {
		return secret.Text{}, nil, ErrUnknownEmail
	}
	if err != nil {
		return secret.Text{}, nil, err
	}
	code, err := a.newCode(ctx, domain.EmailCode{Kind: domain.PasswordReset, User: u.ID})
	return code, u, err
}

func (a *Accounts) newCode(ctx context.Context, c domain.EmailCode) (secret.Text, error) {
	code := credential.NewEmailCode()
	hash, err := password.Hash(code.Secret.Reveal())
	if err != nil {
		return secret.Text{}, err
	}
	c.Code, c.Hash, c.Created = code.Name, hash, a.opts.Now()
	if err := a.store.CreateEmailCode(ctx, c); err != nil {
		return secret.Text{}, err
	}
	return code.Text(), nil
}

// Confirmed is what a confirmation code did.
type Confirmed struct {
	*domain.Account
	// OldEmail is the address before; it is empty when the code was for that one.
	OldEmail string
}

// Confirm uses a confirmation code up: the account is verified and has the address.
// ErrConfirmationCode when nobody issued it or it was used, ErrEmailUsed when somebody
// else has the address meanwhile.
func (a *Accounts) Confirm(ctx context.Context, sent string) (*Confirmed, error) {
	code, err := a.findCode(ctx, domain.EmailConfirmation, sent)
	if errs.Is(err, errs.NotFound) {
		return nil, ErrConfirmationCode
	}
	if err != nil {
		return nil, err
	}
	var was Confirmed
	if code.NewEmail != "" {
		before, err := a.store.AccountByID(ctx, code.User)
		if err != nil {
			return nil, err
		}
		was.OldEmail = before.Email
	}
	was.Account, err = a.store.RedeemEmailCode(ctx, *code)
	switch {
	case errs.Is(err, errs.NotFound):
		return nil, ErrConfirmationCode
	case errs.Is(err, errs.Exists):
		return nil, ErrEmailUsed
	case err != nil:
		return nil, err
	}
	return &was, nil
}

// Recover uses a recovery code up and returns its account, which is verified: it got
// the mail. ErrRecoveryCode when nobody issued the code, or it was used or is too old.
func (a *Accounts) Recover(ctx context.Context, sent string) (*domain.Account, error) {
	code, err := a.findCode(ctx, domain.PasswordReset, sent)
	if errs.Is(err, errs.NotFound) {
		return nil, ErrRecoveryCode
	}
	if err != nil {
		return nil, err
	}
	if !credential.EmailCodeAlive(code.Created, a.opts.RecoveryLifetime, a.opts.Now(), nil) {
		if err := a.store.DropEmailCode(ctx, code.ID); err != nil {
			return nil, err
		}
		return nil, ErrRecoveryCode
	}
	u, err := a.store.RedeemEmailCode(ctx, *code)
	if errs.Is(err, errs.NotFound) {
		return nil, ErrRecoveryCode
	}
	return u, err
}

// findCode returns the stored half of a code whose secret half is right;
// errs.NotFound otherwise.
func (a *Accounts) findCode(ctx context.Context, kind domain.EmailCodeKind, sent string) (*domain.EmailCode, error) {
	code, err := credential.ParseEmailCode(sent)
	if err != nil {
		return nil, errs.New(errs.NotFound, "no such code")
	}
	stored, err := a.store.EmailCode(ctx, kind, code.Name)
	if err != nil {
		return nil, err
	}
	if !password.Matches(stored.Hash, code.Secret.Reveal()) {
		return nil, errs.New(errs.NotFound, "no such code")
	}
	return stored, nil
}
