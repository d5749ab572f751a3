package schema1

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

type conversion struct{ Name, MediaType, Manifest, Config, Image, Tag, Schema1, Digest, Error string }

// conversions reads what the product's own code made of images;
// testdata/conversions.json says of which version.
func conversions(t testing.TB) []conversion {
	t.Helper()
	b, err := os.ReadFile("testdata/conversions.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ Cases []conversion }
	if err := json.Unmarshal(b, &v); err != nil || len(v.Cases) < 30 {
		t.Fatalf("%d cases, %v", len(v.Cases), err)
	}
	return v.Cases
}

func convert(tc conversion) (Image, error) {
	s, err := ReadSource(tc.MediaType, []byte(tc.Manifest))
	if err != nil {
		return Image{}, err
	}
	return s.Image(tc.Image, tc.Tag, []byte(tc.Config))
}

// TestConversions proves that images become, byte for byte, what they become in the
// product, and that what it does not convert is refused in its words.
func TestConversions(t *testing.T) {
	converted := 0
	for _, tc := range conversions(t) {
		image, err := convert(tc)
		if tc.Error != "" {
			if !errs.Is(err, errs.Invalid) || !strings.HasPrefix(errs.Public(err), tc.Error) {
				t.Errorf("%s: %v, want %s", tc.Name, err, tc.Error)
			}
			continue
		}
		text := image.Unsigned()
		if err != nil || string(text) != tc.Schema1 || domain.SHA256.Of(text) != domain.Digest(tc.Digest) {
			t.Errorf("%s: %v, got\n%s\nwant\n%s", tc.Name, err, text, tc.Schema1)
			continue
		}
		converted++
		m, err := Parse(text)
		if err != nil {
			t.Errorf("%s: it cannot be read: %v", tc.Name, err)
		} else if err := m.CheckParents(); err != nil {
			t.Errorf("%s: %v", tc.Name, err)
		}
	}
	if converted < 10 {
		t.Errorf("only %d were converted", converted)
	}
}

// TestSourceRefuses proves that what is no image, has layers elsewhere or makes no sense
// has no form in schema 1.
func TestSourceRefuses(t *testing.T) {
	good := conversions(t)[0].Manifest
	edited := func(from, to string) string {
		if !strings.Contains(good, from) {
			t.Fatalf("%q is not in it", from)
		}
		return strings.Replace(good, from, to, 1)
	}
	foreign := edited("image.rootfs.diff", "image.rootfs.foreign.diff")
	artifact := `{"config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"` + string(domain.EmptyLayer) + `","size":2},"layers":[]}`
	for name, tc := range map[string]struct {
		mediaType, manifest string
		want                error
	}{
		"an index":       {domain.MediaTypeOCIIndex, good, ErrNone},
		"schema 1":       {domain.MediaTypeDockerSigned1, good, ErrNone},
		"layers abroad":  {domain.MediaTypeDockerManifest, foreign, ErrNone},
		"an artifact":    {domain.MediaTypeOCIManifest, artifact, ErrNone},
		"no JSON":        {domain.MediaTypeDockerManifest, "x", ErrInvalid},
		"nothing in it":  {domain.MediaTypeDockerManifest, "{}", ErrInvalid},
		"a bad digest":   {domain.MediaTypeDockerManifest, strings.Replace(good, "sha256:", "sha257:", 1), ErrInvalid},
		"a size as text": {domain.MediaTypeDockerManifest, edited(`"size": 100`, `"size": "100"`), ErrInvalid},
		"a null layer":   {domain.MediaTypeDockerManifest, edited(`"layers": [`, `"layers": [null,`), ErrInvalid},
	} {
		if s, err := ReadSource(tc.mediaType, []byte(tc.manifest)); !errors.Is(err, tc.want) {
			t.Errorf("%s: got %+v, %v", name, s, err)
		}
	}
}

// FuzzConvert proves that no manifest and no configuration make a conversion panic, and
// that what comes out is a manifest that can be read and says the same again.
func FuzzConvert(f *testing.F) {
	for _, tc := range conversions(f) {
		f.Add(tc.MediaType == domain.MediaTypeOCIManifest, tc.Manifest, tc.Config)
	}
	f.Fuzz(func(t *testing.T, oci bool, manifest, config string) {
		tc := conversion{MediaType: domain.MediaTypeDockerManifest, Manifest: manifest, Config: config, Image: "a/b", Tag: "t"}
		if oci {
			tc.MediaType = domain.MediaTypeOCIManifest
		}
		image, err := convert(tc)
		if err != nil {
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("kind of %v", err)
			}
			return
		}
		m, err := Parse(image.Unsigned())
		if err != nil || fmt.Sprint(m.Image) != fmt.Sprint(image) {
			t.Errorf("read again: %+v, %v", m, err)
		}
	})
}

// TestConversionAllocations proves that the memory which a conversion takes grows with
// the configuration and not faster.
func TestConversionAllocations(t *testing.T) {
	of := func(n int) (tc conversion) {
		steps := make([]string, n)
		for i := range steps {
			steps[i] = fmt.Sprintf(`{"created_by":"%d","empty_layer":true}`, i)
		}
		tc.MediaType, tc.Config = domain.MediaTypeDockerManifest, `{"rootfs":{"type":"layers"},"history":[`+strings.Join(steps, ",")+`]}`
		tc.Manifest = fmt.Sprintf(`{"config":{"digest":%q,"size":%d},"layers":[]}`, domain.EmptyLayer, len(tc.Config))
		return tc
	}
	allocations := func(n int) float64 {
		tc := of(n)
		return testing.AllocsPerRun(5, func() {
			if _, err := convert(tc); err != nil {
				t.Fatal(err)
			}
		})
	}
	few, many := allocations(100), allocations(2000)
	if many > 22*few {
		t.Errorf("20 times as many steps took %v allocations instead of %v", many, few)
	}
}

func BenchmarkConvert(b *testing.B) {
	tc := conversions(b)[1]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := convert(tc); err != nil {
			b.Fatal(err)
		}
	}
}
