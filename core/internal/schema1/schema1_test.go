package schema1

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/pyjson"
)

type vectors struct {
	Cases     []struct{ Name, Unsigned, Signed, Digest string }
	Canonical []struct{ Value, Text string }
	Foreign   []struct{ Name, Signed, Digest string }
}

// read reads manifests of the product's own code; testdata/manifests.json says of
// which versions.
func read(t testing.TB) vectors {
	t.Helper()
	b, err := os.ReadFile("testdata/manifests.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(b, &v); err != nil || len(v.Cases) == 0 || len(v.Foreign) == 0 || len(v.Canonical) == 0 {
		t.Fatal(err)
	}
	return v
}

// key is the one with which the vectors were signed.
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

var then = time.Unix(1700000000, 0)

// TestProductManifests proves that manifests are read, written and signed byte for
// byte as by the product, and have the same digest with and without a signature.
func TestProductManifests(t *testing.T) {
	k := key(t)
	for _, tc := range read(t).Cases {
		unsigned, err := Parse([]byte(tc.Unsigned))
		if err != nil {
			t.Fatalf("%s: %v", tc.Name, err)
		}
		signed, err := Parse([]byte(tc.Signed))
		if err != nil {
			t.Fatalf("%s: %v", tc.Name, err)
		}
		if err := errors.Join(signed.Verify(), unsigned.Verify()); err != nil {
			t.Errorf("%s: %v", tc.Name, err)
		}
		for _, m := range []*Manifest{unsigned, signed} {
			if m.Digest() != domain.Digest(tc.Digest) || string(m.Payload()) != tc.Unsigned || string(m.Unsigned()) != tc.Unsigned {
				t.Errorf("%s: digest %s of\n%s\nwrote\n%s", tc.Name, m.Digest(), m.Payload(), m.Unsigned())
			}
			text, err := k.Sign(m.Image, then)
			if err != nil || string(text) != tc.Signed {
				t.Errorf("%s: %v, signed\n%s", tc.Name, err, text)
			}
		}
		if unsigned.MediaType() != MediaType || signed.MediaType() != SignedMediaType || unsigned.Signed() || !signed.Signed() {
			t.Errorf("%s: media types %s and %s", tc.Name, unsigned.MediaType(), signed.MediaType())
		}
	}
}

// TestForeignSignatures proves that every algorithm of old clients is understood, and
// several signatures of one manifest.
func TestForeignSignatures(t *testing.T) {
	for _, tc := range read(t).Foreign {
		m, err := Parse([]byte(tc.Signed))
		if err != nil {
			t.Fatalf("%s: %v", tc.Name, err)
		}
		if err := m.Verify(); err != nil || m.Digest() != domain.Digest(tc.Digest) {
			t.Errorf("%s: %v, digest %s", tc.Name, err, m.Digest())
		}
	}
}

// TestEmptyTail is the worked example of a tail.
func TestEmptyTail(t *testing.T) {
	if got := base64.RawURLEncoding.EncodeToString([]byte("\n}")); got != "Cn0" {
		t.Error(got)
	}
}

// TestKeyID is an example of the documentation's form: twelve groups of four.
func TestKeyID(t *testing.T) {
	if got := key(t).ID(); got != "U46Y:MT6V:XHKH:ECR2:P6UY:LYPF:SBRB:APYI:ZAMR:GQIF:3BRE:P7Z6" {
		t.Error(got)
	}
}

// TestCanonical proves that canonical JSON is the product's, with its way of escaping.
func TestCanonical(t *testing.T) {
	for _, tc := range read(t).Canonical {
		v, err := pyjson.Parse([]byte(tc.Value))
		if err != nil {
			t.Fatal(err)
		}
		if got := Canonical(v); got != tc.Text {
			t.Errorf("got %s, want %s", got, tc.Text)
		}
	}
}

// changed is a signed manifest in which something was replaced.
func changed(t *testing.T, from, to string) string {
	text := read(t).Cases[0].Signed
	if !strings.Contains(text, from) {
		t.Fatalf("%q is not in it", from)
	}
	return strings.ReplaceAll(text, from, to)
}

// protected replaces what the first signature says of the signed text.
func protected(t *testing.T, v string) string {
	m, err := Parse([]byte(read(t).Cases[0].Signed))
	if err != nil {
		t.Fatal(err)
	}
	return changed(t, m.signatures[0].protected, base64.RawURLEncoding.EncodeToString([]byte(v)))
}

// TestParseRefuses proves that what is no manifest is refused, and what says one thing
// in the document and another in the signed text.
func TestParseRefuses(t *testing.T) {
	good := read(t).Cases[0].Unsigned
	other := base64.RawURLEncoding.EncodeToString([]byte(read(t).Cases[1].Unsigned))
	many := changed(t, `"signatures": [`, `"signatures": [`+strings.Repeat(`{},`, maxSignatures))
	for name, text := range map[string]string{
		"empty":                 "",
		"no JSON":               "x",
		"a list":                "[]",
		"nothing in it":         "{}",
		"no tag":                strings.Replace(good, `"tag"`, `"t"`, 1),
		"tag is a number":       strings.Replace(good, `"latest"`, `1`, 1),
		"no layers":             strings.Replace(good, `"fsLayers"`, `"f"`, 1),
		"layers are an object":  `{"tag":"t","name":"n","fsLayers":{},"history":[]}`,
		"a layer is a string":   `{"tag":"t","name":"n","fsLayers":["x"],"history":[{"v1Compatibility":"{}"}]}`,
		"more layers":           `{"tag":"t","name":"n","fsLayers":[{"blobSum":"sha256:` + strings.Repeat("a", 64) + `"}],"history":[]}`,
		"a bad digest":          strings.Replace(good, "sha256:b", "sha256:X", 1),
		"signatures are null":   changed(t, `"signatures": [`, `"signatures": null, "x": [`),
		"signatures are empty":  strings.Replace(good, `"tag"`, `"signatures": [], "tag"`, 1),
		"too many signatures":   many,
		"no header":             changed(t, `"header"`, `"h"`),
		"no key":                changed(t, `"jwk"`, `"j"`),
		"no algorithm":          changed(t, `"alg"`, `"a"`),
		"no signature":          changed(t, `"signature":`, `"s":`),
		"protected is noise":    protected(t, "x"),
		"no length":             protected(t, `{"formatTail":"Cn0"}`),
		"a negative length":     protected(t, `{"formatTail":"Cn0","formatLength":-1}`),
		"a length beyond":       protected(t, `{"formatTail":"Cn0","formatLength":1000000}`),
		"a length as text":      protected(t, `{"formatTail":"Cn0","formatLength":"675"}`),
		"a bad tail":            protected(t, `{"formatTail":"*","formatLength":675}`),
		"a critical member":     protected(t, `{"formatTail":"Cn0","formatLength":675,"crit":["x"]}`),
		"another manifest":      protected(t, `{"formatTail":"`+other+`","formatLength":0}`),
		"half of it":            protected(t, `{"formatTail":"Cn0","formatLength":300}`),
		"a tag that was hidden": changed(t, "\"signatures\": [", "\"tag\": \"other\", \"signatures\": ["),
	} {
		m, err := Parse([]byte(text))
		if !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: got %+v, %v", name, m, err)
		}
	}
}

// TestVerifyRefuses proves that a manifest which was changed, or whose key does not
// fit, does not pass.
func TestVerifyRefuses(t *testing.T) {
	m, err := Parse([]byte(read(t).Cases[0].Signed))
	if err != nil {
		t.Fatal(err)
	}
	n := m.signatures[0].key.String("n")
	for name, text := range map[string]string{
		"another tag":          changed(t, `"latest"`, `"latesT"`),
		"another signature":    changed(t, m.signatures[0].signature[:8], "AAAAAAAA"),
		"a short signature":    changed(t, m.signatures[0].signature, "AAAA"),
		"another time":         protected(t, `{"formatTail":"Cn0","formatLength":675,"time":"2024-01-01T00:00:00Z"}`),
		"another key":          changed(t, n[:8], "AAAAAAAA"),
		"a weak key":           changed(t, n, "AQAB"),
		"a huge key":           changed(t, n, strings.Repeat("A", 2000)),
		"exponent one":         changed(t, `"AQAB"`, `"AQ"`),
		"exponent zero":        changed(t, `"AQAB"`, `"AA"`),
		"a huge exponent":      changed(t, `"AQAB"`, `"_____w"`),
		"algorithm none":       changed(t, `"RS256"`, `"none"`),
		"algorithm HS256":      changed(t, `"RS256"`, `"HS256"`),
		"algorithm RS512":      changed(t, `"RS256"`, `"RS512"`),
		"algorithm ES256":      changed(t, `"RS256"`, `"ES256"`),
		"key of another type":  changed(t, `"kty": "RSA"`, `"kty": "EC"`),
		"signature is noise":   changed(t, m.signatures[0].signature, "*"),
		"point not on a curve": strings.Replace(read(t).Foreign[0].Signed, `"x": "`, `"x": "AA`, 1),
		"curve of another":     strings.Replace(read(t).Foreign[0].Signed, `"P-256"`, `"P-384"`, 1),
		"one good, one bad":    strings.Replace(read(t).Foreign[5].Signed, `"alg": "RS256"`, `"alg": "RS384"`, 1),
	} {
		m, err := Parse([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := m.Verify(); !errors.Is(err, ErrSignature) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestMetadata proves what is taken out of a layer's metadata.
func TestMetadata(t *testing.T) {
	m, err := Parse([]byte(read(t).Cases[0].Unsigned))
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.Layers[0].Metadata()
	want := Metadata{ID: "leaf", Parent: "base", Command: `["sh","-c","echo <&>"]`, Labels: map[string]string{"é": "<b>&"}, Size: -1}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %+v, %v", got, err)
	}
	got, err = Layer{V1Compatibility: `{"id":"x","Size":12,"container_config":{"Cmd":[]},"config":null,"author":"a","comment":"c"}`}.Metadata()
	if err != nil || got.Size != 12 || got.Command != "" || got.Author != "a" || got.Comment != "c" || got.Labels != nil {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, text := range []string{"", "x", "[]", "null", "{}", `{"ID":"x"}`} {
		if _, err := (Layer{V1Compatibility: text}).Metadata(); !errors.Is(err, ErrInvalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestCheckParents proves that a layer's parent has to be below it.
func TestCheckParents(t *testing.T) {
	layer := func(text string) Layer { return Layer{V1Compatibility: text} }
	for name, tc := range map[string]struct {
		layers []Layer
		good   bool
	}{
		"none":          {nil, true},
		"a chain":       {[]Layer{layer(`{"id":"b","parent":"a"}`), layer(`{"id":"a"}`)}, true},
		"upside down":   {[]Layer{layer(`{"id":"a"}`), layer(`{"id":"b","parent":"a"}`)}, false},
		"itself":        {[]Layer{layer(`{"id":"a","parent":"a"}`)}, false},
		"somebody else": {[]Layer{layer(`{"id":"b","parent":"x"}`), layer(`{"id":"a"}`)}, false},
	} {
		if err := (Image{Layers: tc.layers}).CheckParents(); tc.good != (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestKeys proves that a new key's manifests are accepted, and that what is no key is
// refused.
func TestKeys(t *testing.T) {
	k, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	text, err := k.Sign(Image{Name: "a/b", Tag: "t"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	m, err := Parse(text)
	if err != nil || m.Verify() != nil {
		t.Errorf("%v, %v", err, m.Verify())
	}
	for _, text := range []string{"", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		if _, err := ParseKey([]byte(text)); err == nil {
			t.Errorf("%q is a key", text)
		}
	}
}

// TestKeyDoesNotPrint proves that no verb shows the private half.
func TestKeyDoesNotPrint(t *testing.T) {
	k := key(t)
	d := k.private.Reveal().D
	holder := struct {
		K *Key
		k *Key
	}{k, k}
	for _, v := range []any{k, *k, holder, &holder} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t", "%b", "%o", "%c", "%e", "%U"} {
			text := fmt.Sprintf(verb, v)
			if strings.Contains(text, d.String()) || strings.Contains(strings.ToLower(text), d.Text(16)) || strings.Contains(text, "{D:") {
				t.Errorf("%s printed %s", verb, text)
			}
		}
		if j, _ := json.Marshal(v); bytes.Contains(j, []byte(d.String())) {
			t.Errorf("as JSON: %s", j)
		}
	}
}

// FuzzParse proves that no text makes reading or checking panic, and that a manifest
// which passes can be written and read again with the same layers.
func FuzzParse(f *testing.F) {
	v := read(f)
	for _, tc := range v.Cases {
		f.Add(tc.Unsigned)
		f.Add(tc.Signed)
	}
	for _, tc := range v.Foreign {
		f.Add(tc.Signed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := Parse([]byte(text))
		if err != nil {
			return
		}
		_ = m.Verify()
		for _, l := range m.Layers {
			_, _ = l.Metadata()
		}
		again, err := Parse(m.Unsigned())
		if err != nil || fmt.Sprint(again.Image) != fmt.Sprint(m.Image) {
			t.Errorf("read again: %+v, %v", again, err)
		}
	})
}

func BenchmarkParseAndVerify(b *testing.B) {
	text := []byte(read(b).Cases[0].Signed)
	b.ReportAllocs()
	for b.Loop() {
		m, err := Parse(text)
		if err != nil || m.Verify() != nil {
			b.Fatal(err)
		}
	}
}
