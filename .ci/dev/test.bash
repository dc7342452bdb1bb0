# shellcheck shell=bash
# ./dev test: every test, on Debian's PostgreSQL, the oldest and the newest; --all: on every version, and the image's steps
# and the unit and engine suites in bare Debians of their own.

test_command() {
    local -a majors=(13 18) selection=(-LE '_all$')
    if [[ ${1:-} == --all ]]; then
        majors=(13 14 16 17 18) selection=()
        shift
    fi
    local status=0
    need test
    build
    page_tools
    fetch_versions "${majors[@]}"
    # Tests make databases of their own; what is meant for the service is kept out of their reach.
    unset DATABASE_URL DATABASE_URL_FILE MIGRATION_DATABASE_URL MIGRATION_DATABASE_URL_FILE CREDENTIALS_DIRECTORY
    say_not_run
    CTEST_PARALLEL_LEVEL=${CTEST_PARALLEL_LEVEL:-2} ctest --preset release --no-tests=error "${selection[@]}" "$@" ||
        status=$?
    say_not_run
    return "$status"
}

# Each fault ROUNDS times, and how long readers had to wait.
drill_command() {
    [[ ${1:-5} =~ ^[1-9][0-9]*$ ]] || die "usage: ./dev drill [ROUNDS]"
    need test
    build app/prompt-service drill_test
    DRILL_ROUNDS=${1:-5} build/release/tests/drill/drill_test --order decl
}

# What drives the browser for tests/page, from npm, into .private/page. Without it that test says NOT RUN.
page_tools() {
    local tools=$PWD/.private/page wanted=$PWD/tests/page/package.json
    mkdir -p "$tools"
    (packages=() && need test-page && install_missing) && command -v npm >/dev/null && {
        cmp -s "$wanted" "$tools/installed.json" || {
            cp "$wanted" "$tools/package.json" &&
                npm install --prefix "$tools" --ignore-scripts --no-audit --no-fund >"$tools/install.log" 2>&1 &&
                cp "$wanted" "$tools/installed.json"
        }
    } || say 'NOT RUN: the page in a browser, since Chromium, npm or its registry is not reached'
}
