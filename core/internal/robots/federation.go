package robots

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/python"
	"github.com/quay/quay/sdk/errs"
)

// Identity is somebody of another issuer of tokens who may act as a robot.
type Identity struct {
	// Issuer is a URL.
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"`
	// Audiences are those that a token may be for. None is any, as in the product, whose
	// API takes none.
	Audiences []string `json:"audiences"`
}

// Errors of a federation, with the product's messages.
var (
	errFederationFields    = &errs.Error{Kind: errs.Invalid, Message: "Missing one or more required fields (issuer, subject)"}
	errFederationIssuer    = &errs.Error{Kind: errs.Invalid, Message: "Issuer must be a URL (http:// or https://)"}
	errFederationDuplicate = &errs.Error{Kind: errs.Invalid, Message: "Duplicate federation config entry"}
)

// CheckFederation refuses identities that are not complete, whose issuer is no URL, or
// that are there twice.
func CheckFederation(identities []Identity) error {
	type key struct{ issuer, subject string }
	seen := make(map[key]bool)
	for _, i := range identities {
		k := key{i.Issuer, i.Subject}
		switch {
		case i.Issuer == "" || i.Subject == "":
			return errFederationFields
		case !strings.HasPrefix(i.Issuer, "http://") && !strings.HasPrefix(i.Issuer, "https://"):
			return errFederationIssuer
		case seen[k]:
			return errFederationDuplicate
		}
		seen[k] = true
	}
	return nil
}

// Federation returns who may act as a robot. What cannot be read is nobody.
func (r *Robots) Federation(ctx context.Context, id domain.UserID) ([]Identity, error) {
	logins, err := r.store.Logins(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, l := range logins {
		if l.Service == domain.RobotService {
			return parseFederation(l.Metadata), nil
		}
	}
	return nil, nil
}

func parseFederation(text string) []Identity {
	var metadata struct {
		Config []Identity `json:"federation_config"`
	}
	if json.Unmarshal([]byte(text), &metadata) != nil {
		return nil
	}
	return metadata.Config
}

// SetFederation says who may act as a robot; none is nobody. It changes
// federatedlogin.metadata_json of the robot's own login.
func (r *Robots) SetFederation(ctx context.Context, id domain.UserID, identities []Identity) error {
	if err := CheckFederation(identities); err != nil {
		return err
	}
	return r.store.SetLoginMetadata(ctx, id, domain.RobotService, federationText(identities))
}

// federationText is the metadata as the product spells it.
func federationText(identities []Identity) string {
	entries := make([]string, len(identities))
	for n, i := range identities {
		entry := `{"issuer": ` + python.JSONString(i.Issuer) + `, "subject": ` + python.JSONString(i.Subject)
		if len(i.Audiences) > 0 {
			quoted := make([]string, len(i.Audiences))
			for n, a := range i.Audiences {
				quoted[n] = python.JSONString(a)
			}
			entry += `, "audiences": [` + strings.Join(quoted, ", ") + "]"
		}
		entries[n] = entry + "}"
	}
	return `{"federation_config": [` + strings.Join(entries, ", ") + "]}"
}
