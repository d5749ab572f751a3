package credential_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/columns"
	"github.com/quay/quay/core/internal/credential"
	"github.com/quay/quay/core/internal/password"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

const (
	upper   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	letters = "abcdefghijklmnopqrstuvwxyz" + upper
)

// TestRandom proves the alphabets of random texts, and that every character is as likely
// as the others: within six standard deviations.
func TestRandom(t *testing.T) {
	const n = 1_000_000
	for name, tc := range map[string]struct{ text, alphabet string }{
		"upper":   {credential.Random(n).Reveal(), upper},
		"letters": {long(credential.OAuthToken, n/40), letters},
	} {
		counts := make(map[rune]int)
		for _, r := range tc.text {
			counts[r]++
		}
		share := float64(len(tc.text)) / float64(len(tc.alphabet))
		for _, r := range tc.alphabet {
			if d := float64(counts[r]) - share; d*d > 36*share {
				t.Errorf("%s: %q is there %d times, expected %.0f", name, r, counts[r], share)
			}
			delete(counts, r)
		}
		if len(counts) != 0 {
			t.Errorf("%s: %v are not of the alphabet", name, counts)
		}
	}
	if n := len(credential.Random(0).Reveal()); n != 0 {
		t.Errorf("%d characters", n)
	}
}

func long(f credential.Form, tokens int) string {
	var b strings.Builder
	for range tokens {
		b.WriteString(f.New().Text().Reveal())
	}
	return b.String()
}

// TestForms proves the lengths of new tokens and that they are read as they were made.
func TestForms(t *testing.T) {
	for name, tc := range map[string]struct {
		form         credential.Form
		name, secret int
		alphabet     string
	}{
		"access token": {credential.AccessToken, 32, 32, upper},
		"app token":    {credential.AppToken, 60, 60, upper},
		"OAuth token":  {credential.OAuthToken, 20, 20, letters},
		"OAuth code":   {credential.OAuthCode, 20, 20, letters},
	} {
		made, other := tc.form.New(), tc.form.New()
		text := made.Text().Reveal()
		if len(made.Name) != tc.name || len(made.Secret.Reveal()) != tc.secret || strings.Trim(text, tc.alphabet) != "" {
			t.Errorf("%s: %s", name, text)
		}
		if made.Name == other.Name || other.Secret.Equal(made.Secret.Reveal()) {
			t.Errorf("%s: the same twice", name)
		}
		got, err := tc.form.Parse(text)
		if err != nil || got.Name != made.Name || !got.Secret.Equal(made.Secret.Reveal()) {
			t.Errorf("%s: read as %s, %v", name, got.Name, err)
		}
	}
	if got := credential.NewRobotToken().Reveal(); len(got) != 64 || strings.Trim(got, upper) != "" {
		t.Errorf("robot: %s", got)
	}
	if credential.AccessTokenUser != "$token" || credential.OAuthTokenUser != "$oauthtoken" || credential.AppTokenUser != "$app" {
		t.Error("the names are the product's")
	}
}

// TestParse proves how what a client presents is split, and what cannot be a token.
func TestParse(t *testing.T) {
	a60, a32, a20 := strings.Repeat("a", 60), strings.Repeat("A", 32), strings.Repeat("b", 20)
	for _, tc := range []struct {
		form            credential.Form
		presented, name string
		secret          string // empty is refused
	}{
		{credential.OAuthToken, "abcdefghijKLMNOPQRSTuvwxyz0123456789ABCD", "abcdefghijKLMNOPQRST", "uvwxyz0123456789ABCD"},
		{credential.OAuthToken, a20 + a20 + strings.Repeat("c", 40), a20, a20 + strings.Repeat("c", 40)},
		{credential.OAuthCode, "Z932odswfhasdf1Z932odswfhasdf1", "Z932odswfhasdf1Z932o", "dswfhasdf1"},
		{credential.OAuthToken, a20 + "x", a20, "x"},
		{credential.OAuthToken, a20, "", ""},
		{credential.OAuthToken, "", "", ""},
		{credential.OAuthToken, a20 + "é", "", ""},
		{credential.OAuthToken, a20[:19] + "éx", "", ""},
		{credential.OAuthToken, a20 + "\x00", "", ""},
		{credential.OAuthToken, a20[1:] + "\nx", "", ""},
		{credential.OAuthToken, a20 + "\xff", "", ""},
		{credential.AccessToken, a32 + a32, a32, a32},
		{credential.AccessToken, a32, "", ""},
		{credential.AppToken, a60 + strings.Repeat("b", 60), a60, strings.Repeat("b", 60)},
		{credential.AppToken, "é" + a60[:30] + "ключ" + a60[30:] + "\U0001f600b\xffb", a60, "bb"},
		{credential.AppToken, a60 + "é", "", ""},
		{credential.AppToken, a60 + "\x00", "", ""},
		{credential.AppToken, a60[1:] + "é", "", ""},
	} {
		got, err := tc.form.Parse(tc.presented)
		if tc.secret == "" {
			if !errors.Is(err, credential.ErrForm) || !errs.Is(err, errs.Unauthenticated) || got.Name != "" || got.Secret.IsSet() {
				t.Errorf("%q: got %+v, %v", tc.presented, got, err)
			}
			continue
		}
		if err != nil || got.Name != tc.name || !got.Secret.Equal(tc.secret) {
			t.Errorf("%q: got %s, %s, %v", tc.presented, got.Name, got.Secret.Reveal(), err)
		}
	}
}

// TestIsJWT proves which passwords of robots are meant as JSON Web Tokens.
func TestIsJWT(t *testing.T) {
	for token, want := range map[string]bool{
		"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJxdWF5IiwiZXhwIjoxNzAwMDAwMzAwfQ.WA1Xd0hcwt8GfbE39wkrUkiGetYXMXfWnWuhnapoR90": true,
		`eyJ0eXAiOiJqd3QifQ.e30.AA`:                 true,  // "jwt"
		`eyJ0eXAiOiJhdCtKV1QifQ.e30.AA`:             true,  // "at+JWT"
		`eyJhbGciOiJIUzI1NiJ9.e30.AA`:               false, // no typ
		`eyJ0eXAiOiJKT1NFIn0.e30.AA`:                false, // "JOSE"
		`eyJ0eXAiOjF9.e30.AA`:                       false, // a number
		`eyJ0eXAiOm51bGx9.e30.AA`:                   false, // null
		`eyJUeXAiOiJqd3QifQ.e30.AA`:                 false, // "Typ"
		`WyJ0eXAiLCJqd3QiXQ.e30.AA`:                 false, // a list
		`eyJ0eXAiOiJqd3QifQ.e30`:                    false,
		`eyJ0eXAiOiJqd3QifQ.e30.AA.AA`:              false,
		`eyJ0eXAiOiJqd3QifQ..`:                      true,
		`eyJ0eXAiOiJqd3QifQ.A.AA`:                   false,
		`eyJ0eXAiOiJqd3QifQ.e30.A`:                  false,
		`{"typ":"jwt"}.e30.AA`:                      false,
		"":                                          false,
		"..":                                        false,
		credential.NewRobotToken().Reveal():         false,
		strings.Repeat("A", 1<<20) + ".e30.AA":      false,
		"eyJ0eXAiOiJqd3QifQ.e30." + "\u00e9" + "AA": false,
	} {
		if got := credential.IsJWT(token); got != want {
			t.Errorf("%.80q: %v", token, got)
		}
	}
}

// TestClock proves until when things are good, and which clock counts: the one on the
// server's wall where the product writes that, UTC elsewhere.
func TestClock(t *testing.T) {
	zone := time.FixedZone("east", 2*60*60)
	now := time.Date(2026, 8, 1, 10, 0, 0, 0, time.UTC) // 12:00 on the wall
	at := func(hour, minute int) *time.Time {
		v := time.Date(2026, 8, 1, hour, minute, 0, 0, time.UTC)
		return &v
	}
	if got := credential.Local(now, zone); !got.Equal(*at(12, 0)) || got.Location() != time.UTC {
		t.Errorf("local time %v", got)
	}
	if got := credential.Local(now.In(zone), nil); !got.Equal(now) || got.Location() != time.UTC {
		t.Errorf("without a zone %v", got)
	}
	for _, tc := range []struct {
		what      string
		got, want bool
	}{
		{"app token without an end", credential.AppTokenAlive(nil, now, zone), true},
		{"app token until 12:01", credential.AppTokenAlive(at(12, 1), now, zone), true},
		{"app token until 12:00", credential.AppTokenAlive(at(12, 0), now, zone), false},
		{"app token until 11:00", credential.AppTokenAlive(at(11, 0), now, zone), false},
		{"app token until 11:00, in UTC", credential.AppTokenAlive(at(11, 0), now, nil), true},
		{"OAuth token until 10:01", credential.OAuthTokenAlive(*at(10, 1), now), true},
		{"OAuth token until 10:00", credential.OAuthTokenAlive(*at(10, 0), now), false},
		{"code of 11:30", credential.EmailCodeAlive(*at(11, 30), 30*time.Minute, now, zone), true},
		{"code of 11:29", credential.EmailCodeAlive(*at(11, 29), 30*time.Minute, now, zone), false},
		{"never accessed", credential.AccessDue(nil, now, time.Minute), true},
		{"accessed a minute ago", credential.AccessDue(at(9, 59), now, time.Minute), true},
		{"accessed now", credential.AccessDue(at(10, 0), now, time.Minute), false},
		{"accessed in the future", credential.AccessDue(at(11, 0), now, time.Minute), false},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %v", tc.what, tc.got)
		}
	}
	if s := credential.OAuthTokenLifetime / time.Second; s != 315576000 {
		t.Errorf("%d seconds", s)
	}
}

// TestEmailCode proves the form of codes in e-mails, and that the half which is no
// secret is not enough.
func TestEmailCode(t *testing.T) {
	got, err := credential.ParseEmailCode("YWJjMTIzOnNlY3JldHBhcnQ=")
	if err != nil || got.Name != "abc123" || !got.Secret.Equal("secretpart") || !got.Text().Equal("YWJjMTIzOnNlY3JldHBhcnQ=") {
		t.Errorf("the worked example: %+v, %v", got, err)
	}
	made := credential.NewEmailCode()
	again, err := credential.ParseEmailCode("\n" + made.Text().Reveal()[:10] + " " + made.Text().Reveal()[10:])
	if err != nil || again.Name != made.Name || !again.Secret.Equal(made.Secret.Reveal()) || len(made.Name) != 16 || len(made.Secret.Reveal()) != 20 {
		t.Errorf("made %+v, read %+v, %v", made, again, err)
	}
	for what, text := range map[string]string{
		"nothing": "", "no base64": "abc", "name only": "YWJjMTIz", "no secret": "YWJjMTIzOg==", "no name": "OnNlY3JldA==",
		"three parts": "YTpiOmM=", "no UTF-8": "YTr/", "NUL": "YTpiAA==", "long": strings.Repeat("A", 1<<20),
	} {
		if got, err := credential.ParseEmailCode(text); !errors.Is(err, credential.ErrForm) || got.Name != "" {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
}

// TestCodes proves the forms of codes that are stored in clear, and of the tokens of
// forms.
func TestCodes(t *testing.T) {
	if code := credential.NewRepositoryEmailCode().Reveal(); len(code) != 16 || strings.Trim(code, upper) != "" {
		t.Errorf("code %s", code)
	}
	invite := credential.NewTeamInvite().Reveal()
	id, err := uuid.Parse(strings.TrimPrefix(invite, "urn:teaminvite:"))
	if err != nil || id.Version() != 4 || len(invite) != len("urn:teaminvite:e3ce9339-4e1f-4f67-8dbb-a2969d33f2fb") {
		t.Errorf("invitation %s, %v", invite, err)
	}
	if !credential.IsTeamInvite(invite) || !credential.IsTeamInvite("urn:teaminvite:e3ce9339-4e1f-4f67-8dbb-a2969d33f2fb") || credential.IsTeamInvite("e3ce9339") {
		t.Error("wrong invitations")
	}
	one, two := credential.NewCSRFToken().Reveal(), credential.NewCSRFToken().Reveal()
	if len(one) != 64 || one == two || strings.Trim(one, letters+"-_") != "" {
		t.Errorf("tokens %s and %s", one, two)
	}
	for _, tc := range []struct {
		session, request string
		want             bool
	}{{one, one, true}, {one, two, false}, {one, "", false}, {"", "", false}, {"", one, false}, {one, one[:63], false}} {
		if got := credential.MatchCSRFToken(tc.session, tc.request); got != tc.want {
			t.Errorf("%q and %q: %v", tc.session, tc.request, got)
		}
	}
}

// TestNothingPrints proves that tokens and codes can be logged: their names are shown,
// their secrets are not.
func TestNothingPrints(t *testing.T) {
	token, err := credential.OAuthToken.Parse("abcdefghijKLMNOPQRSTuvwxyz0123456789ABCD")
	if err != nil {
		t.Fatal(err)
	}
	code, err := credential.ParseEmailCode("YWJjMTIzOnNlY3JldHBhcnQ=")
	if err != nil {
		t.Fatal(err)
	}
	hidden := struct {
		token credential.Token
		code  *credential.EmailCode
	}{token, &code}
	for _, v := range []any{token, &token, code, &code, hidden, &hidden, []any{token, code}} {
		var b bytes.Buffer
		slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "v", v)
		slog.New(slog.NewTextHandler(&b, nil)).Info("m", "v", v)
		for _, verb := range "vsdqxXTU" {
			fmt.Fprintf(&b, "%"+string(verb)+"%+"+string(verb)+"%#"+string(verb), v, v, v)
		}
		for _, word := range []string{"uvwxyz", "secretpart", "7576777879", "73656372", "117 118 119", "115 101 99"} {
			if strings.Contains(b.String(), word) {
				t.Errorf("%T shows %s: %s", v, word, b.String())
			}
		}
	}
}

// FuzzParse proves that no client can present anything that is more than refused, and
// that what is accepted is the text itself.
func FuzzParse(f *testing.F) {
	f.Add(strings.Repeat("a", 120))
	f.Add(strings.Repeat("é", 60))
	f.Add("YWJjMTIzOnNlY3JldHBhcnQ=")
	f.Add("eyJ0eXAiOiJqd3QifQ.e30.AA")
	f.Fuzz(func(t *testing.T, s string) {
		credential.IsJWT(s)
		for _, form := range []credential.Form{credential.AccessToken, credential.OAuthToken, credential.AppToken} {
			if token, err := form.Parse(s); err == nil {
				again, err := form.Parse(token.Text().Reveal())
				if err != nil || again.Name != token.Name || !again.Secret.Equal(token.Secret.Reveal()) {
					t.Errorf("%q: %v", s, err)
				}
			}
		}
		if code, err := credential.ParseEmailCode(s); err == nil {
			again, err := credential.ParseEmailCode(code.Text().Reveal())
			if err != nil || again.Name != code.Name || !again.Secret.Equal(code.Secret.Reveal()) || !again.Secret.IsSet() {
				t.Errorf("%q: %v", s, err)
			}
		}
	})
}

// BenchmarkCheck is what the check of each kind of token costs, apart from the
// database's part of it.
func BenchmarkCheck(b *testing.B) {
	key, err := secret.ParseKey("anothercrazykey!")
	if err != nil {
		b.Fatal(err)
	}
	cipher, err := columns.New(key, columns.Options{})
	if err != nil {
		b.Fatal(err)
	}
	robot, app, oauth := credential.NewRobotToken().Reveal(), credential.AppToken.New(), credential.OAuthToken.New()
	robotColumn, err := cipher.Encrypt(columns.RobotToken, secret.New(robot))
	if err != nil {
		b.Fatal(err)
	}
	appColumn, err := cipher.Encrypt(columns.AppTokenSecret, app.Secret)
	if err != nil {
		b.Fatal(err)
	}
	oauthColumn, err := password.Hash(oauth.Secret.Reveal())
	if err != nil {
		b.Fatal(err)
	}
	appText, oauthText := app.Text().Reveal(), oauth.Text().Reveal()
	for _, bc := range []struct {
		name  string
		check func() bool
	}{
		{"robot", func() bool {
			if credential.IsJWT(robot) {
				return false
			}
			stored, err := cipher.Decrypt(robotColumn)
			return err == nil && stored.Equal(robot)
		}},
		{"app", func() bool {
			token, err := credential.AppToken.Parse(appText)
			if err != nil {
				return false
			}
			stored, err := cipher.Decrypt(appColumn)
			return err == nil && stored.Equal(token.Secret.Reveal()) && credential.AppTokenAlive(nil, time.Now(), nil)
		}},
		{"oauth", func() bool {
			token, err := credential.OAuthToken.Parse(oauthText)
			return err == nil && password.Matches(oauthColumn, token.Secret.Reveal())
		}},
	} {
		b.Run(bc.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !bc.check() {
					b.Fatal("refused")
				}
			}
		})
	}
}
