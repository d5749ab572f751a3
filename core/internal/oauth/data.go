package oauth

import (
	"encoding/json"
	"strings"

	"github.com/quay/quay/core/internal/python"
	"github.com/quay/quay/sdk/errs"
)

// Data is what is kept in the column data beside a token or code, as JSON. The zero
// value, of tokens that the API makes for an application, is an empty column.
type Data struct {
	// Username is who authorised it.
	Username string `json:"username"`
	// Kind is KindBootstrap for a token that the configuration asked for; Owner and
	// Application are the names of whom it is for. Otherwise they are empty.
	Kind        string `json:"kind"`
	Owner       string `json:"owner"`
	Application string `json:"application_name"`
}

// KindBootstrap marks the token that an installation begins with.
const KindBootstrap = "bootstrap"

// Column returns what to store, as the product writes it.
func (d Data) Column() string {
	var fields []string
	for _, f := range []struct{ name, value string }{
		{"username", d.Username}, {"kind", d.Kind}, {"owner", d.Owner}, {"application_name", d.Application},
	} {
		if f.value != "" {
			fields = append(fields, python.JSONString(f.name)+": "+python.JSONString(f.value))
		}
	}
	if fields == nil {
		return ""
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

// ParseData reads the column. Fields that are not named here are left unread. The error
// is errs.Corrupt.
func ParseData(column string) (Data, error) {
	var d Data
	if column == "" {
		return d, nil
	}
	if err := json.Unmarshal([]byte(column), &d); err != nil {
		return Data{}, errs.New(errs.Corrupt, "the data of an OAuth token is not what it should be")
	}
	return d, nil
}
