package distribution_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/quay/quay/plugins/storage/distribution"
	conformance "github.com/quay/quay/sdk/conformance/storage"
	"github.com/quay/quay/sdk/plugintest"
)

func serve(t *testing.T) conformance.Target {
	s := plugintest.Serve(t, distribution.Plugin())
	return conformance.Target{Conn: s.Conn(), Receive: s.Receive}
}

// TestConformance proves that the plugin keeps the promises of its kind with the
// driver that needs no service.
func TestConformance(t *testing.T) {
	conformance.Run(t, conformance.Options{
		Target:  serve(t),
		Config:  json.RawMessage(fmt.Sprintf(`{"filesystem": {"rootdirectory": %q}}`, t.TempDir())),
		Restart: func(context.Context) (conformance.Target, error) { return serve(t), nil },
		Short:   true,
	})
}
