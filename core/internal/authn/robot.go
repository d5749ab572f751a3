package authn

import (
	"context"
	"errors"
	"strings"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/credential"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/robots"
	"github.com/quay/quay/sdk/errs"
)

// byRobot takes a robot's token: its own, or one that this registry signed for it.
func (a *Authenticator) byRobot(ctx context.Context, name, text string, from Agent) (Caller, error) {
	robot, err := a.robot(ctx, name, text)
	if err == nil {
		return Person(&robot.User), nil
	}
	if !errs.Is(err, errs.Unauthenticated) {
		return Caller{}, err
	}
	owner, _, _ := strings.Cut(name, "+")
	at, failure := a.whereRefused(ctx, name, owner, err)
	if failure != nil {
		return Caller{}, failure
	}
	e := actionlog.LoginRefused(actionlog.RobotLogin(name, owner), from.UserAgent, message(err))
	return a.refuse(ctx, err, e, from, at)
}

func (a *Authenticator) robot(ctx context.Context, name, text string) (*domain.Robot, error) {
	if !credential.IsJWT(text) {
		return a.opts.Robots.Authenticate(ctx, name, text)
	}
	robot, err := a.opts.Robots.Usable(ctx, name)
	if err != nil {
		return nil, err
	}
	subject, err := a.opts.RobotTokens.Subject(ctx, text)
	switch {
	case errs.Is(err, errs.Unauthenticated):
		return nil, robots.Refused(message(err))
	case err != nil:
		return nil, err
	case subject != name:
		return nil, robots.Refused("Token does not match robot")
	}
	return robot, a.opts.Robots.Touch(ctx, robot)
}

// whereRefused is whose entry it is when a robot is refused, and whether it is the
// robot's doing: that of its owner, when the robot is there, and otherwise that of the
// person with the owner's name.
func (a *Authenticator) whereRefused(ctx context.Context, name, owner string, err error) (actionlog.Place, error) {
	var e *errs.Error
	if errors.As(err, &e) && (e.Reason == robots.ReasonCredential || e.Reason == robots.ReasonOwnerDisabled) {
		robot, err := a.opts.Robots.ByName(ctx, name)
		if err != nil {
			return actionlog.Place{}, err
		}
		return actionlog.Place{Namespace: owner, Performer: robot.ID}, nil
	}
	person, err := a.opts.Accounts.Person(ctx, owner)
	if errs.Is(err, errs.NotFound) {
		return actionlog.Place{}, nil
	}
	if err != nil {
		return actionlog.Place{}, err
	}
	return actionlog.Place{Namespace: person.Name}, nil
}
