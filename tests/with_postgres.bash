#!/usr/bin/env bash
# Runs a test on another version of PostgreSQL: with_postgres.bash MAJOR PROGRAM [ARGUMENT ...]
# Exit code 77, which ctest reports as skipped, never as passed, if that version is not on this machine.
set -euo pipefail
bindir=${SCHEMAGATE_POSTGRES_VERSIONS:-$(dirname -- "${BASH_SOURCE[0]}")/../.private/postgresql}/$1/native/bin
if [[ ! -x $bindir/postgres ]]; then
    echo "NOT RUN: PostgreSQL $1 is not on this machine; ./dev test fetches it"
    exit 77
fi
PG_BINDIR=$(cd -- "$bindir" && pwd) exec "${@:2}"
