package config_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/quay/quay/sdk/config"
)

type recursive struct {
	Children []recursive `json:"children" help:"H."`
}

// TestDeclarations proves that a struct that is declared wrongly is refused when the
// program starts, with what is wrong with it.
func TestDeclarations(t *testing.T) {
	tests := []struct {
		schema func()
		want   string
	}{
		{schema[int], "a configuration is a struct"},
		{schema[config.Secret], "a configuration is a struct"},
		{schema[recursive], "contains itself"},
		{schema[struct {
			A string `json:"a"`
		}], "the tag help"},
		{schema[struct {
			A string `help:"H."`
		}], "the tag json"},
		{schema[struct {
			A string `json:"a.b" help:"H."`
		}], "without dots"},
		{schema[struct {
			a string `help:"H."`
		}], "not exported"},
		{schema[struct {
			limits
			A string `json:"chunk" help:"H."`
		}], "another option"},
		{schema[struct {
			A float64 `json:"a" help:"H."`
		}], "no options of type float64"},
		{schema[struct {
			A json.RawMessage `json:"a" help:"H."`
		}], "no options of type json.RawMessage"},
		{schema[struct {
			A *int `json:"a" help:"H."`
		}], "only structs have pointers"},
		{schema[struct {
			A *config.Secret `json:"a" help:"H."`
		}], "only structs have pointers"},
		{schema[struct {
			A []config.Secret `json:"a" help:"H."`
		}], "a secret is a field"},
		{schema[struct {
			A map[int]string `json:"a" help:"H."`
		}], "keys of a map"},
		{schema[struct {
			A config.Path `json:"a" help:"H."`
		}], "the tag access"},
		{schema[struct {
			A config.Path `json:"a" access:"rw" help:"H."`
		}], "the tag access"},
		{schema[struct {
			A string `json:"a" access:"read" help:"H."`
		}], "the tag access"},
		{schema[struct {
			A string `json:"a" required:"yes" help:"H."`
		}], "the tag required"},
		{schema[struct {
			A string `json:"a" required:"true" default:"x" help:"H."`
		}], "has no default"},
		{schema[struct {
			A int `json:"a" default:"5" max:"4" help:"H."`
		}], "the tag default: It must be at most 4."},
		{schema[struct {
			A string `json:"a" enum:"x,y" example:"z" help:"H."`
		}], "the tag example: It must be one of x, y."},
		{schema[struct {
			A bool `json:"a" default:"maybe" help:"H."`
		}], "the tag default"},
		{schema[struct {
			A []string `json:"a" default:"x" help:"H."`
		}], "the tag default"},
		{schema[struct {
			A int `json:"a" min:"x" help:"H."`
		}], "the tag min"},
		{schema[struct {
			A int `json:"a" min:"2" max:"1" help:"H."`
		}], "the tag max"},
		{schema[struct {
			A int8 `json:"a" max:"300" help:"H."`
		}], "the tag max"},
		{schema[struct {
			A bool `json:"a" max:"3" help:"H."`
		}], "nothing to bound"},
		{schema[struct {
			A string `json:"a" pattern:"(" help:"H."`
		}], "the tag pattern"},
		{schema[struct {
			A int `json:"a" pattern:"x" help:"H."`
		}], "are for texts"},
		{schema[struct {
			A string `json:"a" format:"phone" help:"H."`
		}], `no format "phone"`},
		{schema[struct {
			A string `json:"a" help:"H." requierd:"true"`
		}], `no tag "requierd"`},
	}
	for _, test := range tests {
		if got := panics(test.schema); !strings.Contains(got, test.want) || !strings.HasPrefix(got, "config: ") {
			t.Errorf("want %q, it says %q", test.want, got)
		}
	}
}

func schema[T any]() { config.Schema[T]() }

// panics returns what f panics with.
func panics(f func()) (message string) {
	defer func() { message = fmt.Sprint(recover()) }()
	f()
	return ""
}
