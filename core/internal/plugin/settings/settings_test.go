package settings_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin/settings"
	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/errs"
)

type options struct {
	Root  config.Path   `json:"root" access:"write" help:"Objects."`
	CAs   []config.Path `json:"cas" access:"read" help:"Certificates."`
	Port  int           `json:"port" help:"Port."`
	Token config.Secret `json:"token" help:"Token."`
	Ends  []struct {
		URL string        `json:"url" help:"Where."`
		Key config.Secret `json:"key" help:"Key."`
	} `json:"ends" help:"Servers."`
}

// The parts of a configuration go where the plugin's own reading expects them:
// what Divide has taken apart, config.Parse puts together without a complaint.
func TestDivide(t *testing.T) {
	s, err := settings.Divide(config.Schema[options](), json.RawMessage(
		`{"root":"/data","cas":["/a.pem","/b.pem"],"port":9007199254740993,"token":"t0p","ends":[{"url":"x"},{"url":"y","key":"s3cret"},{"url":"z","key":12345}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"token": "t0p", "ends[1].key": "s3cret", "ends[2].key": "12345"}; !maps.Equal(s.Secrets, want) {
		t.Errorf("the secrets are %v", s.Secrets)
	}
	if !slices.Equal(s.Write, []string{"/data"}) || !slices.Equal(s.Read, []string{"/a.pem", "/b.pem"}) {
		t.Errorf("it may read %v and write %v", s.Read, s.Write)
	}
	o, problems := config.Parse[options](s.Options, s.Secrets)
	if len(problems) > 0 || o.Port != 9007199254740993 || o.Ends[1].Key.Reveal() != "s3cret" {
		t.Errorf("the options are %s, problems %v", s.Options, problems)
	}
}

// The paths that a plugin uses because they are defaults are its paths too, unless
// others were given.
func TestDivideDefaults(t *testing.T) {
	type defaults struct {
		Cache config.Path `json:"cache" access:"write" default:"/var/cache/x" help:"Cache."`
		TLS   struct {
			CA config.Path `json:"ca" access:"read" default:"/etc/ca.pem" help:"Certificates."`
		} `json:"tls" help:"TLS."`
	}
	for text, want := range map[string][2]string{
		`{}`:                                   {"/var/cache/x", "/etc/ca.pem"},
		`{"cache": null, "tls": null}`:         {"/var/cache/x", "/etc/ca.pem"},
		`{"cache": "/c", "tls": {"ca": "/d"}}`: {"/c", "/d"},
	} {
		s, err := settings.Divide(config.Schema[defaults](), json.RawMessage(text))
		if err != nil || !slices.Equal(s.Write, []string{want[0]}) || !slices.Equal(s.Read, []string{want[1]}) {
			t.Errorf("%s: it may read %v and write %v, error %v", text, s.Read, s.Write, err)
		}
	}
}

// A text or a secret of digits, which its author did not quote, arrives as it is written;
// a number stays one, and so does one in the place of what is more than a text.
func TestDivideDigits(t *testing.T) {
	type digits struct {
		Bucket string        `json:"bucket" help:"Bucket."`
		Zones  []string      `json:"zones" help:"Zones."`
		Port   int           `json:"port" help:"Port."`
		Wait   time.Duration `json:"wait" help:"Time."`
		Key    config.Secret `json:"key" help:"Key."`
	}
	s, err := settings.Divide(config.Schema[digits](), json.RawMessage(`{"bucket":1.50,"zones":[1e3],"port":8080,"wait":30,"key":12345678901234567890123}`))
	if want := `{"bucket":"1.50","port":8080,"wait":30,"zones":["1e3"]}`; err != nil || string(s.Options) != want || s.Secrets["key"] != "12345678901234567890123" {
		t.Errorf("the options are %s, the secrets %v, error %v", s.Options, s.Secrets, err)
	}
}

// What does not fit is the plugin's to refuse; without a schema nothing is known.
func TestDivideLeaves(t *testing.T) {
	for _, text := range []string{`{"root":7,"token":{"a":1},"more":true,"ends":"none"}`, `{}`} {
		s, err := settings.Divide(config.Schema[options](), json.RawMessage(text))
		if err != nil || len(s.Secrets)+len(s.Read)+len(s.Write) > 0 {
			t.Errorf("%s: %+v, error %v", text, s, err)
		}
	}
	s, err := settings.Divide(nil, json.RawMessage(`{"token":"t"}`))
	if err != nil || string(s.Options) != `{"token":"t"}` || s.Secrets != nil {
		t.Errorf("without a schema: %+v, error %v", s, err)
	}
	for _, bad := range [][2]string{{`{"type":7}`, `{}`}, {`{}`, `{`}} {
		if _, err := settings.Divide(json.RawMessage(bad[0]), json.RawMessage(bad[1])); !errs.Is(err, errs.Invalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}
