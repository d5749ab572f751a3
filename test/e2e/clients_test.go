package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quay/quay/test/contract/replay"
	"github.com/quay/quay/test/redis"
)

// account is somebody who may push below a namespace of a registry that knows its
// users.
type account struct {
	registry, user, password string
	// stranger is another user: who fails to log in has to wait before the next try.
	stranger string
}

// repository is a name below the account's namespace.
func (a account) repository(name string) string { return a.registry + "/" + a.user + "/" + name }

// TestClients proves that each client logs in with a wrong password never and with the
// right one at once, and then pushes, pulls, copies, lists and deletes in private
// repositories as far as it knows how to, with the same digests everywhere; and that
// without a login it gets nothing. The registry has the product's own accounts.
func TestClients(t *testing.T) {
	source := filepath.Join("..", "contract", "testdata", "dataset")
	dataset, err := replay.OpenDataset(t.Context(), source, filepath.Join(t.TempDir(), "dataset"))
	if err != nil {
		t.Fatal(err)
	}
	var engine replay.Engine = replay.SQLite{}
	if os.Getenv("QUAY_ENGINE") == "postgresql" {
		engine = &replay.PostgreSQL{}
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	memory, err := redis.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := memory.Stop(); err != nil {
			t.Error(err)
		}
	})
	stage, err := replay.NewStage(t, dataset, engine, replay.StageOptions{RedisPort: memory.Port, Reachable: true})
	if err != nil {
		t.Fatal(err)
	}
	who := account{registry: stage.Server().Addr, user: "devtable", password: "password", stranger: "reader"}
	for _, c := range []struct {
		name string
		use  func(t *testing.T, a account)
	}{
		{"crane", useCrane},
		{"skopeo", useSkopeo},
		{"podman", usePodman},
		{"buildah", useBuildah},
		{"oras", useOras},
		{"regctl", useRegctl},
	} {
		t.Run(c.name, func(t *testing.T) { c.use(t, who) })
	}
}

// noDeleteScope is what the product says to a client that asks for a token with the
// action "delete", as crane and oras do before they delete: of the actions it knows only
// "pull", "push" and "*" (SCOPE_REGEX_TEMPLATE in endpoints/v2/v2auth.py). So these two
// clients cannot delete where they have to log in; skopeo and regctl can.
const noDeleteScope = "Unable to decode repository and actions"

// image writes an image as an archive of docker and returns the name of its file.
func (s *shell) image(content string) string {
	s.t.Helper()
	const name = "image.tar"
	s.run("crane", "append", "--oci-empty-base", "-f", s.tarball("layer.tar", content), "-t", "example.test/image:v1", "-o", name)
	return name
}

// digestOf is what the first line of a client's output says of a digest.
func digestOf(t *testing.T, output string) string {
	t.Helper()
	at := strings.Index(output, "sha256:")
	if at < 0 || len(output) < at+71 {
		t.Fatalf("there is no digest in %q", output)
	}
	return output[at : at+71]
}
