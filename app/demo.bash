#!/usr/bin/env bash
# What Schemagate does, shown by the real programs on a real PostgreSQL: app/demo.bash FOLDERS [SCENE ...]
# FOLDERS, with colons between them as in PATH, hold prompt-service and schemagate.
#
# ./dev demo calls it. Everything it starts (a primary, a standby, replicas) lives in one temporary folder and ends
# with it. app/DEMO.md is its output with times, ports and process ids masked (--masked); a test compares the two.
set -euo pipefail
umask 022
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
mask() {
    sed -uE -e 's#/tmp/schemagate-demo\.[A-Za-z0-9]+#/FOLDER#g' -e 's/"(elapsed_ms|lock_wait_ms)":[0-9]+/"\1":…/g'  -e 's/"request_id":"[0-9a-f]+"/"request_id":"…"/g' \
        -e 's/127\.0\.0\.1:[0-9]+/127.0.0.1:PORT/g' -e 's/(recorded|shipped) [0-9a-f]{8}…/\1 …/g'
}
if [[ ${1:-} == --masked ]]; then
    "${BASH_SOURCE[0]}" "${@:2}" | mask
    exit "${PIPESTATUS[0]}"
fi
PATH=${1:?the folders that hold prompt-service and schemagate}:$PATH
shift
unset "${!PG@}" "${!SCHEMAGATE_@}" "${!DATABASE_URL@}" "${!MIGRATION_DATABASE_URL@}" PORT HOST K_SERVICE CLOUD_RUN_JOB
export HOST=127.0.0.1 SPDLOG_LEVEL=off
scenes=(a b c d e f g)
[[ $# == 0 ]] || scenes=("$@")

# --- what the scenes stand on -----------------------------------------------------------------------------------
bindir=${PG_BINDIR:-$(dirname -- "$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)")}
owner=$EUID # PostgreSQL refuses to run as root
((owner)) || owner=$(id -u postgres 2>/dev/null || id -u nobody)
as_owner() (
    cd /
    ((EUID)) || set -- setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups "$@"
    exec "$@"
)
home=$(as_owner mktemp -d /tmp/schemagate-demo.XXXXXX)
work=$(mktemp -d)
declare -a children=()

leave() {
    trap '' INT TERM
    for child in "${children[@]}"; do kill -KILL "$child" 2>/dev/null || true; done
    for node in primary standby; do
        [[ ! -e $home/$node/postmaster.pid ]] || as_owner "$bindir/pg_ctl" stop -m immediate -D "$home/$node" >/dev/null || true
    done
    rm -rf -- "${home:?}" "${work:?}"
}
trap leave EXIT
trap 'exit 130' INT TERM

free_port() {
    local port
    while port=$((20000 + RANDOM % 12000)); do # below what the system gives to others (ip_local_port_range)
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port" && return; }
    done
}

start_primary() {
    [[ ! -d $home/primary ]] || return 0
    db_port=$(free_port)
    as_owner "$bindir/initdb" -D "$home/primary" -U postgres --auth-local=trust --auth-host=scram-sha-256 -E UTF8 \
        --locale=C --no-sync >/dev/null
    as_owner "$bindir/pg_ctl" start -w -D "$home/primary" -l "$home/primary.log" \
        -o "-p $db_port -k $home -c listen_addresses=127.0.0.1 -c fsync=off -c wal_level=replica" >/dev/null
    ask_server "create role vividly login password 'S3cret'" postgres
}

start_standby() {
    [[ ! -d $home/standby ]] || return 0
    standby_port=$(free_port)
    as_owner "$bindir/pg_basebackup" -h "$home" -p "$db_port" -U postgres -D "$home/standby" -R --checkpoint=fast --no-sync
    as_owner "$bindir/pg_ctl" start -w -D "$home/standby" -l "$home/standby.log" \
        -o "-p $standby_port -k $home -c listen_addresses=127.0.0.1 -c fsync=off" >/dev/null
}

ask_server() { "$bindir/psql" -XqAt -h "$home" -p "${3:-$db_port}" -U postgres -d "${2:-vividly}" -c "$1"; }

new_database() {
    start_primary
    ask_server 'drop database if exists vividly with (force)' postgres 2>/dev/null
    ask_server 'create database vividly owner vividly' postgres
    export DATABASE_URL="postgresql://vividly:S3cret@127.0.0.1:$db_port/vividly"
}

# --- how they speak ---------------------------------------------------------------------------------------------
title() { printf '\n## %s\n\n' "$*"; }
tell() { printf '%s\n' "$*"; }
block() { sed -E 's/^(.)/    \1/'; }
# A closing line is one line of JSON for machines; here its sentences stand on lines of their own.
unfold() { sed -E 's/,"(message|fix|runbook|schema_version)":/,\n "\1":/g' | fold -s -w 112; }

# Shows a command as one would type it, runs it in $work, and shows what it says and its exit code.
run() {
    # The exit code travels in a file, since a pipe ends with its last command's.
    { printf '\n$ %s\n' "$1" && (cd "$work" && { bash -c "$1" 2>&1 || status=$?; } && echo "${status:-0}" >status) |
        unfold; } | block
    printf '    → exit code %s\n\n' "$(<"$work/status")"
}

launch() { # launch NAME VARIABLE=VALUE ... : a replica in the background, its closing line in $work/NAME
    local name=$1
    shift
    env "$@" prompt-service 2>"$work/$name" >/dev/null &
    children+=($!)
    last=$! # read by the scenes
}

until_true() { # until_true 'CONDITION': polls, and gives up after 20 s
    local -i turns=0
    until eval "$1"; do
        ((++turns < 400)) || { echo "demo: gave up waiting for: $1" >&2 && exit 1; }
        sleep 0.05
    done
}

get() { # get PORT PATH: the status and the body
    curl -s -m 5 -w '\n%{http_code}' "http://127.0.0.1:$1$2" | { mapfile -t lines; echo "${lines[-1]} ${lines[0]}"; }
}
show() { # show PORT PATH [PATTERN]: the answer, or the first one that matches
    local answer
    until_true 'answer=$(get '"$1 $2"') && [[ $answer == '"${3:-*}"' ]]'
    printf '    GET %-12s → %s\n' "$2" "$(sed -E 's/ \{/\n        {/; s/,"(mode|detail)":/,\n         "\1":/' <<<"$answer")"
}
status_of() { curl -s -o /dev/null -m 5 -w '%{http_code}' "http://127.0.0.1:$1$2" || true; }

end_child() { kill "$1" 2>/dev/null || true; wait "$1" 2>/dev/null || true; }

# shellcheck source=demo_scenes.bash
source "$here/demo_scenes.bash"

printf '# What Schemagate does\n\nReal programs, a real PostgreSQL: %s plays this, %s one scene.\n' '`./dev demo`' '`./dev demo c`'
for scene in "${scenes[@]}"; do
    declare -F "scene_$scene" >/dev/null || { echo "demo: there is no scene $scene; there are a to g" >&2 && exit 64; }
    "scene_$scene"
done
