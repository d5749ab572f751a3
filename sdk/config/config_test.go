package config_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/errs"
)

// limits are options that several structs share.
type limits struct {
	Timeout time.Duration `json:"timeout" default:"30s" min:"1s" max:"5m" help:"Longest wait."`
	Chunk   config.Size   `json:"chunk" default:"8MiB" min:"5MiB" max:"5GiB" help:"Size of a piece."`
}

// endpoint is an element of a list.
type endpoint struct {
	URL    string        `json:"url" required:"true" format:"uri" help:"Where it answers."`
	Token  config.Secret `json:"token" help:"What it asks for."`
	Weight uint8         `json:"weight" default:"1" max:"10" help:"Its part of the work."`
}

// proxy is an object that may be missing.
type proxy struct {
	Host     string        `json:"host" required:"true" format:"hostname" help:"Its name."`
	Password config.Secret `json:"password" help:"Its password."`
	Deep     struct {
		Level int `json:"level" default:"3" help:"How deep."`
	} `json:"deep" help:"An object in an object."`
}

type mode string

// everything has an option of every kind.
type everything struct {
	limits
	Root      config.Path       `json:"root" required:"true" access:"write" example:"/srv/objects" help:"Directory."`
	Bucket    string            `json:"bucket" min:"3" max:"6" pattern:"^[a-z]+$" help:"Name."`
	Mode      mode              `json:"mode" default:"fast" enum:"fast,safe" help:"How."`
	Verify    bool              `json:"verify" default:"true" help:"Whether."`
	Count     int               `json:"count" default:"2" min:"-1" max:"9" help:"How many."`
	Small     int8              `json:"small" help:"A small number."`
	Contact   string            `json:"contact" format:"email" help:"Who."`
	Key       config.Secret     `json:"key" required:"true" help:"Key."`
	Endpoints []endpoint        `json:"endpoints" max:"2" help:"Servers."`
	CAs       []config.Path     `json:"cas" access:"read" help:"Certificates."`
	Headers   map[string]string `json:"headers" max:"2" pattern:"^[^ ]+$" help:"What is sent."`
	Proxy     *proxy            `json:"proxy" help:"Where it passes."`
	From      time.Duration     `json:"from" help:"When it begins."`
}

// Validate has a rule between options.
func (e everything) Validate() []config.Problem {
	if e.From > e.Timeout {
		return []config.Problem{{Field: "from", Message: "It must not be more than timeout."}}
	}
	return nil
}

// Validate has a rule within an element.
func (e *endpoint) Validate() []config.Problem {
	if strings.HasPrefix(e.URL, "ftp:") {
		return []config.Problem{{Field: "url", Message: "It must not be FTP."}}
	}
	return nil
}

// TestDefaults proves that what is missing has its default, in objects that are
// missing too, and that an optional object is nil.
func TestDefaults(t *testing.T) {
	c, problems := config.Parse[everything](json.RawMessage(`{"root": "/x", "mode": null}`), map[string]string{"key": "k"})
	if problems != nil {
		t.Fatal(problems)
	}
	want := everything{
		limits: limits{Timeout: 30 * time.Second, Chunk: 8 << 20},
		Root:   "/x", Mode: "fast", Verify: true, Count: 2, Key: c.Key,
	}
	if !reflect.DeepEqual(c, want) || c.Key.Reveal() != "k" {
		t.Errorf("it is %+v", c)
	}
}

// TestValues proves that every kind of option is read.
func TestValues(t *testing.T) {
	c, problems := config.Parse[everything](json.RawMessage(`{
		"root": "/x", "bucket": "abc", "mode": "safe", "verify": false, "count": -1, "small": -128,
		"timeout": "1m30s", "chunk": 5242880, "contact": "a@example.com", "from": "0",
		"endpoints": [{"url": "https://a.example", "weight": 10}, {"url": "http://b.example:80/x"}],
		"cas": ["/a", "/b"], "headers": {"X-A": "b"}, "proxy": {"host": "p.example"}}`),
		map[string]string{"key": "k", "endpoints[1].token": "t", "proxy.password": "p"})
	if problems != nil {
		t.Fatal(problems)
	}
	if c.Endpoints[0].Token.Reveal() != "" || c.Endpoints[1].Token.Reveal() != "t" || c.Proxy.Password.Reveal() != "p" {
		t.Error("the secrets are not in their places")
	}
	want := everything{
		limits: limits{Timeout: 90 * time.Second, Chunk: 5 << 20},
		Root:   "/x", Bucket: "abc", Mode: "safe", Count: -1, Small: -128, Contact: "a@example.com", Key: c.Key,
		Endpoints: []endpoint{{URL: "https://a.example", Weight: 10}, {URL: "http://b.example:80/x", Weight: 1, Token: c.Endpoints[1].Token}},
		CAs:       []config.Path{"/a", "/b"}, Headers: map[string]string{"X-A": "b"},
		Proxy: &proxy{Host: "p.example", Password: c.Proxy.Password},
	}
	want.Proxy.Deep.Level = 3
	if !reflect.DeepEqual(c, want) {
		t.Errorf("it is %+v", c)
	}
}

// TestProblems proves that each thing that is wrong is reported at its place, with
// the rule that it breaks.
func TestProblems(t *testing.T) {
	const root = `"root": "/x", `
	tests := []struct {
		options string // without the braces
		want    string // field: beginning of the message
	}{
		{``, "root: It must be set"},
		{`"root": ""`, "root: It must be set"},
		{`"root": "x"`, "root: It must be an absolute path"},
		{`"root": "/x\u0000"`, "root: It must be an absolute path"},
		{`"root": 1`, "root: It must be a text"},
		{root + `"bucket": "ab"`, "bucket: It must have at least 3 characters"},
		{root + `"bucket": "abcdefg"`, "bucket: It must have at most 6 characters"},
		{root + `"bucket": "äöü"`, "bucket: It must match the regular expression ^[a-z]+$."},
		{root + `"mode": "slow"`, "mode: It must be one of fast, safe."},
		{root + `"verify": "yes"`, "verify: It must be true or false."},
		{root + `"count": 10`, "count: It must be at most 9."},
		{root + `"count": -2`, "count: It must be at least -1."},
		{root + `"count": 1.5`, "count: It must be a whole number."},
		{root + `"count": "1"`, "count: It must be a whole number."},
		{root + `"count": 99999999999999999999`, "count: It must be a whole number."},
		{root + `"small": 128`, "small: It must be at most 127."},
		{root + `"timeout": 30`, "timeout: It must be a duration such as"},
		{root + `"timeout": "-1s"`, "timeout: It must be a duration such as"},
		{root + `"timeout": "99999999h"`, "timeout: It is too long."},
		{root + `"timeout": "999ms"`, "timeout: It must be at least 1s."},
		{root + `"timeout": "301s"`, "timeout: It must be at most 5m."},
		{root + `"chunk": "8 parsecs"`, "chunk: It must be a number of bytes such as"},
		{root + `"chunk": "1"`, "chunk: It must be at least 5MiB."},
		{root + `"chunk": "9999999P"`, "chunk: It is too large."},
		{root + `"contact": "A <a@example.com>"`, "contact: It must be an address"},
		{root + `"endpoints": {}`, "endpoints: It must be a list."},
		{root + `"endpoints": [{"url": "https://a"}, {"url": "b"}]`, "endpoints[1].url: It must be a URL"},
		{root + `"endpoints": [{}]`, "endpoints[0].url: It must be set."},
		{root + `"endpoints": [null]`, "endpoints[0]: It must not be null."},
		{root + `"endpoints": [[]]`, "endpoints[0]: It must be an object"},
		{root + `"endpoints": [{"url": "https://a", "weight": -1}]`, "endpoints[0].weight: It must be at least 0."},
		{root + `"endpoints": [{"url": "ftp://a"}]`, "endpoints[0].url: It must not be FTP."},
		{root + `"endpoints": [{"url":"http://a"},{"url":"http://a"},{"url":"http://a"}]`, "endpoints: It must have at most 2 elements."},
		{root + `"cas": ["/a", "b"]`, "cas[1]: It must be an absolute path."},
		{root + `"headers": {"X-A": "b c"}`, "headers.X-A: It must match"},
		{root + `"headers": []`, "headers: It must be an object"},
		{root + `"proxy": {"host": "-"}`, "proxy.host: It must be the name of a host"},
		{root + `"proxy": {"host": "a", "deep": {"level": true}}`, "proxy.deep.level: It must be a whole number."},
		{root + `"from": "31s"`, "from: It must not be more than timeout."},
		{root + `"buckte": "abc"`, `buckte: There is no such option; did you mean "bucket"?`},
		{root + `"time-out": "3s"`, `time-out: There is no such option; did you mean "timeout"?`},
		{root + `"zzzzzz": 1`, "zzzzzz: There is no such option."},
		{root + `"BUCKET": "abc"`, `BUCKET: There is no such option; did you mean "bucket"?`},
		{root + `"proxy": {"hots": "a", "host": "a"}`, `proxy.hots: There is no such option; did you mean "host"?`},
		{root + `"key": "k"`, "key: It is a secret"},
	}
	for _, test := range tests {
		problems := config.Check[everything](json.RawMessage("{"+test.options+"}"), map[string]string{"key": "k"})
		if len(problems) != 1 || !strings.HasPrefix(problems[0].Field+": "+problems[0].Message, test.want) {
			t.Errorf("{%s}: problems are %q, want %q", test.options, problems, test.want)
		}
		if err := config.Error(problems); !errs.Is(err, errs.Invalid) || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("{%s}: the error is %v", test.options, err)
		}
	}
}

// TestSecretProblems proves that secrets which are missing, or nobody asked for, are
// reported, and that those of a part that cannot be read are not.
func TestSecretProblems(t *testing.T) {
	tests := []struct {
		options string
		secrets map[string]string
		want    string
	}{
		{`{"root": "/x"}`, nil, `[{key It must be set; it is a secret.}]`},
		{`{"root": "/x"}`, map[string]string{"key": ""}, `[{key It must be set; it is a secret.}]`},
		{`{"root": "/x"}`, map[string]string{"key": "k", "keys": "v"}, `[{keys There is no such secret; did you mean "key"?}]`},
		{`{"root": "/x"}`, map[string]string{"key": "k", "endpoints[0].token": "v"}, `[{endpoints[0].token There is no such secret.}]`},
		{`{"root": "/x", "endpoints": 1}`, map[string]string{"key": "k", "endpoints[0].token": "v"}, `[{endpoints It must be a list.}]`},
		{`{"root": "/x"}`, map[string]string{"key": "k", "proxy.password": "v"}, `[{proxy.host It must be set.}]`},
		{`{"root": "/x", "proxy": {"password": "v", "host": "a"}}`, map[string]string{"key": "k"}, `[{proxy.password It is a secret: it must be passed as one, apart from the other options.}]`},
		{`{"bucket": "a"}`, nil, `[{root It must be set.} {bucket It must have at least 3 characters.} {key It must be set; it is a secret.}]`},
	}
	for _, test := range tests {
		if got := fmt.Sprint(config.Check[everything](json.RawMessage(test.options), test.secrets)); got != test.want {
			t.Errorf("%s: problems are %s, want %s", test.options, got, test.want)
		}
	}
}

// TestOptionsAreAnObject proves that whatever is no JSON object is refused as a
// whole, and that nothing is an empty object.
func TestOptionsAreAnObject(t *testing.T) {
	type optional struct {
		Name string `json:"name" default:"x" help:"A name."`
	}
	for _, options := range []string{"", " ", "null", "{}"} {
		if c, problems := config.Parse[optional](json.RawMessage(options), nil); problems != nil || c.Name != "x" {
			t.Errorf("%q: %v, %v", options, c, problems)
		}
	}
	for _, options := range []string{"{", "[]", "1", "{} {}", `"x"`, "{}x", "\xff"} {
		if problems := config.Check[optional](json.RawMessage(options), nil); len(problems) != 1 || problems[0].Field != "" {
			t.Errorf("%q: problems are %v", options, problems)
		}
	}
}

// TestNoError proves that no problems are no error.
func TestNoError(t *testing.T) {
	if err := config.Error(nil); err != nil {
		t.Error(err)
	}
}

// FuzzParse proves that no configuration makes Parse panic, that it gives the same
// answer twice, that what it accepts keeps the declared limits, and that its problems
// have no value of a secret in them.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"root": "/x"}`, `{"root": "/x", "endpoints": [{"url": "https://a", "weight": 3}]}`,
		`{"root": "/x", "chunk": "1.5GiB", "timeout": "1m", "headers": {"a": "b"}, "proxy": {"host": "a"}}`,
		`{"root": 1, "cas": ["/a"], "count": 1e3, "small": 200}`, `[]`, `null`,
	} {
		f.Add(seed, "key", "fuzzedsecret")
	}
	f.Fuzz(func(t *testing.T, options, name, value string) {
		secrets := map[string]string{name: value}
		c, problems := config.Parse[everything](json.RawMessage(options), secrets)
		again, sameProblems := config.Parse[everything](json.RawMessage(options), secrets)
		if !reflect.DeepEqual(problems, sameProblems) || !reflect.DeepEqual(c, again) {
			t.Errorf("two answers: %v and %v", problems, sameProblems)
		}
		for _, p := range problems {
			if p.Message == "" || strings.Contains(p.Message, "fuzzedsecret") && value == "fuzzedsecret" && name == "key" {
				t.Errorf("the problem is %q", p)
			}
		}
		if len(problems) > 0 {
			return
		}
		if !strings.HasPrefix(string(c.Root), "/") || c.Key.Reveal() == "" || c.Count < -1 || c.Count > 9 ||
			c.Timeout < time.Second || c.Timeout > 5*time.Minute || c.Chunk < 5<<20 || c.Chunk > 5<<30 ||
			len(c.Endpoints) > 2 || c.Mode != "fast" && c.Mode != "safe" {
			t.Errorf("it accepts %+v", c)
		}
	})
}
