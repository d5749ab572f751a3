package e2e

import (
	"testing"
	"time"

	"github.com/quay/quay/test/server"
)

// TestFootprint proves that an idle host and its driver are small together, and
// reports how long a restart takes until it answers. That time is bounded loosely
// here, because a busy machine is no bug; test/bench measures it properly.
func TestFootprint(t *testing.T) {
	const maxMiB, maxStart = 60, 3 * time.Second
	s := server.Start(t, server.Options{})
	began := time.Now()
	s.Restart(t)
	start := time.Since(began)
	time.Sleep(time.Second)
	total := 0.0
	for _, pid := range []int{s.PID(), s.DriverPID()} {
		mib, err := server.ResidentMiB(pid)
		if err != nil {
			t.Fatal(err)
		}
		total += mib
	}
	t.Logf("%.1f MiB resident, stopped and answering again after %s", total, start.Round(time.Millisecond))
	if total > maxMiB {
		t.Errorf("host and driver take %.1f MiB, want at most %d", total, maxMiB)
	}
	if start > maxStart {
		t.Errorf("it took %s to stop and to answer again", start)
	}
}
