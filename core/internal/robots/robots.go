// Package robots holds the rules about robots: accounts of a namespace that programs
// use, with a token instead of a password (data/model/user.py).
package robots

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/quay/quay/core/internal/columns"
	"github.com/quay/quay/core/internal/credential"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/lastaccess"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/core/internal/users"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	Account(ctx context.Context, name string) (*domain.Account, error)
	CreateRobot(ctx context.Context, n domain.NewRobot) (*domain.Robot, error)
	Robot(ctx context.Context, name string) (*domain.Robot, error)
	Robots(ctx context.Context, namespace string, limit int) ([]domain.Robot, error)
	RobotUses(ctx context.Context, namespace string, limit int) ([]domain.RobotUse, error)
	SetRobotMetadata(ctx context.Context, id domain.UserID, description, metadata string) error
	RegenerateRobot(ctx context.Context, id domain.UserID, sealed string) error
	DeleteRobot(ctx context.Context, id domain.UserID) error
	Logins(ctx context.Context, id domain.UserID) ([]domain.Login, error)
	SetLoginMetadata(ctx context.Context, id domain.UserID, service, metadata string) error
	TouchAccount(ctx context.Context, id domain.UserID, now, since time.Time) error
}

// Cipher encrypts and decrypts columns.
type Cipher interface {
	Encrypt(col columns.Column, value secret.Text) (*string, error)
	Decrypt(stored *string) (secret.Text, error)
}

// Options of New. The zero value of each field has a meaning.
type Options struct {
	// Disallowed keeps robots from being made and used (ROBOTS_DISALLOW), but for the
	// use of those in Allowed, by whole names (ROBOTS_WHITELIST).
	Disallowed bool
	Allowed    []string
	LastAccess lastaccess.Policy
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Robots applies the rules.
type Robots struct {
	store  Store
	cipher Cipher
	opts   Options
}

// New makes the rules.
func New(s Store, c Cipher, opts Options) *Robots {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Robots{store: s, cipher: c, opts: opts}
}

// Errors, with the product's messages.
var (
	ErrDisallowed = &errs.Error{
		Kind: errs.Denied, Reason: "robots_disallowed",
		Message: "Robot accounts have been disabled. Please contact your administrator.",
	}
	ErrUnknown  = &errs.Error{Kind: errs.NotFound, Reason: "invalid_robot", Message: "Could not find robot with specified username"}
	ErrToken    = &errs.Error{Kind: errs.Invalid, Reason: "invalid_robot", Message: "Invalid token for robot"}
	ErrMetadata = &errs.Error{Kind: errs.Invalid, Reason: "invalid_robot", Message: "The metadata of a robot is a JSON object"}
)

// maxDescription is what the column holds, in characters; more is cut.
const maxDescription = 255

// NewRobot is a robot to be made.
type NewRobot struct {
	// Short is the robot's name inside the namespace.
	Short       string
	Description string
	// Metadata is a JSON object as the product spells it; empty is {}.
	Metadata string
	// Token is the robot's password, 64 of A to Z and 0 to 9; none makes one.
	Token secret.Text
}

// Create makes a robot and returns it with its token: rows in user, robotaccounttoken,
// federatedlogin and robotaccountmetadata, in this order. errs.Exists when there is one
// of the name.
func (r *Robots) Create(ctx context.Context, owner domain.UserID, n NewRobot) (*domain.Robot, secret.Text, error) {
	if err := r.check(&n); err != nil {
		return nil, secret.Text{}, err
	}
	sealed, err := r.cipher.Encrypt(columns.RobotToken, n.Token)
	if err != nil {
		return nil, secret.Text{}, err
	}
	robot, err := r.store.CreateRobot(ctx, domain.NewRobot{
		Owner: owner, Short: n.Short, SealedToken: *sealed, Description: n.Description, Metadata: n.Metadata, Now: r.opts.Now(),
	})
	return robot, n.Token, err
}

// check refuses what cannot be a robot, and fills in what was left to the rules.
func (r *Robots) check(n *NewRobot) error {
	if r.opts.Disallowed {
		return ErrDisallowed
	}
	if issue := users.NameIssue(n.Short); issue != "" {
		return &errs.Error{
			Kind: errs.Invalid, Reason: "invalid_robot",
			Message: "The name for the robot '" + n.Short + "' is invalid: " + issue,
		}
	}
	switch {
	case !n.Token.IsSet():
		n.Token = credential.NewRobotToken()
	case !validToken(n.Token.Reveal()):
		return ErrToken
	}
	if n.Metadata == "" {
		n.Metadata = "{}"
	}
	n.Description = cut(n.Description)
	return checkMetadata(n.Metadata)
}

func cut(description string) string {
	if runes := []rune(description); len(runes) > maxDescription {
		return string(runes[:maxDescription])
	}
	return description
}

func checkMetadata(text string) error {
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &object) != nil || object == nil {
		return ErrMetadata
	}
	return nil
}

func validToken(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(s) == credential.RobotTokenLength
}

// ByName returns a robot by its whole name; ErrUnknown when there is none.
func (r *Robots) ByName(ctx context.Context, name string) (*domain.Robot, error) {
	for i := range len(name) {
		if name[i] < ' ' || name[i] > '~' {
			return nil, ErrUnknown
		}
	}
	robot, err := r.store.Robot(ctx, name)
	if errs.Is(err, errs.NotFound) {
		return nil, ErrUnknown
	}
	return robot, err
}

// Token returns a robot's token. ErrUnknown when it has none.
func (r *Robots) Token(robot *domain.Robot) (secret.Text, error) {
	if robot.SealedToken == "" {
		return secret.Text{}, ErrUnknown
	}
	return r.cipher.Decrypt(&robot.SealedToken)
}

// anyNumber is the limit of lists without one.
const anyNumber = 1 << 30

// List lists at most limit robots of a namespace, those used last first; zero is all of
// them.
func (r *Robots) List(ctx context.Context, namespace string, limit int) ([]domain.Robot, error) {
	return r.store.Robots(ctx, namespace, bound(limit))
}

// Uses is List with the teams and repositories of each robot.
func (r *Robots) Uses(ctx context.Context, namespace string, limit int) ([]domain.RobotUse, error) {
	return r.store.RobotUses(ctx, namespace, bound(limit))
}

func bound(limit int) int {
	if limit <= 0 {
		return anyNumber
	}
	return limit
}

// Describe changes a robot's description and, unless it is empty, its metadata.
func (r *Robots) Describe(ctx context.Context, id domain.UserID, description, metadata string) error {
	if metadata != "" {
		if err := checkMetadata(metadata); err != nil {
			return err
		}
	}
	return r.store.SetRobotMetadata(ctx, id, cut(description), metadata)
}

// Regenerate gives a robot another token and returns it. The robot's uuid and address
// change, too.
func (r *Robots) Regenerate(ctx context.Context, id domain.UserID) (secret.Text, error) {
	token := credential.NewRobotToken()
	sealed, err := r.cipher.Encrypt(columns.RobotToken, token)
	if err != nil {
		return secret.Text{}, err
	}
	return token, r.store.RegenerateRobot(ctx, id, *sealed)
}

// Delete deletes a robot with its token, metadata and login, its permissions,
// memberships and notifications, and the default permissions about it; builds and
// triggers that pulled as it pull as nobody. domain.ErrRobotMirrors when a mirror works
// as it: the product would delete the mirror's configuration or fail.
func (r *Robots) Delete(ctx context.Context, name string) error {
	robot, err := r.ByName(ctx, name)
	if err != nil {
		return &errs.Error{
			Kind: errs.KindOf(err), Reason: "invalid_robot", Message: "Could not find robot with username: " + name, Err: err,
		}
	}
	return r.store.DeleteRobot(ctx, robot.ID)
}

// Reasons of refusals of a robot that is there, and whose owner is.
const (
	ReasonCredential    = "invalid_robot_credential"
	ReasonOwnerDisabled = "robot_owner_disabled"
)

// Refused is the error about a token that is not the robot's, with the client's message.
func Refused(message string) error { return denied(ReasonCredential, message) }

func errCredentials(name string) error {
	return Refused("Could not find robot with username: " + name + " and supplied password.")
}

// denied is an error about a robot that may not be used.
func denied(reason, message string) error {
	return &errs.Error{Kind: errs.Unauthenticated, Reason: reason, Message: message}
}

// Usable returns a robot that may be used: robots are allowed, it is there, and so is its
// owner, enabled. It looks at no token. The errors are errs.Unauthenticated.
func (r *Robots) Usable(ctx context.Context, name string) (*domain.Robot, error) {
	if r.opts.Disallowed && !contains(r.opts.Allowed, name) {
		return nil, denied("invalid_robot", "Robot account have been disabled. Please contact your administrator.")
	}
	namespace, _, ok := domain.SplitRobotName(name)
	if !ok {
		return nil, denied("invalid_robot", name+" is an invalid robot name")
	}
	robot, err := r.ByName(ctx, name)
	if errors.Is(err, ErrUnknown) {
		return nil, denied("invalid_robot", ErrUnknown.Message)
	}
	if err != nil {
		return nil, err
	}
	owner, err := r.store.Account(ctx, namespace)
	switch {
	case errs.Is(err, errs.NotFound):
		return nil, denied("invalid_robot_owner", "Robot "+name+" owner does not exist")
	case err != nil:
		return nil, err
	case !owner.Enabled:
		return nil, denied(ReasonOwnerDisabled, "Robot "+name+" owner "+owner.Name+" is disabled")
	}
	return robot, nil
}

// Authenticate returns the robot that a name and a token belong to, and writes down that
// it was used. JSON Web Tokens are not for it: see credential.IsJWT and Usable.
func (r *Robots) Authenticate(ctx context.Context, name, token string) (*domain.Robot, error) {
	robot, err := r.Usable(ctx, name)
	if err != nil {
		return nil, err
	}
	if robot.SealedToken == "" {
		return nil, errCredentials(name)
	}
	want, err := r.cipher.Decrypt(&robot.SealedToken)
	if err != nil {
		return nil, err
	}
	if !want.Equal(token) {
		return nil, errCredentials(name)
	}
	return robot, r.Touch(ctx, robot)
}

// Touch writes down that a robot was used, once in a while.
func (r *Robots) Touch(ctx context.Context, robot *domain.Robot) (err error) {
	robot.LastAccessed, err = r.opts.LastAccess.Note(robot.LastAccessed, r.opts.Now(), func(now, since time.Time) error {
		return r.store.TouchAccount(ctx, robot.ID, now, since)
	})
	return err
}

func contains(list []string, name string) bool {
	for _, s := range list {
		if s == name {
			return true
		}
	}
	return false
}
