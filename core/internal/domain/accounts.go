package domain

import (
	"time"

	"github.com/quay/quay/sdk/errs"
)

// Account is an account with everything that its row in "user" has.
type Account struct {
	User
	Profile
	// CustomerID is the account at the payment service; nil is none.
	CustomerID *string
	// InvoiceEmail says that invoices are mailed, to InvoiceAddress or, when that is
	// nil, to the account's address.
	InvoiceEmail   bool
	InvoiceAddress *string
	// TagExpiration is how long a tag that was removed can still be restored; whole
	// seconds.
	TagExpiration time.Duration
	// MaxQueuedBuilds bounds the builds that wait in the namespace; nil is no bound.
	MaxQueuedBuilds *int
	// Created is zero in rows from before the product wrote it down.
	Created time.Time
	// LastAccessed is zero for an account that was not used yet.
	LastAccessed time.Time
}

// Profile is what a person says about himself; nil is nothing.
type Profile struct {
	GivenName  *string
	FamilyName *string
	Company    *string
	Location   *string
}

// TextChange changes one text to Value when Set; nil clears it.
type TextChange struct {
	Set   bool
	Value *string
}

// ProfileChange changes those parts of a profile that are set.
type ProfileChange struct {
	GivenName  TextChange
	FamilyName TextChange
	Company    TextChange
	Location   TextChange
}

// NewAccount is a person's account to be made.
type NewAccount struct {
	Name  string
	Email string
	// PasswordHash is empty for an account that cannot log in with a password.
	PasswordHash    string
	Verified        bool
	TagExpiration   time.Duration
	MaxQueuedBuilds *int
	// Prompts are the questions to be asked after the first login; see the Prompt
	// constants.
	Prompts []string
	// Login is the identity elsewhere that the account is made for; nil is none.
	Login *Login
	// AskForPassword leaves a notification that asks to set a password.
	AskForPassword bool
	Now            time.Time
}

// NewOrganization is an organisation to be made.
type NewOrganization struct {
	Name string
	// Email is empty for an organisation without an address.
	Email string
	// SharedEmail allows the address of a person's account.
	SharedEmail     bool
	TagExpiration   time.Duration
	MaxQueuedBuilds *int
	// Owner becomes a member of the team of owners.
	Owner UserID
	Now   time.Time
}

// Questions that an account can be asked after its login (table userpromptkind).
const (
	PromptConfirmUsername = "confirm_username"
	PromptEnterName       = "enter_name"
	PromptEnterCompany    = "enter_company"
)

// RobotService is the login service of robots' own identities. It is no service
// that anybody logs in with.
const RobotService = "quayrobot"

// Login is an account's identity at an external service (table federatedlogin).
type Login struct {
	Service string
	// Ident is the identity in the terms of the service.
	Ident string
	// Metadata is a JSON object in the product's spelling.
	Metadata string
}

// EmailCodeKind says what an e-mail code is good for.
type EmailCodeKind int

// Kinds of e-mail codes.
const (
	// EmailConfirmation proves that an address is the account's.
	EmailConfirmation EmailCodeKind = iota
	// PasswordReset lets its holder log in once.
	PasswordReset
)

// EmailCode is the stored half of a code that was mailed (table
// emailconfirmation).
type EmailCode struct {
	ID   int64
	Kind EmailCodeKind
	// Code is the public half, by which it is found.
	Code string
	// Hash is the bcrypt hash of the secret half; empty in rows of old versions.
	Hash string
	User UserID
	// NewEmail is the address that the account gets by confirmation; empty is the
	// one it has.
	NewEmail string
	Created  time.Time
}

// Reasons of errors about accounts.
const (
	ReasonNameTaken  = "name_taken"
	ReasonEmailTaken = "email_taken"
)

// NameTaken is the error about a name that another account has.
func NameTaken(name string, organization bool) error {
	by := "user"
	if organization {
		by = "an organization and"
	}
	return &errs.Error{
		Kind: errs.Exists, Reason: ReasonNameTaken,
		Message: "Username has already been taken by " + by + " cannot be reused: " + name,
	}
}

// ErrNameReserved is the error about the name of an account that is being deleted.
var ErrNameReserved = &errs.Error{Kind: errs.Exists, Reason: ReasonNameTaken, Message: "Username is not available"}

// EmailTaken is the error about an address that another person's account has.
func EmailTaken(email string) error {
	return &errs.Error{Kind: errs.Exists, Reason: ReasonEmailTaken, Message: "Email has already been used: " + email}
}
