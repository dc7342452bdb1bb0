#!/usr/bin/env bash
# Runs a test on another version of PostgreSQL: with_postgres.bash MAJOR PROGRAM [ARGUMENT ...]
# Exit code 77, which ctest reports as skipped, never as passed, if that version is not on this machine.
set -euo pipefail
bindir=${SCHEMAGATE_POSTGRES_VERSIONS:-$(dirname -- "${BASH_SOURCE[0]}")/../.private/postgresql}/$1/native/bin
if [[ ! -x $bindir/postgres ]]; then
    echo "NOT RUN: PostgreSQL $1 is not on this machine; ./dev test fetches it"
    exit 77
fi
if [[ ! $("$bindir/postgres" --version) =~ \)\ ${1}[.] ]]; then
    echo "$bindir holds another version than PostgreSQL $1: remove that folder, ./dev test fetches it again" >&2
    exit 1
fi
unset TEST_DATABASE_URL   # A server that is there already has a version of its own.
PG_BINDIR=$(cd -- "$bindir" && pwd)
export PG_BINDIR
# A failure is always 1: Catch2's exit code counts the failed assertions, and 77 of them are no reason to skip.
"${@:2}" || exit 1
