package uploadstate_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/quay/quay/sdk/storage/uploadstate"
)

// TestRoundTrip proves that the Python drivers' states, as json.dumps writes them, are
// read, and that what is written is the same JSON.
func TestRoundTrip(t *testing.T) {
	octets := "application/octet-stream"
	for _, tc := range []struct {
		python string
		want   any // a pointer
	}{
		{`{"chunks": []}`, &uploadstate.S3{Chunks: []uploadstate.Part{}}},
		{
			`{"chunks": [["uploads/7d7a8a36-6c1e-4b0f-9f0c-0d2f5c5b7a11", 0, 5242880], ["uploads/<\u00e9>", 5242880, 9007199254740993]]}`,
			&uploadstate.S3{Chunks: []uploadstate.Part{
				{Path: "uploads/7d7a8a36-6c1e-4b0f-9f0c-0d2f5c5b7a11", Length: 5242880},
				{Path: "uploads/<é>", Offset: 5242880, Length: 9007199254740993},
			}},
		},
		{`{"segments": [], "emptysegments": []}`, &uploadstate.Swift{Segments: []uploadstate.Part{}, Empty: []uploadstate.Part{}}},
		{
			`{"segments": [["segments/u/000000000", 0, 7]], "emptysegments": [["segments/u/000000001", 7, 0]]}`,
			&uploadstate.Swift{
				Segments: []uploadstate.Part{{Path: "segments/u/000000000", Length: 7}},
				Empty:    []uploadstate.Part{{Path: "segments/u/000000001", Offset: 7}},
			},
		},
		{`{"blocks": [], "content-type": null}`, &uploadstate.Azure{Blocks: []string{}}},
		{
			`{"blocks": ["00000", "00001"], "content-type": "application/octet-stream"}`,
			&uploadstate.Azure{Blocks: []string{uploadstate.BlockID(0), uploadstate.BlockID(1)}, ContentType: &octets},
		},
	} {
		got := reflect.New(reflect.TypeOf(tc.want).Elem()).Interface()
		if err := json.Unmarshal([]byte(tc.python), got); err != nil || !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: got %+v, %v", tc.python, got, err)
		}
		same(t, got, tc.python)
	}
	if id := uploadstate.BlockID(123456); id != "123456" {
		t.Errorf("block %s", id)
	}
}

// TestEmpty proves that a state of nothing has lists that Python can append to.
func TestEmpty(t *testing.T) {
	same(t, uploadstate.S3{}, `{"chunks": []}`)
	same(t, uploadstate.Swift{}, `{"segments": [], "emptysegments": []}`)
	same(t, uploadstate.Azure{}, `{"blocks": [], "content-type": null}`)
}

func same(t *testing.T, state any, want string) {
	t.Helper()
	b, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	var x, y any
	if err := json.Unmarshal(b, &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(want), &y); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(x, y) {
		t.Errorf("got %s, want %s", b, want)
	}
}

// TestRefused proves that another driver's state, or a damaged one, is not taken for an
// empty one.
func TestRefused(t *testing.T) {
	for _, into := range []any{new(uploadstate.S3), new(uploadstate.Swift), new(uploadstate.Azure)} {
		for _, s := range []string{
			`{}`, `[]`, `{"chunks": null, "segments": [], "blocks": null}`, `{"chunks": 1, "segments": 1, "blocks": 1}`,
			`{"chunks": [["p", 0]], "segments": [["p", 0]], "emptysegments": [], "blocks": [0]}`,
			`{"chunks": [["p", 0, 1, 2]], "segments": [["p", 0, 1, 2]], "emptysegments": [], "blocks": [[]]}`,
			`{"chunks": [["", 0, 1]], "segments": [["", 0, 1]], "emptysegments": [], "blocks": {}}`,
			`{"chunks": [["p", -1, 1]], "segments": [["p", 1, -1]], "emptysegments": [], "blocks": "x"}`,
			`{"chunks": [[0, "p", 1]], "segments": [{"path": "p"}], "emptysegments": [], "blocks": [null, 1]}`,
			`{"chunks": [["p", 0.5, 1]], "segments": [["p", 1e99, 1]], "emptysegments": [], "blocks": [1]}`,
		} {
			if err := json.Unmarshal([]byte(s), into); err == nil {
				t.Errorf("%T reads %s as %+v", into, s, into)
			}
		}
	}
}

// FuzzS3 proves that what is read is written as what is read again.
func FuzzS3(f *testing.F) {
	f.Add([]byte(`{"chunks": [["uploads/a", 0, 5242880]]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var s, again uploadstate.S3
		if json.Unmarshal(b, &s) != nil {
			return
		}
		out, err := json.Marshal(s)
		if err == nil {
			err = json.Unmarshal(out, &again)
		}
		if err != nil || !reflect.DeepEqual(s, again) {
			t.Errorf("%s: written as %s, %v", b, out, err)
		}
	})
}
