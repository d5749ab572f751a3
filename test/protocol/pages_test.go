package protocol

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/quay/quay/test/oci"
)

// names walks all pages of a listing of tags or repositories.
func names(t *testing.T, path string) (all []string, pages int) {
	t.Helper()
	for path != "" {
		r := get(t, path)
		if r.Status != http.StatusOK {
			t.Fatalf("listing: %s", r)
		}
		var page struct{ Tags, Repositories []string }
		if err := json.Unmarshal(r.Body, &page); err != nil {
			t.Fatal(err)
		}
		all = append(append(all, page.Tags...), page.Repositories...)
		if pages++; pages > 1000 {
			t.Fatal("more than 1000 pages")
		}
		path = nextPage(t, r)
	}
	return all, pages
}

// TestTagPages proves that the pages of a listing hold every tag once, in order.
func TestTagPages(t *testing.T) {
	repo := newRepo()
	image := pushImage(t, repo, "t00", 80)
	want := []string{"t00"}
	for i := 1; i < 23; i++ {
		tag := fmt.Sprintf("t%02d", i)
		mustPut(t, repo, tag, oci.MediaTypeManifest, image.Manifest)
		want = append(want, tag)
	}
	for n, wantPages := range map[int]int{1: 23, 7: 4, 22: 2, 1000: 1} {
		got, pages := names(t, fmt.Sprintf("/v2/%s/tags/list?n=%d", repo, n))
		if !slices.Equal(got, want) {
			t.Errorf("n=%d: %v", n, got)
		}
		if pages < wantPages || pages > wantPages+1 { // a last empty page is allowed
			t.Errorf("n=%d: %d pages, want %d", n, pages, wantPages)
		}
	}
	if got, _ := names(t, "/v2/"+repo+"/tags/list?n=5&last=t19"); !slices.Equal(got, want[20:]) {
		t.Errorf("behind t19: %v", got)
	}
}

// TestCatalogPages proves that a walk through the catalogue meets every
// repository once.
func TestCatalogPages(t *testing.T) {
	var want []string
	for i := range 5 {
		repo := newRepo()
		pushImage(t, repo, "latest", 81+uint64(i))
		want = append(want, repo)
	}
	got, _ := names(t, "/v2/_catalog?n=2")
	seen := map[string]int{}
	for _, name := range got {
		seen[name]++
	}
	for _, repo := range want {
		if seen[repo] != 1 {
			t.Errorf("%s is listed %d times", repo, seen[repo])
		}
	}
}

// TestPageParameters proves that no parameter of a listing is a server error.
func TestPageParameters(t *testing.T) {
	repo := newRepo()
	pushImage(t, repo, "latest", 88)
	for _, query := range []string{
		"n=0", "n=-1", "n=2147483648", "n=9223372036854775808", "n=abc", "n=", "n=1.5", "n=1&n=2",
		"last=%00", "last=%ff", "last=%f0%9f%90%b3", "last=../..", "last='%20or%201=1", "n=1&last=zzz", "last=%", "next_page=x", "next_page=%00",
	} {
		for _, path := range []string{"/v2/" + repo + "/tags/list", "/v2/_catalog"} {
			acceptedOrRefused(t, rawGet(t, path+"?"+query))
		}
	}
}
