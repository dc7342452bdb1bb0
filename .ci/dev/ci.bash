# shellcheck shell=bash
# ./dev ci JOB: one job of .github/workflows/verify-prompt-system.yml, on a PostgreSQL of its own that ends with it.
#
# With SCHEMAGATE_CI_BUILD a job takes the programs of that build as they are, and installs and builds nothing: so the
# tests run the jobs. Exit code 77: all that could run here passed, but something could not, and NOT RUN says what.

ci_jobs=(verify-schema test-prompt-operations test-backwards-compatibility performance-benchmark verify-monitoring)
ci_programs=${SCHEMAGATE_CI_BUILD:-build/release}
ci_not_run=0 ci_service='' ci_pinned=() ci_options='-c fsync=off' # of its PostgreSQL

# Arguments: what to build; nothing where a build is given.
ci_build() { [[ ${SCHEMAGATE_CI_BUILD:-} ]] || build "$@"; }

ci_leave() {
    [[ -z $ci_service ]] || { kill "$ci_service" && wait "$ci_service"; } 2>/dev/null || true
    [[ -z $home ]] || { stop_database; rm -rf -- "${home:?}"; }
}

# A private PostgreSQL for this job alone: DATABASE_URL names its empty database. It does not share the one that
# ./dev run keeps: the folder is new, and goes with the job. $1: its major version, where it matters.
ci_database() {
    local log
    trap ci_leave EXIT
    trap 'exit 143' INT TERM HUP
    home=$(mktemp -d /tmp/schemagate-ci.XXXXXX) owner=$EUID data=$home/data
    ((owner)) || owner=$(id -u postgres 2>/dev/null || id -u nobody)
    chown "$owner" "$home"
    unset "${!PG@}" "${!MIGRATION_DATABASE_URL@}" DATABASE_URL_FILE
    find_server "${1:-}"
    create_database
    mkdir "$home/socket"
    chown "$owner" "$home/socket"
    log=$(as_owner "${ci_pinned[@]}" "$server/pg_ctl" start -w -D "$data" -l "$data/server.log" \
        -o "-h '' -p 5432 -k $home/socket $ci_options" 2>&1) || die "the job's PostgreSQL did not start: $log"
    export DATABASE_URL="postgresql:///prompt_service?host=$home/socket&port=5432&user=prompt_service"
}

ci_verify_schema() {
    ci_build app/prompt-service
    ci_database
    local service=$ci_programs/app/prompt-service report
    "$service" migrate
    report=$("$service" verify --json) || die "verify failed: $report"
    "$service" verify
    local name
    for name in tables indexes 'seed data' views triggers 'migration record'; do
        [[ $report == *"{\"name\":\"$name\",\"result\":\"passed\","* ]] || die "verify does not say that $name passed"
    done
}

ci_test_prompt_operations() {
    ci_build prompt_template_operations_test
    "$ci_programs/tests/prompt/prompt_template_operations_test" --order rand --warn NoAssertions
}

ci_test_backwards_compatibility() {
    ci_build prompt_backwards_compatibility_test
    "$ci_programs/tests/prompt/prompt_backwards_compatibility_test" --order rand --warn NoAssertions
}

ci_performance_benchmark() {
    ci_build prompt_template_operations_test app/prompt-service
    "$ci_programs/tests/prompt/prompt_template_operations_test" '[TestPerformance]'
    if [[ ${SCHEMAGATE_CI_BUILD:-} ]]; then
        # Of a build that may be any, figures are shown and not judged.
        local status=0
        (bench_boot) || status=$?
        ((status == 0 || status == 3)) || die 'the benchmark boot did not run to its end'
        say 'NOT RUN: ./dev bench url, which needs a build of its own'
    else
        bench_command url boot # migrate takes minutes, and is for a machine with nothing else to do
    fi
}

# Each name that rules and dashboards rely on.
ci_metrics=(schemagate_state schemagate_step_seconds schemagate_applied_total schemagate_pending
    schemagate_lock_wait_seconds schemagate_ddl_retries_total schemagate_admission schemagate_skipped_on_primary)

ci_verify_monitoring() {
    local rules=app/deploy/monitoring file metrics name tries=0
    [[ ! -d $rules ]] || need promtool
    ci_build app/prompt-service
    ci_database
    host=127.0.0.1 port=$((20000 + RANDOM % 10000))
    HOST=$host PORT=$port "$ci_programs/app/prompt-service" 2>"$home/service.log" &
    ci_service=$!
    until [[ $(ask /readyz) == HTTP/*' 200 '* ]]; do
        kill -0 "$ci_service" 2>/dev/null && ((++tries < 150)) ||
            die "the service did not become ready: $(tail -n 5 "$home/service.log")"
        sleep 0.2
    done
    metrics=$(ask /metrics)
    for name in "${ci_metrics[@]}"; do
        grep -qE "^$name(\{| )" <<<"$metrics" || die "GET /metrics does not hold $name"
    done
    grep -qE '^schemagate_state\{state="open"\} 1' <<<"$metrics" || die 'GET /metrics does not say that the gate is open'
    say "GET /metrics holds ${#ci_metrics[@]} of ${#ci_metrics[@]} metrics"
    if [[ ! -d $rules ]]; then
        say "NOT RUN: alert rules: there is no $rules"
    elif ! command -v promtool >/dev/null; then
        say "NOT RUN: the alert rules in $rules: there is no promtool (Debian: prometheus)"
        ci_not_run=1
    else
        # A rule file has groups, a test file names the rule files that it tests.
        local -a rule_files=() test_files=()
        while read -r file; do
            if grep -qE '^rule_files:' "$file" && grep -qE '^tests:' "$file"; then
                test_files+=("$file")
            elif grep -qE '^groups:' "$file"; then
                rule_files+=("$file")
            fi
        done < <(find "$rules" -type f \( -name '*.yml' -o -name '*.yaml' \) | sort)
        ((${#rule_files[@]} && ${#test_files[@]})) || die "$rules holds no rules, or no tests of them"
        promtool check rules "${rule_files[@]}"
        promtool test rules "${test_files[@]}"
    fi
}

# CI_RESULTS holds JOB=RESULT for each job, with the words of GitHub's needs.JOB.result.
ci_summary() {
    local job result pair failed=0
    for job in "${ci_jobs[@]}"; do
        result='not reported'
        for pair in ${CI_RESULTS:-}; do
            [[ ${pair%%=*} != "$job" ]] || result=${pair#*=}
        done
        [[ $result == success ]] || failed=1
        printf '%-30s %s\n' "$job" "${result:-not reported}"
    done
    ((failed == 0)) || die 'ci: not every job has passed'
}

ci_command() {
    local job=${1:-}
    [[ " ${ci_jobs[*]} summary " == *" $job "* && -n $job && $# == 1 ]] ||
        die "usage: ./dev ci JOB, which is one of: ${ci_jobs[*]} summary"
    # As in ./dev test: what is meant for a service is kept out of a job's reach.
    unset DATABASE_URL DATABASE_URL_FILE MIGRATION_DATABASE_URL MIGRATION_DATABASE_URL_FILE CREDENTIALS_DIRECTORY
    "ci_${job//-/_}"
    ((ci_not_run == 0)) || { say "ci: $job passed as far as it ran" && exit 77; }
    [[ $job == summary ]] || say "ci: $job passed"
}
