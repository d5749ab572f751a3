#!/bin/sh
# Installs what building and testing need and this machine lacks.
#
#   install.sh [GROUP...]     groups: unit database lint generate clients
#                                     bench
#
# Go programs of fixed versions go to $QUAY_TOOLS/bin (~/.cache/quay-tools/bin by
# default), Debian packages are installed by apt-get. A second run takes no time.
set -eu

tools=${QUAY_TOOLS:-$HOME/.cache/quay-tools}
bin=$tools/bin
missing=

# tool NAME PACKAGE VERSION: a Go program, built once for each version.
tool() {
	stamp=$tools/stamps/$1@$3
	if [ -x "$bin/$1" ] && [ -e "$stamp" ]; then return; fi
	echo "setup: building $1 $3"
	mkdir -p "$bin" "$tools/stamps"
	rm -f "$tools/stamps/$1@"*
	(cd "$tools" && GOBIN=$bin GOFLAGS= go install "$2@$3")
	: >"$stamp"
}

# package COMMAND NAME...: Debian packages, wanted where the command is missing.
package() {
	if command -v "$1" >/dev/null 2>&1; then return; fi
	shift
	missing="$missing $*"
}

install_packages() {
	if [ -z "$missing" ]; then return; fi
	sudo=
	if [ "$(id -u)" != 0 ]; then sudo='sudo -n'; fi
	if ! command -v apt-get >/dev/null 2>&1 || { [ -n "$sudo" ] && ! $sudo true 2>/dev/null; }; then
		echo "setup: these packages are missing and cannot be installed from here:$missing" >&2
		echo "setup: install them (on Debian: apt-get install --no-install-recommends$missing) and try again" >&2
		exit 1
	fi
	echo "setup: installing$missing"
	$sudo apt-get update -qq
	# The tests start servers of their own: in run level 1 apt-get starts none.
	# shellcheck disable=SC2086 # a list of names
	$sudo env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -qq -y --no-install-recommends $missing >/dev/null
}

groups=${*:-unit database lint generate clients}
for group in $groups; do
	case $group in
	unit) # the race detector links C
		package gcc gcc libc6-dev
		;;
	database) # Debian keeps the server's programs out of $PATH
		postgres=$(find /usr/lib/postgresql -path '*/bin/postgres' 2>/dev/null | head -n 1)
		package "${postgres:-postgres}" postgresql postgresql-contrib
		package redis-server redis-server
		;;
	lint)
		tool golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint v2.15.0
		tool gofumpt mvdan.cc/gofumpt v0.12.0
		;;
	generate)
		tool buf github.com/bufbuild/buf/cmd/buf v1.75.0
		tool protoc-gen-go google.golang.org/protobuf/cmd/protoc-gen-go v1.36.12
		tool protoc-gen-go-grpc google.golang.org/grpc/cmd/protoc-gen-go-grpc v1.6.2
		;;
	clients)
		tool crane github.com/google/go-containerregistry/cmd/crane v0.22.1
		tool oras oras.land/oras/cmd/oras v1.3.6
		tool regctl github.com/regclient/regclient/cmd/regctl v0.11.7
		tool conformance github.com/opencontainers/distribution-spec/conformance v0.0.0-20260831232431-97274622c111
		package skopeo skopeo
		package podman podman
		package buildah buildah
		package runc runc
		;;
	bench)
		tool registry github.com/distribution/distribution/v3/cmd/registry v3.1.2
		package python3 python3
		;;
	*)
		echo "setup: there is no group $group" >&2
		exit 2
		;;
	esac
done
install_packages
