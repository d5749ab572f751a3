package plugin_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
)

// slowDriver is a driver whose options say how slow it is.
type slowDriver struct{}

// slowOptions are those of slowDriver.
type slowOptions struct {
	Role  string `json:"role"`
	Open  string `json:"open"`  // "hang" until the caller gives up, or how long Open takes whatever the caller does
	Probe string `json:"probe"` // "hang" until the caller gives up, or after how long it fails
}

func (slowDriver) Validate(storage.Config) []storage.Problem { return nil }

func (slowDriver) Open(ctx context.Context, cfg storage.Config) (storage.Store, error) {
	var o slowOptions
	if err := json.Unmarshal(cfg.Options, &o); err != nil {
		return nil, err
	}
	if o.Open == "hang" {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if d, err := time.ParseDuration(o.Open); err == nil {
		time.Sleep(d)
	}
	return slowStore{store{role: o.Role}, o.Probe}, nil
}

type slowStore struct {
	store
	probe string
}

func (s slowStore) Probe(ctx context.Context) error {
	if s.probe == "" {
		return nil
	}
	d, err := time.ParseDuration(s.probe)
	if err != nil {
		d = time.Hour
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return errs.New(errs.Unavailable, "the store is out of reach")
	}
}

// slowSupervisor runs slowDriver with instances in the process of the test.
func slowSupervisor(t *testing.T, timeout time.Duration, instances map[string]slowOptions) *plugin.Supervisor {
	t.Helper()
	opts := plugin.Options{
		Name: "slow", ConfigureTimeout: timeout,
		Launch: plugintest.InProcess(sdk.Plugin{Name: "slow", Version: "1", Storage: slowDriver{}}),
	}
	for name, o := range instances {
		opts.Instances = append(opts.Instances, plugin.Instance{Name: name, Config: slowConfig(t, o)})
	}
	return plugintest.Start(t, opts)
}

func slowConfig(t *testing.T, o slowOptions) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A new configuration whose store swallows the probe is taken back: the time that
// the probe took must not be missing for the way back.
func TestReconfigureComesBackFromASilentStore(t *testing.T) {
	sup := slowSupervisor(t, 300*time.Millisecond, map[string]slowOptions{"default": {Role: "old"}})
	err := sup.Reconfigure(t.Context(), plugin.Instance{Name: "default", Config: slowConfig(t, slowOptions{Role: "another", Probe: "hang"})})
	if err == nil {
		t.Error("the configuration was accepted")
	}
	if size, now := stat(t.Context(), sup, plugin.Call{}, "role"); now != nil || size != int64(len("old")) {
		t.Errorf("after %v, the old configuration does not serve: a role of %d letters, error %v", err, size, now)
	}
}

// A configuration that does not work serves no call, however long its probe takes.
func TestReconfigureServesNothingUnproved(t *testing.T) {
	sup := slowSupervisor(t, 5*time.Second, map[string]slowOptions{"default": {Role: "old"}})
	ended := make(chan error, 1)
	go func() {
		ended <- sup.Reconfigure(context.Background(), plugin.Instance{Name: "default", Config: slowConfig(t, slowOptions{Role: "another", Probe: "500ms"})})
	}()
	wrong, calls := 0, 0
	for {
		select {
		case err := <-ended:
			if err == nil || wrong > 0 {
				t.Errorf("%d of %d calls were answered under the configuration that failed with: %v", wrong, calls, err)
			}
			return
		case <-time.After(5 * time.Millisecond):
		}
		size, err := stat(t.Context(), sup, plugin.Call{}, "role")
		if calls++; err != nil || size != int64(len("old")) {
			wrong++
		}
	}
}

// A configuration that the plugin accepts only after the host has given up does not
// come into force behind its back.
func TestReconfigureIsNotAppliedLate(t *testing.T) {
	sup := slowSupervisor(t, 200*time.Millisecond, map[string]slowOptions{"default": {Role: "old"}})
	err := sup.Reconfigure(t.Context(), plugin.Instance{Name: "default", Config: slowConfig(t, slowOptions{Role: "another", Open: "600ms"})})
	if err == nil {
		t.Error("the configuration was accepted")
	}
	time.Sleep(time.Second)
	if size, err := stat(t.Context(), sup, plugin.Call{}, "role"); err != nil || size != int64(len("old")) {
		t.Errorf("the old configuration does not serve: a role of %d letters, error %v", size, err)
	}
}

// An instance whose store swallows everything does not keep the others from being
// configured.
func TestSilentInstanceLeavesTheOthers(t *testing.T) {
	failed := 0
	for range 6 { // Which one comes first is chance.
		sup := slowSupervisor(t, 300*time.Millisecond, map[string]slowOptions{
			"default": {Role: "good"}, "a": {Open: "hang"}, "b": {Open: "hang"}, "c": {Open: "hang"}, "d": {Open: "hang"},
		})
		if _, err := stat(t.Context(), sup, plugin.Call{Instance: "default"}, "role"); err != nil {
			t.Log(err)
			failed++
		}
	}
	if failed > 0 {
		t.Errorf("in %d of 6 starts the instance that works was not usable", failed)
	}
}

// slowSecond launches real processes, of which the second takes its time.
func slowSecond(wait time.Duration) plugintest.Launch {
	var n atomic.Int64
	return func(ctx context.Context, spec launch.Spec) (plugin.Process, error) {
		if n.Add(1) == 2 {
			select {
			case <-ctx.Done():
			case <-time.After(wait):
			}
			return nil, errs.New(errs.Unavailable, "it did not start")
		}
		return launch.Start(ctx, spec)
	}
}

// A crash of the old generation while a new one is being prepared is mended at once,
// not when the new one is ready or has failed.
func TestCrashDuringReplace(t *testing.T) {
	opts := testOptions(t, "plain")
	opts.Launch = slowSecond(8 * time.Second)
	sup := start(t, opts)
	replaced := make(chan error, 1)
	go func() { replaced <- sup.Replace(context.Background(), plugin.Replacement{}) }()
	time.Sleep(500 * time.Millisecond)
	kill(t, sup)
	time.Sleep(500 * time.Millisecond)
	if st := sup.Status(); st.State == plugin.Healthy && gone(st.PID) {
		t.Errorf("half a second after the crash the state is %s", st.State)
	}
	begin := time.Now()
	if _, err := stat(t.Context(), sup, plugin.Call{Idempotent: true}, "x"); !errs.Is(err, errs.NotFound) {
		t.Errorf("a call after the crash fails after %v: %v", time.Since(begin), err)
	}
	if err := <-replaced; err == nil {
		t.Error("the generation that did not start took over")
	}
}

// immortal is a process that cannot be killed, as one that waits for a dead disk.
type immortal struct {
	plugin.Process
	done    chan struct{}
	release chan struct{}
}

func (p immortal) Done() <-chan struct{} { return p.done }

func (p immortal) Kill() launch.Exit {
	<-p.release
	return p.Process.Kill()
}

// A process that the kernel does not end keeps neither the server from ending nor the
// plugin from being restarted.
func TestProcessThatCannotBeKilled(t *testing.T) {
	opts := testOptions(t, "plain")
	release, done := make(chan struct{}), make(chan struct{})
	var n atomic.Int64
	opts.Launch = func(ctx context.Context, spec launch.Spec) (plugin.Process, error) {
		p, err := launch.Start(ctx, spec)
		if err != nil || n.Add(1) > 1 {
			return p, err
		}
		return immortal{p, done, release}, nil
	}
	sup, err := plugin.Start(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	close(done)
	if _, err := stat(t.Context(), sup, plugin.Call{Idempotent: true}, "x"); !errs.Is(err, errs.NotFound) {
		t.Errorf("a call after the loss: %v", err)
	}
	closed := make(chan struct{})
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		sup.Close(ctx)
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(8 * time.Second):
		t.Error("the supervisor does not close")
	}
	close(release)
	<-closed
}

// What a plugin wrote to its standard error is for its administrator: the reason of its
// state, which anybody can read from /health, does not have it.
func TestReasonHasNoStandardError(t *testing.T) {
	opts := testOptions(t, "plain")
	opts.Backoff.First = time.Hour
	opts.Backoff.Max = time.Hour
	sup := start(t, opts)
	t.Setenv(roleKey, "die") // the next process reads it
	kill(t, sup)
	plugintest.Eventually(t, 5*time.Second, "the restart failed", func() bool {
		return sup.Status().State == plugin.BackingOff && strings.Contains(sup.Status().Reason, "configured")
	})
	if reason := sup.Status().Reason; strings.Contains(reason, "out of luck") {
		t.Errorf("the reason is %s", reason)
	}
}

// A probe that is broken off by an upgrade says nothing about the instance: after a
// roll back the old generation is as healthy as before.
func TestRollBackKeepsTheHealth(t *testing.T) {
	var n atomic.Int64
	probing := make(chan struct{}, 100)
	opts := plugin.Options{
		Name: "slow", Trial: 10 * time.Second,
		Health: plugin.Health{ProbeEvery: 50 * time.Millisecond, RetryEvery: time.Hour, ProbeTimeout: 5 * time.Second},
	}
	opts.Launch = func(ctx context.Context, spec launch.Spec) (plugin.Process, error) {
		p, err := plugintest.InProcess(sdk.Plugin{Name: "slow", Version: "1", Storage: probeDriver{n.Add(1) == 1, probing}})(ctx, spec)
		return p, err
	}
	sup := plugintest.Start(t, opts)
	<-probing // the first is that of the start
	result := make(chan error, 1)
	<-probing
	go func() { result <- sup.Replace(context.Background(), plugin.Replacement{}) }()
	plugintest.Eventually(t, 5*time.Second, "the new one serves", func() bool { return sup.Status().Generation == 2 })
	for range 30 {
		_, _ = stat(context.Background(), sup, plugin.Call{}, "x")
	}
	if err := <-result; err == nil {
		t.Error("it was not rolled back")
	}
	if st := sup.Status(); st.State != plugin.Healthy {
		t.Errorf("after the roll back the state is %s: %s", st.State, st.Reason)
	}
}

// probeDriver's probes after the first take a second where it is the good one; where
// it is not, calls fail.
type probeDriver struct {
	good    bool
	probing chan struct{}
}

func (probeDriver) Validate(storage.Config) []storage.Problem { return nil }

func (d probeDriver) Open(context.Context, storage.Config) (storage.Store, error) {
	role := "plain"
	if !d.good {
		role = "broken"
	}
	return &probeStore{store: store{role: role}, d: d}, nil
}

type probeStore struct {
	store
	d probeDriver
	n atomic.Int64
}

func (s *probeStore) Probe(ctx context.Context) error {
	if !s.d.good {
		return nil
	}
	s.d.probing <- struct{}{}
	if s.n.Add(1) == 1 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(2 * time.Second):
		return nil
	}
}

// raceDriver's stores need a gate, and it takes its time to validate the role "old".
type raceDriver struct{ open *atomic.Bool }

func (raceDriver) Validate(cfg storage.Config) []storage.Problem {
	if strings.Contains(string(cfg.Options), "old") {
		time.Sleep(50 * time.Millisecond)
	}
	return nil
}

func (d raceDriver) Open(ctx context.Context, cfg storage.Config) (storage.Store, error) {
	var o slowOptions
	if err := json.Unmarshal(cfg.Options, &o); err != nil {
		return nil, err
	}
	if !d.open.Load() {
		return nil, errs.New(errs.Unavailable, "the store is down")
	}
	return store{role: o.Role}, nil
}

// A sick instance that is configured anew by a person has that configuration afterwards,
// not the old one that the host tries again and again.
func TestReconfigureWinsOverRetries(t *testing.T) {
	lost := 0
	for range 10 {
		var gate atomic.Bool
		sup, err := plugin.Start(t.Context(), plugin.Options{
			Name: "race", RunDir: plugintest.RunDir(t), Instances: []plugin.Instance{{Name: "default", Config: slowConfig(t, slowOptions{Role: "old"})}},
			Health: plugin.Health{RetryEvery: time.Millisecond, ProbeEvery: time.Millisecond},
			Launch: plugintest.InProcess(sdk.Plugin{Name: "race", Version: "1", Storage: raceDriver{&gate}}),
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond) // A retry is under way.
		gate.Store(true)
		if err := sup.Reconfigure(t.Context(), plugin.Instance{Name: "default", Config: slowConfig(t, slowOptions{Role: "another"})}); err != nil {
			t.Error(err)
		}
		time.Sleep(200 * time.Millisecond)
		if size, err := stat(t.Context(), sup, plugin.Call{}, "role"); err != nil || size != int64(len("another")) {
			t.Logf("a role of %d letters, error %v; %+v", size, err, sup.Status().Instances)
			lost++
		}
		stop(sup)
	}
	if lost > 0 {
		t.Errorf("in %d of 10 cases the old configuration serves, and the host believes in the new one", lost)
	}
}
