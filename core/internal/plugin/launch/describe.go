package launch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

const (
	// describeTimeout bounds the description of one binary.
	describeTimeout = 5 * time.Second
	// describeBytes bounds its length.
	describeBytes = 1 << 20
)

// Describe runs a binary to get its description: with an almost empty
// environment, confined to nothing, and for five seconds at most.
func Describe(ctx context.Context, b *binary.Binary) (protocol.Description, error) {
	d, err := describe(ctx, b)
	if err != nil {
		return protocol.Description{}, errs.Wrap(errs.Invalid, err, "%s does not describe itself: is it a plugin, built with this server's sdk?", b.Path)
	}
	return d, nil
}

func describe(ctx context.Context, b *binary.Binary) (d protocol.Description, err error) {
	ctx, cancel := context.WithTimeout(ctx, describeTimeout)
	defer cancel()
	cmd := command(b, "describe")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // for reap
	stdout := &limited{left: describeBytes}
	stderr := &limited{left: 4096}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cage, err := confine.Start(cmd, confine.Policy{}, confine.Needs{Loader: b.Loader})
	if err != nil {
		return d, explainExec(b.Path, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() }) // It may have ended by itself.
	err = errors.Join(reap(cmd), cage.Release())
	stop()
	if err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("it was stopped after %v: %w", describeTimeout, err)
		}
		return d, fmt.Errorf("%w: %s", err, bytes.TrimSpace(stderr.data))
	}
	if err := json.Unmarshal(stdout.data, &d); err != nil {
		return d, err
	}
	if !protocol.KnownKind(d.Kind) || d.Name == "" {
		return d, fmt.Errorf("it says that it is the %q plugin %q", d.Kind, d.Name)
	}
	return d, nil
}

// limited keeps the beginning of what is written to it, and fails when more comes.
type limited struct {
	data []byte
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if len(p) > l.left {
		return 0, errors.New("the output is too long")
	}
	l.left -= len(p)
	l.data = append(l.data, p...)
	return len(p), nil
}
