package plugin

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// watcher looks after a generation while it serves: it asks whether the process is
// alive and whether the instances work, and judges the calls.
type watcher struct {
	stop  context.CancelFunc
	ended sync.WaitGroup
}

// startWatch watches a generation until unwatch. When it stops answering it is
// reported as hung.
func (s *Supervisor) startWatch(ctx context.Context, g *Generation) *watcher {
	ctx, stop := context.WithCancel(ctx)
	w := &watcher{stop: stop}
	w.ended.Go(func() { s.judge(ctx, g) })
	w.ended.Go(func() { g.examineAll(ctx, s.opts.Health) })
	w.ended.Go(func() {
		if !g.answers(ctx, s.opts.Health) {
			select {
			case s.hung <- g:
			case <-ctx.Done():
			}
		}
	})
	return w
}

// unwatch ends the watch of the serving generation, if there is one.
func (s *Supervisor) unwatch() {
	if s.watch != nil {
		s.watch.stop()
		s.watch.ended.Wait()
		s.watch = nil
	}
}

// judgeEvery is how often what is known of a generation becomes its state.
const judgeEvery = time.Second

// judge makes the state of the plugin what its generation deserves until ctx ends.
func (s *Supervisor) judge(ctx context.Context, g *Generation) {
	for tick(ctx, judgeEvery) {
		state, reason := g.verdict(time.Now())
		if s.amend(ctx, g, state, reason) {
			s.logger.Warn("the plugin's health changed", "generation", g.number, "state", state, "reason", reason)
		}
	}
}

// amend changes the state while g serves, and reports whether it was another.
func (s *Supervisor) amend(ctx context.Context, g *Generation, state State, reason string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil || s.current.Load() != g || !s.status.State.Serving() {
		return false
	}
	changed := s.status.State != state
	if changed {
		s.status.Since = time.Now()
	}
	s.status.State, s.status.Reason = state, reason
	return changed
}

// verdict is the state that a serving generation deserves, and why.
func (g *Generation) verdict(now time.Time) (State, string) {
	var complaints []string
	for name, problem := range g.sick() {
		complaints = append(complaints, fmt.Sprintf("%s does not work: %s", name, reason(problem)))
	}
	slices.Sort(complaints)
	if c := g.calls.sum(now).complaint(g.opts.Health); c != "" {
		complaints = append(complaints, c)
	}
	if len(complaints) == 0 {
		return Healthy, ""
	}
	return Degraded, strings.Join(complaints, "; ")
}

// examineAll examines the instances from time to time until ctx ends, the sick ones
// more often.
func (g *Generation) examineAll(ctx context.Context, h Health) {
	next := time.Now().Add(jitter(h.ProbeEvery))
	for tick(ctx, min(h.RetryEvery, h.ProbeEvery)) {
		all := !time.Now().Before(next)
		if all {
			next = time.Now().Add(jitter(h.ProbeEvery))
		}
		var group errgroup.Group
		group.SetLimit(8)
		for _, in := range g.instances {
			if st := in.state.Load(); all || st.problem != nil || st.unsure {
				group.Go(func() error {
					g.examine(ctx, in)
					return nil
				})
			}
		}
		_ = group.Wait() // Each instance has its own error.
	}
}

// answers asks the process from time to time whether it is alive, until ctx ends or
// it stays silent too often; then it returns false.
func (g *Generation) answers(ctx context.Context, h Health) bool {
	silent := 0
	for tick(ctx, h.PingEvery) {
		if g.ping(ctx) == nil {
			silent = 0
			continue
		}
		if silent++; silent >= h.Pings && ctx.Err() == nil {
			return false
		}
	}
	return true
}

// tick waits for d. It returns false when ctx ends.
func tick(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
