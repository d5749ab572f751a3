package store

import "context"

const proxied statement = `
SELECT 1 FROM "user" o JOIN proxycacheconfig ON organization_id = o.id WHERE o.username = $1`

// Proxied reports whether an organisation fetches its repositories from elsewhere.
func (s *Store) Proxied(ctx context.Context, organization string) (bool, error) {
	return s.exists(ctx, proxied, organization)
}
