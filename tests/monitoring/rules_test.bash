#!/usr/bin/env bash
# rules_test.bash SOURCES EXPOSITIONS: the alert rules, tried by promtool on series that somebody wrote down, and on the
# /metrics of real boots. Exit 77: NOT RUN, since promtool is not on this machine.
set -euo pipefail
rules=$1/app/deploy/monitoring
expositions=$2

if ! command -v promtool >/dev/null; then
    echo 'NOT RUN: promtool is not on this machine (Debian: apt-get install --no-install-recommends prometheus)' >&2
    exit 77
fi

work=$(mktemp -d)
trap 'rm -r -- "$work"' EXIT

promtool check rules "$rules/schemagate.rules.yml"
(cd "$rules" && promtool test rules schemagate.rules.test.yml)

# Every alert has fired in the tests that are written down: a new one without a test is a fault.
mapfile -t alerts < <(sed -n 's/^ *- alert: //p' "$rules/schemagate.rules.yml")
((${#alerts[@]} >= 10))
for alert in "${alerts[@]}"; do
    grep -q "ALERTS{alertname=\"$alert\", alertstate=\"firing\"" "$rules/schemagate.rules.test.yml" ||
        { echo "no test in schemagate.rules.test.yml in which $alert fires" >&2; exit 1; }
    grep -qi "^### $alert\$" "$rules/README.md" ||
        { echo "README.md has no section for $alert, which its runbook_url names" >&2; exit 1; }
done

# The dashboard's expressions parse: as recording rules, since promtool reads queries in no other way without a server.
{
    echo 'groups: [{name: dashboard, rules: ['
    sed -n 's/^ *"expr": "\(.*\)",\{0,1\}$/\1/p' "$rules/dashboard.json" | sed "s/\\\\\"/\"/g; s/.*/{record: a, expr: '&'},/"
    echo ']}]'
} >"$work/dashboard.yml"
(($(grep -c record "$work/dashboard.yml") == $(grep -c '"expr"' "$rules/dashboard.json")))
promtool check rules --lint=none "$work/dashboard.yml" >/dev/null

# As Prometheus would store it from a scrape every 15 s for an hour, of a boot that began at the test's time 0.
series_of() {
    sed -E '/^#/d; /^$/d; s/^schemagate_boot_start_time_seconds .*/schemagate_boot_start_time_seconds 0/' "$1" |
        sed -E "s/'/''/g; s/^([a-z_]+)\{(.*)\} ([^ ]+)\$/      - series: '\1{\2,job=\"prompt-service\",instance=\"a\"}'\n        values: '\3x240'/
                s/^([a-z_]+) ([^ ]+)\$/      - series: '\1{job=\"prompt-service\",instance=\"a\"}'\n        values: '\2x240'/"
    echo "      - series: 'up{job=\"prompt-service\",instance=\"a\"}'"
    echo "        values: '1x240'"
}

# tried EXPOSITION [ALERT]: exactly this alert fires in the end, or none.
tried() {
    local exposition=$expositions/$1.metrics alert
    [[ -s $exposition ]] || { echo "$exposition is not there: run monitoring_boot_test" >&2; exit 1; }
    {
        echo "rule_files: ['$rules/schemagate.rules.yml']"
        echo 'evaluation_interval: 15s'
        echo 'tests:'
        echo "  - name: $1"
        echo '    interval: 15s'
        echo '    input_series:'
        series_of "$exposition"
        echo '    promql_expr_test:'
        # The real series are there, and have the shape that the rules count on.
        echo "      - expr: count(schemagate_state) * count(schemagate_info)"
        echo '        eval_time: 59m'
        echo '        exp_samples: [{labels: "{}", value: 9}]'
        echo '      - expr: count by (alertname) (ALERTS{alertstate="firing"})'
        echo '        eval_time: 59m'
        echo '        exp_samples:'
        for alert in "${@:2}"; do
            echo "          - {labels: '{alertname=\"$alert\"}', value: 1}"
        done
    } >"$work/$1.test.yml"
    promtool test rules "$work/$1.test.yml" >"$work/out" 2>&1 || { echo "on the /metrics of $1:"; cat "$work/out"; exit 1; }
    printf 'on the real /metrics of %s: %s\n' "$1" "$( (($# > 1)) && echo "${*:2}" || echo 'no alert')"
}

tried healthy
tried migrated
tried unreachable SchemagateConnectFailures SchemagateBootStuck
tried drift SchemagateDrift
tried skipped_on_primary SchemagateSkippedOnPrimary
tried refused SchemagateRefused
tried database_down PromptServiceDatabaseDown
