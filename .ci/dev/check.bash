# shellcheck shell=bash
# ./dev check [STEP | FILE ...]: what a reviewer would ask a machine. Without a step: all of them, with a table at the
# end. Files are for the step tidy alone.
. .ci/dev/tidy.bash

check_steps=(format shell tree headers model tidy clang address thread)
check_files=()

# Every file that git knows or would take, by its ending.
sources() { git ls-files --cached --others --exclude-standard -- "$@"; }

# The program of a role whose findings depend on its version: named as its package. 77: this system has not that version.
checker() {
    local program
    program=$(packages_of "$1")
    [[ $program ]] || { echo "NOT RUN: .ci/dev/packages.table names no $1 for $system" >&2; return 77; }
    echo "$program"
}

check_format() {
    local format
    format=$(checker clang-format)
    sources '*.hpp' '*.cpp' | xargs "$format" --dry-run -Werror
}

check_shell() {
    shellcheck -x dev
    # Parts are judged with the script that sources them.
    sources '*.bash' .ci/run app/deploy/container/build app/deploy/container/runtime app/deploy/cloud-build/migrate \
        app/deploy/rotate-database-url |
        grep -vE '^\.ci/dev/|demo_scenes' | xargs shellcheck -x -P SCRIPTDIR -e SC2016
}

# The libraries' rooms, file names, file lengths and file sets: promises of modules/README.md.
check_tree() {
    build unit_tree_test
    build/release/tests/unit/unit_tree_test
}

# Each public header by itself: whoever includes it needs nothing before it.
check_headers() {
    local -a includes
    local header failed=0
    mapfile -t includes < <(find modules -type d -name include -printf '-I%p\n')
    while read -r header; do
        g++ -std=c++20 -Wall -Wextra -Wpedantic -Werror -fsyntax-only "${includes[@]}" -x c++ - \
            <<<"#include \"${header#*/include/}\"" || { failed=1 && echo "$header cannot be included alone"; }
    done < <(find modules -path '*/include/*.hpp')
    return "$failed"
}

# The protocol as a model, and that each of its parts is needed.
check_model() { tests/model/run.sh; }

check_tidy() { tidy "${check_files[@]}"; }

configure_and_build() {
    flock build/lock cmake --preset "$@" -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >/dev/null
    flock build/lock cmake --build --preset "$1"
}

# The other compiler, with its own warnings as errors.
check_clang() {
    configure_and_build clang -DCMAKE_CXX_COMPILER="$(clang_compiler)"
    ctest --preset clang --no-tests=error -j "$(nproc)" -L unit
}

# The suite under a sanitizer; without the foreign project, which is built by its own rules, and without what judges the
# Release program's libraries.
check_sanitizer() {
    local reports=build/$1/reports
    configure_and_build "$1"
    rm -rf -- "$reports" && mkdir -p "$reports"
    local status=0
    ctest --preset "$1" --no-tests=error -j "$(nproc)" -LE 'consumer|pg1[0-9]' -E 'boot_demo_test|deploy_runtime_packages_test' || status=$?
    # CMakePresets.json sends every report there: also that of a program whose end no test looks at.
    if compgen -G "$reports/*" >/dev/null; then cat "$reports"/* && status=1; fi
    return "$status"
}
check_address() { check_sanitizer asan-ubsan; }
check_thread() { check_sanitizer tsan; }

check_command() {
    local step failed=0 not_run=0
    local -a results=() steps=()
    for step in "$@"; do
        if [[ -f $step ]]; then check_files+=("$step"); else steps+=("$step"); fi
    done
    ((${#steps[@]})) || steps=("${check_steps[@]}")
    ((${#check_files[@]} == 0)) || [[ ${steps[*]} == tidy ]] || die 'files go with the step tidy alone'
    for step in "${steps[@]}"; do
        declare -F "check_$step" >/dev/null && [[ " ${check_steps[*]} " == *" $step "* ]] ||
            die "there is no step $step; there are: ${check_steps[*]}"
    done
    mkdir -p build .private
    need check
    install_missing
    # As in ./dev test: what is meant for the service is kept out of the tests' reach.
    unset DATABASE_URL DATABASE_URL_FILE MIGRATION_DATABASE_URL MIGRATION_DATABASE_URL_FILE CREDENTIALS_DIRECTORY
    for step in "${steps[@]}"; do
        say "check: $step"
        # Not as an `if`'s condition: there `set -e` would be off inside the step, and it could pass falsely.
        set +e
        (set -e && "check_$step")
        local status=$?
        set -e
        case $status in
            0) results+=("passed  $step") ;;
            77) results+=("NOT RUN $step") not_run=77 ;;
            *) results+=("FAILED  $step") failed=1 ;;
        esac
    done
    printf 'dev: %s\n' "${results[@]}"
    return "$((failed ? 1 : not_run))"
}
