package serve

import (
	"testing"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
	sdk "github.com/quay/quay/sdk/storage"
)

// TestTakesPushes proves that a server does not start with a location to which nothing
// could be pushed, and that it says so only of one that it knows.
func TestTakesPushes(t *testing.T) {
	uploads := []string{sdk.CapabilityList, sdk.CapabilityUploads}
	tests := []struct {
		name     string
		instance plugin.InstanceStatus
		spool    string
		good     bool
	}{
		{"it takes uploads", plugin.InstanceStatus{Healthy: true, Capabilities: uploads}, "", true},
		{"the host collects them", plugin.InstanceStatus{Healthy: true}, "/spool", true},
		{"it is down", plugin.InstanceStatus{}, "", true},
		{"nobody collects them", plugin.InstanceStatus{Healthy: true, Capabilities: uploads[:1]}, "", false},
		{"the capability is withheld", plugin.InstanceStatus{Healthy: true, Withheld: uploads}, "", false},
	}
	for _, test := range tests {
		if err := takesPushes(test.instance, test.spool); (err == nil) != test.good || err != nil && !errs.Is(err, errs.Unsupported) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
