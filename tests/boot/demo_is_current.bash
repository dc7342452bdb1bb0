#!/usr/bin/env bash
# Plays the demonstration and compares it with what app/DEMO.md shows: demo_is_current.bash SOURCE_FOLDER PROGRAMS
# With --write it renews app/DEMO.md instead.
set -euo pipefail
write=''
[[ $1 != --write ]] || { write=yes && shift; }
shown=$("$1/app/demo.bash" --masked "$2")
if [[ $write ]]; then
    printf '%s\n' "$shown" >"$1/app/DEMO.md"
elif ! diff -u "$1/app/DEMO.md" <(printf '%s\n' "$shown"); then
    echo 'app/DEMO.md is not what the demonstration shows any more. If the new text is right: ./dev demo --write' >&2
    exit 1
fi
