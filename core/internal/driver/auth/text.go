package auth

import (
	"unicode/utf8"

	"github.com/quay/quay/sdk/errs"
)

// Texts that are not UTF-8 cannot cross to the plugin. Whoever sent them is told so
// before it is asked: anybody can send them, and they say nothing of its health.

// text returns errs.Invalid unless all values are UTF-8.
func text(what string, values ...string) error {
	for _, v := range values {
		if !utf8.ValidString(v) {
			return errs.New(errs.Invalid, "%s is not UTF-8", what)
		}
	}
	return nil
}

// credentials returns errs.Unauthenticated unless all values are UTF-8: nobody has such
// a name, password or token.
func credentials(values ...string) error {
	if text("", values...) != nil {
		return errs.New(errs.Unauthenticated, "the credentials are wrong")
	}
	return nil
}

// parameters returns errs.Invalid unless names and values are UTF-8.
func parameters(p map[string]string) error {
	for name, value := range p {
		if err := text("a parameter of the login", name, value); err != nil {
			return err
		}
	}
	return nil
}
