#!/bin/sh
# Fails when the committed code of the plugin protocol differs from what its
# definition generates.
set -eu
cd "$(dirname "$0")/../../sdk/proto"
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
buf generate --output "$fresh"
status=0
for file in $(cd "$fresh" && find . -name '*.pb.go'; find . -name '*.pb.go'); do
	if ! diff -u "$file" "$fresh/$file"; then status=1; fi
done
if [ $status != 0 ]; then echo "the generated code is stale: make generate" >&2; fi
exit $status
