#!/bin/sh
# Compares this registry with others under the same load, on one machine and in
# short slices that take turns, so that all see the same neighbours.
#
#   BENCH     folder of the load generator's sources (regbench, limitsrv, slices.sh)
#   QUAY_BIN  folder of the built programs
#   ZOT       a zot binary, left out where there is none; ZOT_COMMIT=true lets it
#             sync files to the disk, as the others do and it by default does not
#   OPS       operations to measure, REPS slices of each, SCALE of their length
#   TAGS      tags in the repository with many tags
#   OUT       where the measurements go; a new folder by default
#   SEEDED    a folder that keeps the filled stores for the next run
set -eu

bench=${BENCH:-}
if [ -z "$bench" ] || [ ! -d "$bench/regbench" ]; then
	echo "bench-peers: BENCH does not name the folder of the load generator" >&2
	exit 2
fi
bin=${QUAY_BIN:?the folder of the built programs}
here=$(cd "$(dirname "$0")" && pwd)
tools=${QUAY_TOOLS:-$HOME/.cache/quay-tools}/bin
OPS=${OPS:-manifest_get_tag manifest_get_digest manifest_head_tag manifest_manytags blob_head blob_get_4k blob_get_1m blob_get_1g push_mono_1m push_chunk_1m push_mono_256m push_chunk_256m image_push tags_first tags_default tags_walk catalog_first pull_16}
REPS=${REPS:-3}
SCALE=${SCALE:-0.4}
export OPS REPS SCALE
tags=${TAGS:-10000}

work=$(mktemp -d)
data=${SEEDED:-$work}
raw=${OUT:-$work/raw}
mkdir -p "$data" "$raw"
raw=$(cd "$raw" && pwd)
pids=
finish() {
	# shellcheck disable=SC2086 # a list of numbers
	if [ -n "$pids" ]; then kill $pids 2>/dev/null || true; fi
	wait 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

for program in regbench limitsrv; do
	(cd "$bench/$program" && GOFLAGS=-buildvcs=false go build -o "$work/$program" .)
done
regbench=$work/regbench

config() { # NAME DIR PORT: writes the configuration of a peer, if it has one
	case $1 in
	distribution)
		cat >"$work/distribution.yml" <<-END
			version: 0.1
			log: {level: error, accesslog: {disabled: true}}
			storage:
			  filesystem: {rootdirectory: $2}
			  cache: {blobdescriptor: inmemory}
			  delete: {enabled: true}
			http: {addr: "127.0.0.1:$3"}
		END
		;;
	zot)
		cat >"$work/zot.json" <<-END
			{"distSpecVersion": "1.1.1", "storage": {"rootDirectory": "$2", "commit": ${ZOT_COMMIT:-false}},
			 "http": {"address": "127.0.0.1", "port": "$3"}, "log": {"level": "error"}}
		END
		;;
	esac
}

starting() { # NAME DIR PORT: prints how to start a server
	case $1 in
	ours) echo "$bin/quay serve --mode=mirror --insecure-http --log-level error --data-dir $2 --listen 127.0.0.1:$3" ;;
	distribution) echo "env OTEL_TRACES_EXPORTER=none $tools/registry serve $work/distribution.yml" ;;
	zot) echo "$ZOT serve $work/zot.json" ;;
	limit) echo "$work/limitsrv -dir $2 -addr 127.0.0.1:$3" ;;
	esac
}

cold() { # NAME KIND DIR PORT: exec to the first answer, five times
	config "$1" "$3" "$4"
	# shellcheck disable=SC2046 # a command line
	"$regbench" coldstart -base "http://127.0.0.1:$4" -n 5 -name "$1" -out "$raw/$1-$2-k1.json" -- $(starting "$1" "$3" "$4")
}

start() { # NAME DIR PORT: leaves a server running, as $pid
	# shellcheck disable=SC2046 # a command line
	"$regbench" coldstart -base "http://127.0.0.1:$3" -keep "$work/pid" -- $(starting "$1" "$2" "$3") >/dev/null
	pid=$(cat "$work/pid")
	pids="$pids $pid"
}

seed() { # NAME PORT: fills a server
	echo "filling $1" >&2
	n=$tags
	if [ "$1" = zot ] && [ "$n" -gt 500 ]; then n=500; fi # it writes all tags anew for each
	"$regbench" seed -base "http://127.0.0.1:$2" -name "$1" -tags "$n" -limit 240s -out "$work/$1-seed.json" 2>/dev/null
}

more_tags() { # DIR: gives zot, while it is stopped, the tags that pushing would take hours for
	python3 - "$1/bench/manytags/index.json" "$tags" <<-'END'
		import copy, json, sys
		path, wanted = sys.argv[1], int(sys.argv[2])
		index = json.load(open(path))
		name = "org.opencontainers.image.ref.name"
		first = [m for m in index["manifests"] if m.get("annotations", {}).get(name, "") < "v00100"]
		for i in range(len(index["manifests"]), wanted):
		    m = copy.deepcopy(first[i % len(first)])
		    m["annotations"][name] = "v%05d" % i
		    index["manifests"].append(m)
		json.dump(index, open(path, "w"))
	END
}

peers='limit distribution'
if [ -n "${ZOT:-}" ]; then peers="$peers zot"; fi
peers="$peers ours"
port=${PORT:-5280}
servers=
for name in $peers; do
	port=$((port + 1))
	base=http://127.0.0.1:$port
	mkdir -p "$data/$name" "$work/empty-$name"
	cold "$name" empty "$work/empty-$name" $port

	config "$name" "$data/$name" $port
	if [ ! -e "$data/$name.seeded" ] && [ "$name" != limit ]; then
		start "$name" "$data/$name" $port
		seed "$name" $port
		kill "$pid"
		while [ -e "/proc/$pid/exe" ]; do sleep 0.1; done
		if [ "$name" = zot ]; then more_tags "$data/zot"; fi
		: >"$data/$name.seeded"
	fi
	cold "$name" cold "$data/$name" $port
	start "$name" "$data/$name" $port
	"$regbench" run -exact -ops none -settle 60s -base "$base" -name "$name" -pids "$pid" -out "$raw/$name-idle-k1.json"
	if [ "$name" = limit ]; then seed limit $port; fi # it keeps manifests in memory only
	servers="$servers $name=$base=$pid"
done

# shellcheck disable=SC2086 # a list of servers
REGBENCH=$regbench BENCH_RAW=$raw "$bench/slices.sh" $servers
for server in $servers; do
	name=${server%%=*}
	rest=${server#*=}
	"$regbench" run -exact -ops none -settle 10s -base "${rest%=*}" -name "$name" -pids "${rest##*=}" -out "$raw/$name-end-k1.json"
done
# shellcheck disable=SC2086 # a list of names
BENCH_RAW=$raw python3 "$bench/summarize-slices.py" $peers
(cd "$here/../.." && go run ./test/bench/ratios "$raw")
