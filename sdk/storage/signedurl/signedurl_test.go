package signedurl

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/errs"
)

type vectors struct {
	CloudFront []struct {
		Name, Domain, Path, URL string
		Params                  [][2]any
		Expires                 int64
	}
	Cloudflare []struct {
		Name, Presigned, Domain, Region, URL string
		Params                               [][2]any
		Expires                              int64
	}
	Akamai []struct {
		Name, Presigned, Domain, Region, Key, URL string
		Params                                    [][2]any
		Now                                       int64
	}
	Swift []struct {
		Name, Root, Container, Object, Key, Method, URL string
		Expires                                         int64
	}
}

// read reads URLs that the product's libraries made; testdata/urls.json names their
// versions.
func read(t *testing.T) vectors {
	t.Helper()
	b, err := os.ReadFile("testdata/urls.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(b, &v); err != nil || len(v.CloudFront)*len(v.Cloudflare)*len(v.Akamai)*len(v.Swift) == 0 {
		t.Fatal(err)
	}
	return v
}

func key(t testing.TB) *Key {
	t.Helper()
	b, err := os.ReadFile("testdata/key.pem")
	if err != nil {
		t.Fatal(err)
	}
	k, err := ParseKey(b)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func origin(params [][2]any) Origin {
	var o Origin
	for _, p := range params {
		switch p[0] {
		case "namespace":
			o.Namespace = fmt.Sprint(p[1])
		case "username":
			o.Username = fmt.Sprint(p[1])
		case "repo_name":
			o.Repository = fmt.Sprint(p[1])
		}
	}
	return o
}

// TestProductURLs proves that each scheme gives byte for byte the product's URL, with
// the worked examples among the cases.
func TestProductURLs(t *testing.T) {
	v := read(t)
	check := func(name, got, want string, err error) {
		if err != nil || got != want {
			t.Errorf("%s: %v\ngot  %s\nwant %s", name, err, got, want)
		}
	}
	for _, tc := range v.CloudFront {
		var params []Parameter
		for _, p := range tc.Params {
			value := fmt.Sprint(p[1])
			if value == "true" {
				value = "True" // as Python writes it
			}
			params = append(params, Parameter{fmt.Sprint(p[0]), value})
		}
		got, err := CloudFront{Domain: tc.Domain, KeyID: "KEYID", Key: key(t)}.Sign(tc.Path, params, time.Unix(tc.Expires, 0))
		check("CloudFront, "+tc.Name, got, tc.URL, err)
	}
	for _, tc := range v.Cloudflare {
		got, err := Cloudflare{tc.Domain, tc.Region, key(t)}.Sign(tc.Presigned, origin(tc.Params), time.Unix(tc.Expires, 0))
		check("Cloudflare, "+tc.Name, got, tc.URL, err)
	}
	for _, tc := range v.Akamai {
		got, err := Akamai{tc.Domain, tc.Region, config.NewSecret(tc.Key)}.Sign(tc.Presigned, origin(tc.Params), time.Unix(tc.Now, 0))
		check("Akamai, "+tc.Name, got, tc.URL, err)
	}
	for _, tc := range v.Swift {
		got, err := Swift{tc.Root, config.NewSecret(tc.Key)}.Sign(tc.Method, tc.Container, tc.Object, time.Unix(tc.Expires, 0))
		check("Swift, "+tc.Name, got, tc.URL, err)
	}
	for name, example := range map[string]string{
		v.Akamai[0].URL: "5fc51e4a4a02392c9c42edff764c21e556d3e39389b781c24644c23bdb4a3ffd",
		v.Swift[0].URL:  "f18ee816c5aae49f8fec90c74c9cd32c411c3dab",
	} {
		if !strings.Contains(name, example) {
			t.Errorf("%s is not the worked example %s", name, example)
		}
	}
}

// TestRefuses proves that a URL which would not mean what was signed is not made.
func TestRefuses(t *testing.T) {
	now := time.Now()
	good := "https://b.example.com/a?b=c"
	secret := config.NewSecret("00ff")
	for name, make := range map[string]func() (string, error){
		"CloudFront, a quote": func() (string, error) {
			return CloudFront{"d", "k", key(t)}.Sign(`a"}]}`, nil, now)
		},
		"CloudFront, a backslash": func() (string, error) { return CloudFront{"d", "k", key(t)}.Sign(`a\`, nil, now) },
		"CloudFront, a blank":     func() (string, error) { return CloudFront{"d", "k", key(t)}.Sign("a b", nil, now) },
		"CloudFront, not ASCII":   func() (string, error) { return CloudFront{"d", "k", key(t)}.Sign("é", nil, now) },
		"Cloudflare, no URL":      func() (string, error) { return Cloudflare{"d", "r", key(t)}.Sign("/a", Origin{}, now) },
		"Cloudflare, no host":     func() (string, error) { return Cloudflare{"d", "r", key(t)}.Sign("https:///a", Origin{}, now) },
		"Cloudflare, a bad query": func() (string, error) { return Cloudflare{"d", "r", key(t)}.Sign(good+"&%", Origin{}, now) },
		"Akamai, no secret":       func() (string, error) { return Akamai{"d", "r", config.Secret{}}.Sign(good, Origin{}, now) },
		"Akamai, secret is no hex": func() (string, error) {
			return Akamai{"d", "r", config.NewSecret("xyz")}.Sign(good, Origin{}, now)
		},
		"Akamai, an origin with more in it": func() (string, error) {
			return Akamai{"d", "r", secret}.Sign(good, Origin{Repository: "a&akamai_signature=x"}, now)
		},
		"Akamai, a fragment": func() (string, error) { return Akamai{"d", "r", secret}.Sign(good+"#x", Origin{}, now) },
		"Swift, no URL":      func() (string, error) { return Swift{"x", secret}.Sign("GET", "c", "o", now) },
		"Swift, a query":     func() (string, error) { return Swift{good, secret}.Sign("GET", "c", "o?x", now) },
		"Swift, a line":      func() (string, error) { return Swift{"https://s/v1", secret}.Sign("GET", "c", "o\nx", now) },
	} {
		if text, err := make(); !errs.Is(err, errs.Invalid) || text != "" {
			t.Errorf("%s: got %q, %v", name, text, err)
		}
	}
	for _, text := range []string{"", "x", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"} {
		if _, err := ParseKey([]byte(text)); !errs.Is(err, errs.Invalid) {
			t.Errorf("the key %q: %v", text, err)
		}
	}
}

// TestNothingPrints proves that no verb shows a key or a secret.
func TestNothingPrints(t *testing.T) {
	const secret = "0123456789abcdef"
	k := key(t)
	d := k.private().D
	for _, v := range []any{
		k, *k, CloudFront{"d", "k", k}, &Cloudflare{"d", "r", k}, Akamai{"d", "r", config.NewSecret(secret)}, &Swift{"r", config.NewSecret(secret)},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X"} {
			text := strings.ToLower(fmt.Sprintf(verb, v))
			for _, hidden := range []string{secret, fmt.Sprintf("%x", secret), d.String(), d.Text(16)} {
				if strings.Contains(text, hidden) {
					t.Errorf("%s of %T printed %s", verb, v, text)
				}
			}
		}
		for _, verb := range []string{"%d", "%t", "%b", "%o", "%c", "%e", "%U"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, d.String()) {
				t.Errorf("%s of %T printed %s", verb, v, text)
			}
		}
		if j, err := json.Marshal(v); err != nil || strings.Contains(string(j), secret) || strings.Contains(string(j), d.String()) {
			t.Errorf("as JSON: %s, %v", j, err)
		}
	}
}

// FuzzSplit proves that a URL is taken apart without losing or changing a byte.
func FuzzSplit(f *testing.F) {
	f.Add("https://b.example.com/a;p?b=c")
	f.Add("https://b/?")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := split(text)
		if err == nil && p.join(p.host, p.query) != text && p.join(p.host, p.query) != text+"?" {
			t.Errorf("%q became %+v", text, p)
		}
	})
}
