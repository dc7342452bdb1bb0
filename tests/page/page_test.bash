#!/usr/bin/env bash
# The page of the service in a browser: page_test.bash PROGRAM TOOLS, where TOOLS is the folder into which ./dev test
# has npm put what package.json here lists. 77: NOT RUN.
set -euo pipefail
program=$1 tools=$2
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
not_run() { echo "NOT RUN: the page in a browser: $*" && exit 77; }

command -v node >/dev/null || not_run 'there is no Node (./dev test installs it with npm)'
CHROMIUM=$(command -v chromium || command -v chromium-browser) || not_run 'there is no Chromium (./dev test installs it)'
cmp -s "$here/package.json" "$tools/installed.json" ||
    not_run "playwright-core and axe-core are not in $tools (./dev test has npm put them there; its registry may not be reached)"
export CHROMIUM PROMPT_SERVICE=$program PAGE_TOOLS=$tools
unset "${!PG@}" "${!DATABASE_URL@}" "${!MIGRATION_DATABASE_URL@}"
# A failure is always 1: another code would be no reason to skip.
node --test "$here/page_test.mjs" || exit 1
