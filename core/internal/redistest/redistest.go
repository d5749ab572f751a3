// Package redistest gives tests a Redis.
package redistest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os/exec"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Start starts a Redis of the test's own, which ends with it, and returns a client and
// the process, for those who kill it.
func Start(t testing.TB) (*redis.Client, *exec.Cmd) {
	t.Helper()
	ctx := context.Background()
	for range 5 { // somebody else may take the port in between
		probe, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := probe.Addr().(*net.TCPAddr).Port
		_ = probe.Close()
		var out bytes.Buffer
		cmd := exec.Command("redis-server", "--port", fmt.Sprint(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", t.TempDir())
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		client := redis.NewClient(&redis.Options{Addr: fmt.Sprintf("127.0.0.1:%d", port), MaxRetries: -1})
		for range 100 {
			if err = client.Ping(ctx).Err(); err == nil {
				t.Cleanup(func() {
					_ = client.Close()
					_ = cmd.Process.Kill()
					_ = cmd.Wait()
				})
				return client, cmd
			}
			time.Sleep(20 * time.Millisecond)
		}
		_ = client.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		t.Logf("redis-server on port %d: %v\n%s", port, err, out.String())
	}
	t.Fatal("redis-server does not start")
	return nil, nil
}
