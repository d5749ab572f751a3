package users

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/lastaccess"
	"github.com/quay/quay/core/internal/password"
	"github.com/quay/quay/sdk/errs"
)

// AccountStore is what the rules about the life of accounts need of the database.
type AccountStore interface {
	Account(ctx context.Context, name string) (*domain.Account, error)
	AccountByID(ctx context.Context, id domain.UserID) (*domain.Account, error)
	AccountByUUID(ctx context.Context, uuid string) (*domain.Account, error)
	AccountByEmail(ctx context.Context, email string) (*domain.Account, error)
	CreateAccount(ctx context.Context, n domain.NewAccount) (*domain.Account, error)

	SetPassword(ctx context.Context, id domain.UserID, hash string) (uuid string, err error)
	SetEmail(ctx context.Context, id domain.UserID, email string, verified bool) error
	SetProfile(ctx context.Context, id domain.UserID, c domain.ProfileChange) error
	SetEnabled(ctx context.Context, id domain.UserID, enabled bool) error
	SetInvoiceEmail(ctx context.Context, id domain.UserID, mail bool) error
	SetInvoiceAddress(ctx context.Context, id domain.UserID, address string) error
	RaiseMaxBuilds(ctx context.Context, id domain.UserID, n int) error
	EndSessions(ctx context.Context, id domain.UserID) (uuid string, err error)
	SetTagExpiration(ctx context.Context, id domain.UserID, d time.Duration) error
	TouchAccount(ctx context.Context, id domain.UserID, now, since time.Time) error
	RenameAccount(ctx context.Context, id domain.UserID, name string) error

	Prompts(ctx context.Context, id domain.UserID) ([]string, error)
	AddPrompt(ctx context.Context, id domain.UserID, kind string) error
	RemovePrompt(ctx context.Context, id domain.UserID, kind string) error

	CreateEmailCode(ctx context.Context, c domain.EmailCode) error
	EmailCode(ctx context.Context, kind domain.EmailCodeKind, name string) (*domain.EmailCode, error)
	DropEmailCode(ctx context.Context, id int64) error
	RedeemEmailCode(ctx context.Context, c domain.EmailCode) (*domain.Account, error)

	AttachLogin(ctx context.Context, id domain.UserID, l domain.Login) error
	DetachLogin(ctx context.Context, id domain.UserID, service string) error
	LoginAccount(ctx context.Context, service, ident string) (*domain.Account, error)
	Logins(ctx context.Context, id domain.UserID) ([]domain.Login, error)
}

// Defaults are what new accounts and organisations begin with.
type Defaults struct {
	// TagExpiration is how long removed tags are kept; zero is two weeks
	// (DEFAULT_TAG_EXPIRATION).
	TagExpiration time.Duration
	// MaxQueuedBuilds bounds the builds that wait, and SuspectMaxQueuedBuilds those of
	// an account that comes from an address known for abuse; nil is no bound, or no
	// other one (DEFAULT_ and THREAT_NAMESPACE_MAXIMUM_BUILD_COUNT).
	MaxQueuedBuilds        *int
	SuspectMaxQueuedBuilds *int
}

// For returns the tag expiration and the bound of builds of a new account.
func (d Defaults) For(suspect bool) (tagExpiration time.Duration, maxBuilds *int) {
	tagExpiration, maxBuilds = d.TagExpiration, d.MaxQueuedBuilds
	if tagExpiration == 0 {
		tagExpiration = 14 * 24 * time.Hour
	}
	if suspect && d.SuspectMaxQueuedBuilds != nil {
		maxBuilds = d.SuspectMaxQueuedBuilds
	}
	return tagExpiration, maxBuilds
}

// Options of NewAccounts. The zero value of each field has a meaning.
type Options struct {
	Defaults Defaults
	// TagExpirations are those that an account may choose from
	// (TAG_EXPIRATION_OPTIONS); none is no choice.
	TagExpirations []time.Duration
	// RecoveryLifetime is how long a recovery code is good; zero is half an hour
	// (USER_RECOVERY_TOKEN_LIFETIME).
	RecoveryLifetime time.Duration
	LastAccess       lastaccess.Policy
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Accounts applies the rules about the life of people's accounts.
type Accounts struct {
	store AccountStore
	opts  Options
}

// NewAccounts makes the rules.
func NewAccounts(s AccountStore, opts Options) *Accounts {
	if opts.RecoveryLifetime == 0 {
		opts.RecoveryLifetime = 30 * time.Minute
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Accounts{store: s, opts: opts}
}

// NewPerson is a person's account to be made.
type NewPerson struct {
	Name     string
	Email    string
	Password string
	// EmailRequired refuses an account without a good address. Otherwise any address
	// is taken, and an empty one becomes a random text.
	EmailRequired bool
	// Verified accounts need not confirm their address.
	Verified bool
	// Prompts to leave; see DefaultPrompts.
	Prompts []string
	// Suspect says that the request comes from an address known for abuse.
	Suspect bool
}

// Create makes an account with a password: one row in user and one in userprompt for
// each prompt. errs.Invalid says what is wrong with a value, errs.Exists what is taken;
// the messages are the product's (data/model/user.py, create_user).
func (a *Accounts) Create(ctx context.Context, n NewPerson) (*domain.Account, error) {
	if err := CheckPassword(n.Password); err != nil {
		return nil, err
	}
	row, err := a.row(n)
	if err != nil {
		return nil, err
	}
	if row.PasswordHash, err = password.Hash(n.Password); err != nil {
		return nil, err
	}
	return a.store.CreateAccount(ctx, row)
}

// CreateWithoutPassword is Create for an account that gets its password, or its login
// elsewhere, later; n.Password does not count (data/model/user.py,
// create_user_noverify).
func (a *Accounts) CreateWithoutPassword(ctx context.Context, n NewPerson) (*domain.Account, error) {
	row, err := a.row(n)
	if err != nil {
		return nil, err
	}
	return a.store.CreateAccount(ctx, row)
}

// row checks what an account is to be made of.
func (a *Accounts) row(n NewPerson) (domain.NewAccount, error) {
	if n.EmailRequired {
		if err := CheckEmail(n.Email); err != nil {
			return domain.NewAccount{}, err
		}
	} else if n.Email == "" {
		n.Email = uuid.NewString()
	}
	if err := CheckName(n.Name); err != nil {
		return domain.NewAccount{}, err
	}
	expiration, builds := a.opts.Defaults.For(n.Suspect)
	return domain.NewAccount{
		Name: n.Name, Email: n.Email, Verified: n.Verified, Prompts: n.Prompts,
		TagExpiration: expiration, MaxQueuedBuilds: builds, Now: a.opts.Now(),
	}, nil
}

// DefaultPrompts are the questions that a new account is asked where
// FEATURE_USER_METADATA is on.
func DefaultPrompts(metadata bool) []string {
	if !metadata {
		return nil
	}
	return []string{domain.PromptEnterName, domain.PromptEnterCompany}
}

// errNoAccount is what a lookup returns that found nothing of the right kind.
var errNoAccount = errs.New(errs.NotFound, "no such account")

// Person returns a person's account by name; errs.NotFound for anything else.
func (a *Accounts) Person(ctx context.Context, name string) (*domain.Account, error) {
	return a.named(ctx, name, func(u *domain.Account) bool { return !u.Organization && !u.Robot })
}

// Actor returns a person's or a robot's account by name; errs.NotFound for anything
// else.
func (a *Accounts) Actor(ctx context.Context, name string) (*domain.Account, error) {
	return a.named(ctx, name, func(u *domain.Account) bool { return !u.Organization })
}

// Namespace returns a person's account or an organisation by name; errs.NotFound for
// anything else.
func (a *Accounts) Namespace(ctx context.Context, name string) (*domain.Account, error) {
	return a.named(ctx, name, func(u *domain.Account) bool { return !u.Robot })
}

// ActiveNamespace is Namespace for one that is not disabled.
func (a *Accounts) ActiveNamespace(ctx context.Context, name string) (*domain.Account, error) {
	return a.named(ctx, name, func(u *domain.Account) bool { return !u.Robot && u.Enabled })
}

func (a *Accounts) named(ctx context.Context, name string, want func(*domain.Account) bool) (*domain.Account, error) {
	if !isASCII(name) {
		return nil, errNoAccount // and not an error of the database's encoding
	}
	return only(want)(a.store.Account(ctx, name))
}

// ByEmail returns the account, no organisation, of an address; errs.NotFound when there
// is none.
func (a *Accounts) ByEmail(ctx context.Context, email string) (*domain.Account, error) {
	if !isASCII(email) {
		return nil, errNoAccount
	}
	return a.store.AccountByEmail(ctx, email)
}

// ByID returns the account, no organisation, with an id; errs.NotFound when there is
// none.
func (a *Accounts) ByID(ctx context.Context, id domain.UserID) (*domain.Account, error) {
	return only(func(u *domain.Account) bool { return !u.Organization })(a.store.AccountByID(ctx, id))
}

// ByUUID returns the account, no organisation, that sessions know by a uuid;
// errs.NotFound when there is none, also after the sessions were ended.
func (a *Accounts) ByUUID(ctx context.Context, id string) (*domain.Account, error) {
	if id == "" || !isASCII(id) {
		return nil, errNoAccount
	}
	return only(func(u *domain.Account) bool { return !u.Organization })(a.store.AccountByUUID(ctx, id))
}

// only passes an account on that is wanted.
func only(want func(*domain.Account) bool) func(*domain.Account, error) (*domain.Account, error) {
	return func(u *domain.Account, err error) (*domain.Account, error) {
		if err == nil && !want(u) {
			return nil, errNoAccount
		}
		return u, err
	}
}

// isASCII reports whether s is printable ASCII, as all names and most addresses are.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
