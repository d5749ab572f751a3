package servicekeys

import (
	"context"
	"encoding/json"
	"math"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/sdk/errs"
)

// Submission is a key that a service submits.
type Submission struct {
	Service, KID string
	// Authorization is that field of the request. Its token is signed with the key
	// itself, or with the one that it is to replace.
	Authorization string
	JWK           json.RawMessage
	// Expiration and Rotation are those parameters as they are, empty without:
	// seconds since 1970, with a fraction, and seconds.
	Expiration, Rotation string
	// Address is the client's.
	Address string
}

// Outcome is what became of a submission, for the log.
type Outcome struct {
	// Replaced is the key whose place the new one takes; nil for a key of its own,
	// which somebody has to approve.
	Replaced *domain.ServiceKeyRow
	// Expires is zero for a key without an end.
	Expires time.Time
}

// Submit stores a key. What is malformed or not signed is errs.Invalid; a signer that is
// not known, approved and alive is errs.Denied; an id that is taken errs.Exists.
func (k *Keys) Submit(ctx context.Context, s Submission, now time.Time) (Outcome, error) {
	expires, err := parseExpiration(s.Expiration)
	if err != nil {
		return Outcome{}, err
	}
	rotation, err := parseRotation(s.Rotation)
	if err != nil {
		return Outcome{}, err
	}
	token, ok := keys.ParseBearer(s.Authorization)
	if !ok {
		return Outcome{}, errs.New(errs.Invalid, "there is no token")
	}
	jwk, err := checkJWK(s.JWK)
	if err != nil {
		return Outcome{}, err
	}
	signer, signed, err := signerID(token)
	if err != nil {
		return Outcome{}, err
	}
	metadata := pyjson.Object{{Name: "ip", Value: s.Address}}
	if !signed || signer == s.KID {
		if err := k.verify(token, jwk, s.Service, now); err != nil {
			return Outcome{}, err
		}
		n := NewKey{KID: s.KID, Service: s.Service, Metadata: metadata, Expires: expires, Rotation: rotation}
		return Outcome{Expires: expires}, k.create(ctx, n, jwk, now)
	}
	old, err := k.signer(ctx, s.Service, signer, now)
	if err != nil {
		return Outcome{}, err
	}
	if !old.Approved {
		return Outcome{}, errDenied
	}
	if err := k.verify(token, old.JWK, s.Service, now); err != nil {
		return Outcome{}, err
	}
	metadata.Set("created_by", "Key Rotation")
	if s.KID == "" || len(s.KID) > maxName {
		return Outcome{}, errs.New(errs.Invalid, "the service key's id is not valid")
	}
	err = k.store.ReplaceServiceKey(ctx, old.KID, k.opts.Retention.Stale(now), func(row domain.ServiceKeyRow) (domain.ServiceKeyRow, error) {
		row.KID, row.JWK, row.Expires, row.Created = s.KID, jwk, expires, now
		var err error
		row.Metadata, err = merge(row.Metadata, metadata)
		return row, err
	})
	return Outcome{Replaced: old, Expires: expires}, err
}

// Withdraw deletes a key of a service, for who signs with it or with an approved key of
// the same service, and returns the signer's. In the product an approved key of any
// service may delete those of all; here only its own service's.
func (k *Keys) Withdraw(ctx context.Context, service, kid, authorization string, now time.Time) (*domain.ServiceKeyRow, error) {
	token, ok := keys.ParseBearer(authorization)
	if !ok {
		return nil, errs.New(errs.Invalid, "there is no token")
	}
	id, signed, err := signerID(token)
	if err != nil {
		return nil, err
	}
	if !signed || id == "" {
		return nil, errs.New(errs.Invalid, "the token does not say who signed it")
	}
	signer, err := k.signer(ctx, service, id, now)
	if err != nil {
		return nil, err
	}
	if id != kid && !signer.Approved {
		return nil, errDenied
	}
	if err := k.verify(token, signer.JWK, service, now); err != nil {
		return nil, err
	}
	row, err := k.store.ServiceKeyRow(ctx, kid)
	if err != nil {
		return nil, err
	}
	if row.Service != service {
		return nil, errs.New(errs.NotFound, "there is no such service key")
	}
	return signer, k.Delete(ctx, kid, now)
}

var errDenied = errs.New(errs.Denied, "the signer may not do that")

// signer returns the key of a service that signed, if it is alive. One that nobody has
// approved for too long does not count any more.
func (k *Keys) signer(ctx context.Context, service, kid string, now time.Time) (*domain.ServiceKeyRow, error) {
	row, err := k.store.ServiceKeyRow(ctx, kid)
	if errs.Is(err, errs.NotFound) {
		return nil, errDenied
	}
	if err != nil {
		return nil, err
	}
	stale := !row.Approved && row.Expires.IsZero() && !row.Created.After(k.opts.Retention.Stale(now).Unapproved)
	if row.Service != service || row.Expired(now) || stale {
		return nil, errDenied
	}
	return row, nil
}

// signerID returns the id of the key with which a token says that it was signed, and
// whether it says so.
func signerID(token string) (kid string, given bool, err error) {
	t, _, err := jwt.NewParser().ParseUnverified(token, &jwt.RegisteredClaims{})
	if err != nil {
		return "", false, errs.Wrap(errs.Invalid, err, "the token cannot be read")
	}
	switch v := t.Header["kid"].(type) {
	case nil:
		return "", false, nil
	case string:
		return v, true, nil
	}
	return "", false, errs.New(errs.Invalid, "the token's kid is not a string")
}

// verify checks a token of a service by a public key. There is no leeway.
func (k *Keys) verify(token string, jwk json.RawMessage, service string, now time.Time) error {
	key, err := keys.ParseJWK(jwk)
	if err != nil {
		return errs.Wrap(errs.Invalid, err, "the key is not an RSA key")
	}
	var c jwt.RegisteredClaims
	_, err = jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Name}), jwt.WithTimeFunc(func() time.Time { return now }),
		jwt.WithAudience(k.opts.Audience), jwt.WithIssuer(service), jwt.WithExpirationRequired(), jwt.WithNotBeforeRequired(), jwt.WithIssuedAt())
	if err != nil {
		return errs.Wrap(errs.Invalid, err, "the token is not valid")
	}
	if c.IssuedAt == nil || service == "" || k.opts.Audience == "" {
		return errs.New(errs.Invalid, "the token is not valid")
	}
	return nil
}

// maxSeconds is the last instant that Python knows, in the year 9999.
const maxSeconds = 253402300799

func parseExpiration(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(seconds) || seconds < 0 || seconds > maxSeconds {
		return time.Time{}, errs.New(errs.Invalid, "the expiration is not a time")
	}
	whole, fraction := math.Modf(seconds)
	return time.Unix(int64(whole), int64(fraction*1e6)*1000).UTC(), nil
}

func parseRotation(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	seconds, err := strconv.ParseInt(text, 10, 32)
	if err != nil || seconds < 0 {
		return 0, errs.New(errs.Invalid, "the rotation is not a number of seconds")
	}
	return time.Duration(seconds) * time.Second, nil
}
