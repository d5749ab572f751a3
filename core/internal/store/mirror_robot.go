package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
)

const (
	mirrorRobot statement = `SELECT internal_robot_id FROM repomirrorconfig WHERE repository_id = $1`

	organizationMirrorRobot statement = `
SELECT c.internal_robot_id FROM orgmirrorrepository r JOIN orgmirrorconfig c ON c.id = r.org_mirror_config_id
WHERE r.repository_id = $1 LIMIT 1`
)

// MirrorRobot returns the robot that alone pushes to a mirror; errs.NotFound when
// the repository is none.
func (s *Store) MirrorRobot(ctx context.Context, repo *domain.Repository) (domain.UserID, error) {
	q := mirrorRobot
	switch repo.State {
	case domain.StateMirror:
	case domain.StateOrgMirror:
		q = organizationMirrorRobot
	default:
		return 0, errNoRow
	}
	var id domain.UserID
	err := classify(s.row(ctx, q, repo.ID).Scan(&id))
	return id, err
}
