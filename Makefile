# Quay in Go. `make help` lists the targets.

BIN      ?= $(CURDIR)/bin
# Where test/setup/install.sh puts the programs that the tests need.
TOOLS    ?= $(or $(QUAY_TOOLS),$(HOME)/.cache/quay-tools)
# How long each fuzz test runs.
FUZZTIME ?= 10s
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)

# A load generator that is kept beside the checkout: used when it is there.
BENCH    ?= $(abspath $(wildcard ../shared/bench))

export QUAY_TOOLS := $(TOOLS)
export PATH := $(TOOLS)/bin:$(PATH)

SETUP  := test/setup/install.sh
GOTEST := go test -json
# A pipe's status is that of its end, and skips fails when a test does.
REPORT := go run ./test/skips
# Runs a command beside a PostgreSQL server, one for all its packages.
WITHDB := go run ./test/postgres/with
# Packages whose tests start whole programs, and the others.
PROGRAMS := ./test/docs ./test/e2e ./test/protocol
UNITS     = $(shell go list ./... | grep -v -e /test/docs -e /test/e2e -e /test/protocol -e /test/conformance -e /test/chaos -e '/test/contract$$')

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build quay and its drivers into bin/
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o $(BIN)/ ./cmd/quay ./cmd/plugins/...

.PHONY: run
run: build ## run a registry on http://127.0.0.1:8080
	$(BIN)/quay serve --mode=mirror --insecure-http

.PHONY: setup
setup: ## install the tools and packages that the tests need
	@$(SETUP) unit database lint generate clients

.PHONY: test
test: setup lint generate-check test-unit test-e2e test-conformance test-chaos test-postgres test-contract ## everything that has to pass

.PHONY: lint
lint: ## check style and import rules
	@$(SETUP) lint
	golangci-lint run --allow-parallel-runners

.PHONY: format
format: ## format the sources
	@$(SETUP) lint
	golangci-lint fmt

.PHONY: generate
generate: ## generate the code of the plugin protocol and the row types of the database
	@$(SETUP) generate
	cd sdk/proto && buf generate
	go generate ./core/internal/store/record

.PHONY: docs
docs: build ## write the reference pages of the plugins
	QUAY_BIN=$(BIN) go test -count=1 ./test/docs -run TestPages -update

.PHONY: generate-check
generate-check: ## fail when the generated code is not what the protocol says
	@$(SETUP) generate
	cd sdk/proto && buf lint
	test/setup/generated.sh

.PHONY: test-unit
test-unit: ## unit tests and rules of the tree, with the race detector
	@$(SETUP) unit database
	@$(WITHDB) $(GOTEST) -race -timeout 20m $(UNITS) | $(REPORT)

.PHONY: test-e2e
test-e2e: build ## real clients and bad input against a real server
	@$(SETUP) clients database
	@QUAY_BIN=$(BIN) $(GOTEST) -count=1 -timeout 20m $(PROGRAMS) | $(REPORT)

.PHONY: test-conformance
test-conformance: build ## the conformance program of the OCI distribution specification
	@$(SETUP) clients
	@QUAY_BIN=$(BIN) $(GOTEST) -count=1 ./test/conformance | $(REPORT) -logs

.PHONY: test-chaos
test-chaos: build ## kill the host, its driver and its database in the middle of work
	@$(SETUP) database
	@QUAY_BIN=$(BIN) $(GOTEST) -count=1 -timeout 15m ./test/chaos | $(REPORT) -logs

# What is run again for servers on PostgreSQL.
FLOWS  := TestClients|TestCrane|TestSkopeo|TestPodman|TestOras|TestUser|TestShutdown
FAULTS := TestHostDies|TestUpgradesAndKills

.PHONY: test-postgres
test-postgres: build ## clients, conformance, bad input and faults again, on PostgreSQL
	@$(SETUP) clients database
	@export QUAY_BIN=$(BIN) QUAY_ENGINE=postgresql; \
	$(WITHDB) sh -ec '$(GOTEST) -count=1 ./test/protocol ./test/conformance; \
		$(GOTEST) -count=1 -run "$(FLOWS)" ./test/e2e; \
		$(GOTEST) -count=1 -timeout 15m -run "$(FAULTS)" ./test/chaos' | $(REPORT)

# More than there are processors: a case waits for much.
CONTRACT := go test -json -count=1 -parallel 6 -timeout 20m

.PHONY: test-contract
test-contract: build ## replay what the Python product answered, on both engines
	@$(SETUP) database
	@QUAY_BIN=$(BIN) $(CONTRACT) ./test/contract | $(REPORT) -logs

.PHONY: contract-known
contract-known: build ## write the lists of recorded cases that do not pass yet
	@$(SETUP) database
	@QUAY_BIN=$(BIN) $(CONTRACT) ./test/contract -run TestReplay -update | $(REPORT) -logs

.PHONY: fuzz
fuzz: ## run every fuzz test for FUZZTIME
	test/setup/fuzz.sh $(FUZZTIME)

.PHONY: bench
bench: ## Go benchmarks
	go test -run '^$$' -bench . -benchmem ./core/... ./sdk/... ./plugins/...

.PHONY: bench-plugins
bench-plugins: ## what a plugin costs: starts, calls, descriptors, streams
	go test -run '^$$' -bench Cost -benchtime 5s ./core/internal/plugin

.PHONY: bench-scale
bench-scale: ## statements on a million tags and ten million log entries, both engines
	@$(SETUP) database
	go test -run '^$$' -bench Scale -benchtime 20000x -timeout 60m -v ./core/internal/store

.PHONY: bench-peers
bench-peers: build ## compare with other registries under load
	@$(SETUP) bench
	BENCH=$(BENCH) QUAY_BIN=$(BIN) test/bench/peers.sh

.PHONY: clean
clean: ## remove what was built
	rm -rf $(BIN)
