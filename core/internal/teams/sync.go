package teams

import (
	"context"
	"strings"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Sync makes a team follow a group (enable_team_sync). config is a JSON object that
// the login service has checked. Where the service names groups at login, the team's
// people leave it first. errs.Exists when it follows a group already.
func (t *Teams) Sync(ctx context.Context, team *domain.Team, config []byte) error {
	if t.policy.Service == "" {
		return errs.New(errs.Unsupported, "teams do not follow groups here")
	}
	if err := t.store.SetTeamSync(ctx, team.ID, t.policy.Service, config); err != nil || !t.policy.ServicePushes {
		return err
	}
	_, err := t.store.RemovePeopleExcept(ctx, team.ID, nil)
	return err
}

// Unsync ends it (disable_team_sync); the members stay. It does nothing when the
// team follows no group.
func (t *Teams) Unsync(ctx context.Context, team *domain.Team) error {
	_, err := t.store.RemoveTeamSync(ctx, team.ID)
	return err
}

// Synced returns which group a team follows; nil for none.
func (t *Teams) Synced(ctx context.Context, team *domain.Team) (*domain.TeamSync, error) {
	if t.policy.Service == "" {
		return nil, nil
	}
	s, err := t.store.TeamSync(ctx, team.ID)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	return s, err
}

// changeable refuses to change the people of a team that follows a group. Robots
// have no groups. An empty name is somebody whom nobody knows yet.
func (t *Teams) changeable(ctx context.Context, team *domain.Team, member string) error {
	if t.policy.Service == "" || strings.Contains(member, "+") {
		return nil
	}
	s, err := t.Synced(ctx, team)
	if err == nil && s != nil {
		err = errs.New(errs.Invalid, "Cannot call this method on an auth-synced team")
	}
	return err
}
