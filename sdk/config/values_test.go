package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/quay/quay/sdk/config"
)

// TestSecretIsNotPrinted proves that no way of printing, logging or encoding shows a
// secret, wherever in a struct it is.
func TestSecretIsNotPrinted(t *testing.T) {
	const value = "hunter2"
	type holder struct {
		Seen   config.Secret
		hidden config.Secret
		list   []config.Secret
		at     *config.Secret
	}
	s := config.NewSecret(value)
	h := holder{s, s, []config.Secret{s}, &s}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, v := range []any{s, &s, h, &h, []any{s, h}, map[string]any{"a": s}, fmt.Errorf("wrapped: %v", s)} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("x", "secret", s, "holder", h, "pointer", &h)
	}
	if err := json.NewEncoder(&out).Encode([]any{s, h}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), value) || strings.Contains(out.String(), fmt.Sprintf("%x", value)) {
		t.Errorf("it shows in\n%s", &out)
	}
	if got := s.String() + fmt.Sprintf("%v %#v", s, s); got != "[secret][secret] [secret]" {
		t.Errorf("it prints as %s", got)
	}
	if s.Reveal() != value || (config.Secret{}).Reveal() != "" {
		t.Error("Reveal does not return it")
	}
}

// TestConfigIsPrintedWithoutSecrets proves that a configuration as the host passes it can
// be printed, logged and encoded, and that it still says what it is.
func TestConfigIsPrintedWithoutSecrets(t *testing.T) {
	const value = "hunter2"
	c := config.Config{Instance: "here", Options: json.RawMessage(`{"region": "eu"}`), Secrets: map[string]string{"key": value}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, v := range []any{c, &c, []config.Config{c}, struct{ Config config.Config }{c}} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("x", "config", c, "pointer", &c)
	}
	if err := json.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), value) || strings.Contains(out.String(), fmt.Sprintf("%x", value)) {
		t.Errorf("it shows in\n%s", &out)
	}
	if got := fmt.Sprint(c); got != `instance "here" with the options {"region": "eu"} and the secrets ["key"]` {
		t.Errorf("it prints as %s", got)
	}
}

// TestSize proves that sizes are read exactly, in both systems of units, and print in
// a form that is read again.
func TestSize(t *testing.T) {
	type sized struct {
		Size config.Size `json:"size" help:"A size."`
	}
	tests := []struct {
		text   string
		want   config.Size
		prints string
	}{
		{`0`, 0, "0"},
		{`1048576`, 1 << 20, "1MiB"},
		{`"1048576"`, 1 << 20, "1MiB"},
		{`"64MiB"`, 64 << 20, "64MiB"},
		{`"64Mi"`, 64 << 20, "64MiB"},
		{`"20G"`, 20e9, "19531250KiB"},
		{`"20GB"`, 20e9, "19531250KiB"},
		{`"1.5GiB"`, 3 << 29, "1536MiB"},
		{`"0.1kB"`, 100, "100"},
		{`"1k"`, 1000, "1000"},
		{`"8191PiB"`, 8191 << 50, "8191PiB"},
		{`9223372036854775807`, 1<<63 - 1, "9223372036854775807"},
	}
	for _, test := range tests {
		c, problems := config.Parse[sized](json.RawMessage(`{"size": `+test.text+`}`), nil)
		if problems != nil || c.Size != test.want || c.Size.String() != test.prints {
			t.Errorf("%s is %d, prints as %s: %v", test.text, c.Size, c.Size, problems)
		}
		again, problems := config.Parse[sized](json.RawMessage(`{"size": "`+test.prints+`"}`), nil)
		if problems != nil || again.Size != test.want {
			t.Errorf("%s is read as %d: %v", test.prints, again.Size, problems)
		}
	}
	for _, text := range []string{`-1`, `1e3`, `""`, `"MiB"`, `"1mib"`, `"1 MiB"`, `".5G"`, `"8192PiB"`, `9223372036854775808`, `"1EiB"`, `true`} {
		if problems := config.Check[sized](json.RawMessage(`{"size": `+text+`}`), nil); len(problems) != 1 || problems[0].Field != "size" {
			t.Errorf("%s: problems are %v", text, problems)
		}
	}
}
