package imageconfig

import (
	"fmt"
	"testing"

	"github.com/quay/quay/sdk/errs"
)

const root = `"rootfs":{"type":"layers","diff_ids":["x"]}`

// TestParse proves what is read of a configuration.
func TestParse(t *testing.T) {
	c, err := Parse(Docker, []byte(`{`+root+`,"history":[
		{"created":"now","created_by":"sh","author":"me","comment":"hm"},{"empty_layer":true},{"empty_layer":false,"more":1}]}`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range c.History {
		got = append(got, fmt.Sprintf("%v %s %s %s %t %d", e.Command, e.Created, e.Author, e.Comment, e.Empty, len(e.Document)))
	}
	want := []string{"sh now me hm false 4", "<nil>    true 1", "<nil>    false 2"}
	if fmt.Sprint(got) != fmt.Sprint(want) || len(c.Document) != 2 {
		t.Errorf("got %q of %d members", got, len(c.Document))
	}
}

// TestWhole proves what stands for a history that was left out.
func TestWhole(t *testing.T) {
	for text, want := range map[string]string{
		"{}": "<nil>  ",
		`{"architecture":"a","os":"b",` + root + `,"config":null}`:                                            "<nil>  ",
		`{"architecture":"a","os":"b",` + root + `,"created":"now","author":"me","config":{"Cmd":["a","b"]}}`: "[a b] now me",
	} {
		c, err := Parse(OCI, []byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if e := c.Whole(); fmt.Sprintf("%v %s %s", e.Command, e.Created, e.Author) != want {
			t.Errorf("%s: %+v", text, e)
		}
	}
}

// FuzzParse proves that no text makes reading panic, and that what is wrong with it is
// the client's mistake.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"", "{}", "null", `{"history":[{}],"rootfs":{"type":""}}`, `{"os":"","architecture":"",` + root + `,"config":{"Cmd":[]}}`} {
		f.Add(text, false)
		f.Add(text, true)
	}
	f.Fuzz(func(t *testing.T, text string, oci bool) {
		kind := Docker
		if oci {
			kind = OCI
		}
		c, err := Parse(kind, []byte(text))
		if err != nil {
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("kind of %v", err)
			}
			return
		}
		_ = c.Whole()
	})
}
