package storage_test

import (
	"strings"
	"testing"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
)

func TestNames(t *testing.T) {
	tests := []struct {
		name  string
		check func(string) error
		good  []string
		bad   []string
	}{
		{
			"path", storage.CheckPath,
			[]string{"a", "a/b", ".a", "a.", "...", "a b", "ä", strings.Repeat("x", 1024)},
			[]string{"", "/", "/a", "a/", "a//b", ".", "..", "a/..", "../a", "a/./b", "a\x00", "a/\xe9", strings.Repeat("x", 1025)},
		},
		{
			"prefix", storage.CheckPrefix,
			[]string{"", "a", "a/", "a/b", ".", "a/.", "a/.."},
			[]string{"/", "/a", "a//", "../", "a/../", "./", "a\x00", "\xe9/"},
		},
		{
			"upload", storage.CheckUpload,
			[]string{"a", "0", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "A_b.c", strings.Repeat("x", 128)},
			[]string{"", ".", "..", ".a", "-a", "_a", "a/b", "a b", "ä", strings.Repeat("x", 129)},
		},
	}
	for _, test := range tests {
		for _, s := range test.good {
			if err := test.check(s); err != nil {
				t.Errorf("%s %q: %v", test.name, s, err)
			}
		}
		for _, s := range test.bad {
			if err := test.check(s); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s %q: %v", test.name, s, err)
			}
		}
	}
}
