package domain_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/domain"
)

// TestPasswordHashHidden proves that no way to print, log or encode an account shows the
// hash of its password, and that the account can still be told from others.
func TestPasswordHashHidden(t *testing.T) {
	const hash = "$2b$12$hash-of-a-password"
	user := domain.User{ID: 7, Name: "alice", PasswordHash: hash}
	account := domain.Account{User: user}
	robot := domain.Robot{Account: account}
	for _, v := range []any{user, &user, account, &account, robot, &robot, []domain.User{user}, struct{ U *domain.Account }{&account}} {
		var out strings.Builder
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
			slog.New(h).Info("x", "account", v)
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(text)
		if strings.Contains(out.String(), "hash-of-a-password") || strings.Contains(out.String(), fmt.Sprintf("%x", hash)) {
			t.Errorf("%T shows the hash: %s", v, out.String())
		}
	}
	if got := fmt.Sprintf("%+v", account); got != `account 7 "alice"` {
		t.Error(got)
	}
}
