package config_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/quay/quay/sdk/config"
)

// Bucket is the configuration of a driver.
type Bucket struct {
	Name    string        `json:"name" required:"true" pattern:"^[a-z0-9-]+$" help:"Name of the bucket."`
	Key     config.Secret `json:"key" required:"true" help:"Key of the account."`
	Timeout time.Duration `json:"timeout" default:"30s" min:"1s" max:"5m" help:"Longest wait for an answer."`
	Piece   config.Size   `json:"piece" default:"8MiB" min:"5MiB" help:"Size of the pieces of an upload."`
}

// A configuration that is in order: defaults are filled in and secrets do not print.
func ExampleParse() {
	options := json.RawMessage(`{"name": "images", "timeout": "1m"}`)
	bucket, problems := config.Parse[Bucket](options, map[string]string{"key": "hunter2"})
	fmt.Println(len(problems), "problems")
	fmt.Printf("%+v\n", bucket)
	// Output:
	// 0 problems
	// {Name:images Key:[secret] Timeout:1m0s Piece:8MiB}
}

// Everything that is wrong is reported at once.
func ExampleParse_problems() {
	options := json.RawMessage(`{"names": "images", "timeout": "1h"}`)
	_, problems := config.Parse[Bucket](options, nil)
	for _, p := range problems {
		fmt.Println(p.Field+":", p.Message)
	}
	// Output:
	// name: It must be set.
	// key: It must be set; it is a secret.
	// timeout: It must be at most 5m.
	// names: There is no such option; did you mean "name"?
}
