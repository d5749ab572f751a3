package store

import (
	"context"
	"sync"

	"github.com/quay/quay/sdk/errs"
)

// The product keeps its enumerations in tables of (id, name). They are loaded
// when the database opens; a name or id that is not among them is asked for
// once more, since the product may have added it.

// enum is one such table.
type enum struct {
	byName map[string]int64
	byID   map[int64]string
}

type enums struct {
	mu         sync.RWMutex
	mediaType  enum
	location   enum
	visibility enum
	role       enum
	repoKind   enum
	tagKind    enum
}

const (
	allMediaTypes   statement = `SELECT id, name FROM mediatype`
	allLocations    statement = `SELECT id, name FROM imagestoragelocation`
	allVisibilities statement = `SELECT id, name FROM visibility`
	allRoles        statement = `SELECT id, name FROM role`
	allRepoKinds    statement = `SELECT id, name FROM repositorykind`
	allTagKinds     statement = `SELECT id, name FROM tagkind`
	insertMediaType statement = `INSERT INTO mediatype (name) VALUES ($1) ON CONFLICT DO NOTHING`
	insertLocation  statement = `INSERT INTO imagestoragelocation (name) VALUES ($1) ON CONFLICT DO NOTHING`
	mediaTypeByName statement = `SELECT id FROM mediatype WHERE name = $1`
	locationByName  statement = `SELECT id FROM imagestoragelocation WHERE name = $1`
	locationByID    statement = `SELECT name FROM imagestoragelocation WHERE id = $1`
	mediaTypeByID   statement = `SELECT name FROM mediatype WHERE id = $1`
)

func (s *Store) loadEnums(ctx context.Context) error {
	for q, e := range map[statement]*enum{
		allMediaTypes: &s.enums.mediaType, allLocations: &s.enums.location,
		allVisibilities: &s.enums.visibility, allRoles: &s.enums.role,
		allRepoKinds: &s.enums.repoKind, allTagKinds: &s.enums.tagKind,
	} {
		*e = enum{byName: make(map[string]int64), byID: make(map[int64]string)}
		err := s.rows(ctx, q, func(r scanner) error {
			var id int64
			var name string
			if err := r.Scan(&id, &name); err != nil {
				return err
			}
			e.byName[name], e.byID[id] = id, name
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// enumID returns the id of a name that the schema's own rows have.
func (s *Store) enumID(e *enum, name string) (int64, error) {
	s.enums.mu.RLock()
	defer s.enums.mu.RUnlock()
	if id, ok := e.byName[name]; ok {
		return id, nil
	}
	return 0, errs.New(errs.Internal, "the database has no enumeration value %q", name)
}

// enumName returns the name of an id, asking the database for one that was added
// since it was opened.
func (s *Store) enumName(ctx context.Context, e *enum, q statement, id int64) (string, error) {
	s.enums.mu.RLock()
	name, ok := e.byID[id]
	s.enums.mu.RUnlock()
	if ok {
		return name, nil
	}
	if err := s.row(ctx, q, id).Scan(&name); err != nil {
		return "", classify(err)
	}
	s.learn(e, id, name)
	return name, nil
}

func (s *Store) learn(e *enum, id int64, name string) {
	s.enums.mu.Lock()
	e.byName[name], e.byID[id] = id, name
	s.enums.mu.Unlock()
}

// ensureEnum returns the id of a name, adding the row when there is none.
func (s *Store) ensureEnum(ctx context.Context, e *enum, find, insert statement, name string) (int64, error) {
	if id, err := s.enumID(e, name); err == nil {
		return id, nil
	}
	var id int64
	err := s.change(ctx, true, func(tx *Tx) error {
		err := classify(tx.row(find, name).Scan(&id))
		if !errs.Is(err, errs.NotFound) {
			return err
		}
		if _, err := tx.exec(insert, name); err != nil { // nothing, where another is first
			return err
		}
		return classify(tx.row(find, name).Scan(&id))
	})
	if err != nil {
		return 0, err
	}
	s.learn(e, id, name)
	return id, nil
}

// EnsureLocation makes a storage location known to the database.
func (s *Store) EnsureLocation(ctx context.Context, name string) error {
	_, err := s.ensureEnum(ctx, &s.enums.location, locationByName, insertLocation, name)
	return err
}
