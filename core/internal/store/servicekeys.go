package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	serviceKeyByKID statement = `
SELECT jwk, approval_id IS NOT NULL, expiration_date FROM servicekey WHERE kid = $1 AND service = $2`

	serviceKeyRow statement = `
SELECT k.id, k.name, k.kid, k.service, k.jwk, k.metadata, k.created_date, k.expiration_date, k.rotation_duration,
       a.approver_id, a.approval_type, a.approved_date, a.notes
FROM servicekey k LEFT JOIN servicekeyapproval a ON a.id = k.approval_id
WHERE k.kid = $1`

	serviceKeyRows statement = `
SELECT k.id, k.name, k.kid, k.service, k.jwk, k.metadata, k.created_date, k.expiration_date, k.rotation_duration,
       a.approver_id, a.approval_type, a.approved_date, a.notes
FROM servicekey k LEFT JOIN servicekeyapproval a ON a.id = k.approval_id
WHERE k.id > CAST($1 AS bigint) AND (k.service = CAST($2 AS text) OR CAST($2 AS text) = '') ORDER BY k.id LIMIT $3`

	lockServiceKey statement = `SELECT id, approval_id FROM servicekey WHERE kid = $1`

	insertServiceKeyApproval statement = `
INSERT INTO servicekeyapproval (approver_id, approval_type, approved_date, notes) VALUES ($1, $2, $3, $4) RETURNING id`

	approveServiceKey statement = `UPDATE servicekey SET approval_id = $2 WHERE id = $1`

	insertServiceKey statement = `
INSERT INTO servicekey (name, kid, service, jwk, metadata, created_date, expiration_date, rotation_duration, approval_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`

	// A key that people trust for longer, or for ever, keeps that.
	extendServiceKey statement = `
UPDATE servicekey SET expiration_date = CASE WHEN expiration_date < $2 THEN $2 ELSE expiration_date END WHERE kid = $1`

	updateServiceKey statement = `UPDATE servicekey SET name = $2, metadata = $3, expiration_date = $4 WHERE id = $1`

	deleteServiceKey statement = `DELETE FROM servicekey WHERE id = $1`

	dropServiceKeys statement = `
DELETE FROM servicekey WHERE service = $1 AND (expiration_date <= $2 OR (approval_id IS NULL AND created_date <= $3))`

	insertServiceKeyNotice statement = `
INSERT INTO notification (uuid, kind_id, target_id, metadata_json, created, dismissed, lookup_path)
VALUES ($1, (SELECT id FROM notificationkind WHERE name = 'service_key_submitted'), $2, $3, $4, FALSE, $5) RETURNING id`

	deleteServiceKeyNotices statement = `
DELETE FROM notification WHERE substr(lookup_path, 1, length(CAST($1 AS text))) = CAST($1 AS text)`
)

// ServiceKey returns a key by its id; errs.NotFound when there is none.
func (s *Store) ServiceKey(ctx context.Context, kid, service string) (*domain.ServiceKey, error) {
	k := domain.ServiceKey{KID: kid, Service: service}
	var jwk string
	var expires *time.Time
	if err := s.row(ctx, serviceKeyByKID, kid, service).Scan(&jwk, &k.Approved, &expires); err != nil {
		return nil, classify(err)
	}
	k.JWK = json.RawMessage(jwk)
	if expires != nil {
		k.Expires = *expires
	}
	return &k, nil
}

// PublishServiceKey stores a key as approved, or moves the end of one that is there on,
// never back (data/model/service_keys.py, create_service_key and approve_service_key).
// Stale keys of its service go when it is new.
func (s *Store) PublishServiceKey(ctx context.Context, k domain.ServiceKey, stale domain.StaleServiceKeys) error {
	return s.change(ctx, true, func(tx *Tx) error {
		n, err := tx.exec(extendServiceKey, k.KID, k.Expires)
		if err != nil || n > 0 {
			return err
		}
		if err := tx.dropServiceKeys(k.Service, stale); err != nil {
			return err
		}
		now := time.Now()
		row := domain.ServiceKeyRow{
			ServiceKey: k, Metadata: json.RawMessage(`{"created_by": "CLI tool"}`), Created: now,
			Approval: &domain.ServiceKeyApproval{Kind: domain.ApprovedByItself, At: now},
		}
		return tx.insertServiceKey(row)
	})
}

// ServiceKeyRow returns all of a key by its id; errs.NotFound when there is none.
func (s *Store) ServiceKeyRow(ctx context.Context, kid string) (*domain.ServiceKeyRow, error) {
	return scanServiceKey(s.row(ctx, serviceKeyRow, kid))
}

// ServiceKeyRows returns up to limit keys of a service, or of all for "", with larger
// ids than after, in their order.
func (s *Store) ServiceKeyRows(ctx context.Context, service string, after int64, limit int) ([]domain.ServiceKeyRow, error) {
	var found []domain.ServiceKeyRow
	err := s.rows(ctx, serviceKeyRows, func(r scanner) error {
		k, err := scanServiceKey(r)
		if err == nil {
			found = append(found, *k)
		}
		return err
	}, after, service, limit)
	return found, classify(err)
}

func scanServiceKey(r scanner) (*domain.ServiceKeyRow, error) {
	var k domain.ServiceKeyRow
	var jwk, metadata string
	var expires, approved *time.Time
	var rotation, approver *int64
	var kind, notes *string
	err := r.Scan(&k.ID, &k.Name, &k.KID, &k.Service, &jwk, &metadata, &k.Created, &expires, &rotation, &approver, &kind, &approved, &notes)
	if err != nil {
		return nil, classify(err)
	}
	k.JWK, k.Metadata = json.RawMessage(jwk), json.RawMessage(metadata)
	if expires != nil {
		k.Expires = *expires
	}
	if rotation != nil {
		k.Rotation = time.Duration(*rotation) * time.Second
	}
	if kind != nil && approved != nil && notes != nil {
		k.Approved, k.Approval = true, &domain.ServiceKeyApproval{Kind: domain.ServiceKeyApprovalKind(*kind), At: *approved, Notes: *notes}
		if approver != nil {
			k.Approval.Approver = domain.UserID(*approver)
		}
	}
	return &k, nil
}

// CreateServiceKey stores a new key, and tells people of one without approval. Stale
// keys of its service go. errs.Exists when there is a key with the id.
func (s *Store) CreateServiceKey(ctx context.Context, n domain.NewServiceKey) error {
	return s.change(ctx, true, func(tx *Tx) error {
		if err := tx.dropServiceKeys(n.Service, n.Drop); err != nil {
			return err
		}
		if err := tx.insertServiceKey(n.ServiceKeyRow); err != nil || n.Approval != nil {
			return err
		}
		for _, name := range n.Notify {
			if err := tx.noteServiceKey(name, n); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *Tx) insertServiceKey(k domain.ServiceKeyRow) error {
	var approval any
	if k.Approval != nil {
		id, err := t.insertServiceKeyApproval(*k.Approval)
		if err != nil {
			return err
		}
		approval = id
	}
	_, err := t.insertServiceKeyRow(k, approval)
	return err
}

func (t *Tx) insertServiceKeyRow(k domain.ServiceKeyRow, approval any) (int64, error) {
	var rotation any
	if k.Rotation != 0 {
		rotation = int64(k.Rotation / time.Second)
	}
	return t.insert(insertServiceKey, k.Name, k.KID, k.Service, string(k.JWK), string(k.Metadata), k.Created, end(k.Expires), rotation, approval)
}

// end is a time that may be never.
func end(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at
}

func (t *Tx) insertServiceKeyApproval(a domain.ServiceKeyApproval) (int64, error) {
	var approver any
	if a.Approver != 0 {
		approver = int64(a.Approver)
	}
	return t.insert(insertServiceKeyApproval, approver, string(a.Kind), a.At, a.Notes)
}

func (t *Tx) dropServiceKeys(service string, stale domain.StaleServiceKeys) error {
	_, err := t.exec(dropServiceKeys, service, stale.Expired, stale.Unapproved)
	return err
}

// noticePath is how the notices of a key are found again.
func noticePath(kid string) string { return "/service_key_approval/" + kid + "/" }

// noteServiceKey tells a person of a key; nobody when there is no such person.
func (t *Tx) noteServiceKey(name string, n domain.NewServiceKey) error {
	var person int64
	err := classify(t.row(namespaceByName, name).Scan(&person))
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err == nil {
		_, err = t.insert(insertServiceKeyNotice, uuid.NewString(), person, string(n.Notice), n.Created, noticePath(n.KID)+fmt.Sprint(person))
	}
	return err
}

// serviceKey locks and reads a key; approval is the id of its approval, if any.
func (t *Tx) serviceKey(kid string) (k *domain.ServiceKeyRow, approval *int64, err error) {
	var id int64
	if err := t.rowForUpdate(lockServiceKey, kid).Scan(&id, &approval); err != nil {
		return nil, nil, classify(err)
	}
	k, err = scanServiceKey(t.row(serviceKeyRow, kid))
	return k, approval, err
}

// ReplaceServiceKey puts a key that replace makes in the place of an old one, whose
// approval it takes over. Stale keys of its service go. errs.NotFound when there is no
// old one, errs.Exists when there is a key with the new id.
func (s *Store) ReplaceServiceKey(ctx context.Context, old string, stale domain.StaleServiceKeys, replace func(domain.ServiceKeyRow) (domain.ServiceKeyRow, error)) error {
	return s.change(ctx, true, func(tx *Tx) error {
		k, approval, err := tx.serviceKey(old)
		if err != nil {
			return err
		}
		id := k.ID
		n, err := replace(*k)
		if err != nil {
			return err
		}
		if _, err := tx.insertServiceKeyRow(n, approval); err != nil {
			return err
		}
		return tx.dropServiceKey(id, old, n.Service, stale)
	})
}

// dropServiceKey deletes one key, what people were told of it, and the stale ones.
func (t *Tx) dropServiceKey(id int64, kid, service string, stale domain.StaleServiceKeys) error {
	if _, err := t.exec(deleteServiceKey, id); err != nil {
		return err
	}
	if _, err := t.exec(deleteServiceKeyNotices, noticePath(kid)); err != nil {
		return err
	}
	return t.dropServiceKeys(service, stale)
}

// ApproveServiceKey lets a key be trusted, and takes back what people were told of it.
// errs.NotFound when there is no such key, errs.Conflict when it is approved already.
func (s *Store) ApproveServiceKey(ctx context.Context, kid string, a domain.ServiceKeyApproval) error {
	return s.change(ctx, true, func(tx *Tx) error {
		k, approval, err := tx.serviceKey(kid)
		if err != nil {
			return err
		}
		if approval != nil {
			return errs.New(errs.Conflict, "the service key is approved already")
		}
		id, err := tx.insertServiceKeyApproval(a)
		if err != nil {
			return err
		}
		if _, err := tx.exec(approveServiceKey, k.ID, id); err != nil {
			return err
		}
		_, err = tx.exec(deleteServiceKeyNotices, noticePath(kid))
		return err
	})
}

// UpdateServiceKey changes the name, the metadata and the end of a key to what update
// makes of it. errs.NotFound when there is none.
func (s *Store) UpdateServiceKey(ctx context.Context, kid string, update func(*domain.ServiceKeyRow) error) error {
	return s.change(ctx, true, func(tx *Tx) error {
		k, _, err := tx.serviceKey(kid)
		if err != nil {
			return err
		}
		if err := update(k); err != nil {
			return err
		}
		_, err = tx.exec(updateServiceKey, k.ID, k.Name, string(k.Metadata), end(k.Expires))
		return err
	})
}

// DeleteServiceKey deletes a key, and what people were told of it. Stale keys of its
// service go, too. errs.NotFound when there is none.
func (s *Store) DeleteServiceKey(ctx context.Context, kid string, stale domain.StaleServiceKeys) error {
	return s.change(ctx, true, func(tx *Tx) error {
		k, _, err := tx.serviceKey(kid)
		if err != nil {
			return err
		}
		return tx.dropServiceKey(k.ID, kid, k.Service, stale)
	})
}
