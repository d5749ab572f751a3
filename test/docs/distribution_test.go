package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// goBlock is a block of Go in Markdown.
var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// TestDistributionExample proves that the main of a vendor's plugin, as the page about
// drivers of distribution has it, compiles: with a driver in place of the vendor's.
func TestDistributionExample(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(pages, "distribution.md"))
	if err != nil {
		t.Fatal(err)
	}
	block := goBlock.FindSubmatch(page)
	if block == nil {
		t.Fatal("the page has no example")
	}
	const imported = `"example.com/acme"`
	program := string(block[1])
	if !strings.Contains(program, imported) {
		t.Fatalf("the example does not import %s", imported)
	}
	dir := t.TempDir()
	files := map[string]string{
		"main.go": strings.Replace(program, imported, "", 1),
		"acme.go": "package main\n\nimport \"github.com/quay/quay/sdk/storage/distributiondriver\"\n\n" +
			"var acme struct{ Create distributiondriver.Create }\n",
	}
	args := []string{"vet"}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Errorf("the example does not compile: %v\n%s", err, out)
	}
}
