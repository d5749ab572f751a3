package reference_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin/reference"
	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

// everything has an option of every kind.
type everything struct {
	Root    config.Path       `json:"root" required:"true" access:"write" help:"Directory | of objects."`
	Key     config.Secret     `json:"key" required:"true" help:"Key."`
	CAs     []config.Path     `json:"cas" access:"read" max:"3" help:"Certificates."`
	Bucket  string            `json:"bucket" min:"3" max:"63" pattern:"^(a|b)+$" example:"aba" help:"Name."`
	Mode    string            `json:"mode" default:"fast" enum:"fast,safe" help:"How."`
	Chunk   config.Size       `json:"chunk" default:"8MiB" min:"5MiB" help:"Size of a piece."`
	Timeout time.Duration     `json:"timeout" default:"30s" min:"1s" max:"5m" help:"Longest wait."`
	Verify  bool              `json:"verify" default:"true" help:"Whether."`
	Count   int               `json:"count" default:"0" min:"0" help:"How many."`
	Headers map[string]string `json:"headers" pattern:"^x" help:"What is sent."`
	Servers []struct {
		URL   string        `json:"url" required:"true" format:"uri" help:"Where."`
		Token config.Secret `json:"token" help:"What it asks for."`
	} `json:"servers" required:"true" help:"Servers."`
	Proxy *struct {
		Host string `json:"host" required:"true" help:"Its name."`
	} `json:"proxy" help:"Where it passes."`
	Zones map[string]struct {
		Rank int8 `json:"rank" help:"Its rank."`
	} `json:"zones" help:"Zones."`
}

// TestPage proves what a page has for an option of every kind.
func TestPage(t *testing.T) {
	page, err := reference.Page(protocol.Description{
		Kind: protocol.KindStorage, Name: "acme", Version: "1.2.3", Summary: "Keeps objects.",
		API: []string{"quay.plugin.storage.v1.Storage"}, Capabilities: []string{"storage.list", "storage.copy"},
		ConfigSchema: config.Schema[everything](),
	}, []string{"AcmeStorage", "acme"})
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/page.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != string(want) {
		t.Errorf("the page is\n%s", page)
	}
}

// TestPageOfLittle proves that a plugin which says little has a page too, without
// what it does not say.
func TestPageOfLittle(t *testing.T) {
	page, err := reference.Page(protocol.Description{Kind: protocol.KindAuth, Name: "x", Version: "1"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(page); !strings.Contains(s, "It has no options.") || strings.Contains(s, "Example") || strings.Contains(s, "capabilities") {
		t.Errorf("the page is\n%s", s)
	}
	_, err = reference.Page(protocol.Description{Kind: protocol.KindAuth, Name: "x", ConfigSchema: []byte(`[]`)}, nil)
	if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "quay-auth-x") {
		t.Errorf("of a bad schema there is %v", err)
	}
}
