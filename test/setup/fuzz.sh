#!/bin/sh
# Runs every fuzz test of the tree for the given time each.
set -eu
cd "$(dirname "$0")/../.."
time=${1:-10s}
grep -r --include='*_test.go' -E -o '^func Fuzz[A-Za-z0-9_]+' . | sort | while IFS=: read -r file declaration; do
	name=${declaration#func }
	echo "$(dirname "$file") $name"
	go test -run '^$' -fuzz "^$name\$" -fuzztime "$time" "$(dirname "$file")" </dev/null
done
