#!/usr/bin/env bash
# What verify-prompt-system.yml promises, and how ./dev ci summary judges: workflow_promises.bash TOP
set -uo pipefail
cd -- "$1" || exit 1
workflow=.github/workflows/verify-prompt-system.yml
failed=0

expect() { # WHAT EXPECTED FOUND
    [[ $2 == "$3" ]] && return
    printf 'FAILED: %s\n  expected: %s\n  found:    %s\n' "$@"
    failed=1
}

# The lines of one job, without its name.
job() { awk -v job="  $1:" '/^[^ ]/ {jobs = /^jobs:/} jobs && /^  [^ ]/ {mine = ($0 == job); next} mine' "$workflow"; }
value() { sed -nE "s/^    $2: *(.*)\$/\\1/p" <<<"$(job "$1")"; }

names=$(awk '/^[^ ]/ {jobs = /^jobs:/} jobs && /^  [a-z-]+:$/ {gsub(/[ :]/, ""); print}' "$workflow" | paste -sd' ')
others='verify-schema test-prompt-operations test-backwards-compatibility performance-benchmark verify-monitoring'
expect 'the jobs' "$others summary" "$names"
while read -r name minutes; do
    expect "$name: timeout-minutes" "$minutes" "$(value "$name" timeout-minutes)"
    expect "$name: what it runs" "./dev ci $name" "$(sed -nE 's/^      - run: (.*)$/\1/p' <<<"$(job "$name")" | paste -sd';')"
    expect "$name: container" 'debian:12' "$(value "$name" container)"
done <<'TABLE'
verify-schema 10
test-prompt-operations 15
test-backwards-compatibility 20
performance-benchmark 30
verify-monitoring 10
summary 5
TABLE
expect 'summary runs always' 'always()' "$(value summary if)"
expect 'summary needs' "$others" "$(sed -nE 's/^      - ([a-z-]+)$/\1/p' <<<"$(job summary)" | paste -sd' ')"
for name in $others; do
    expect "summary is told of $name" 1 "$(job summary | grep -cF "$name=\${{ needs.$name.result }}")"
    expect "$name runs whatever the others do" '' "$(value "$name" if)$(value "$name" needs)$(value "$name" continue-on-error)"
done
expect 'permissions' 'contents: read' "$(awk '/^permissions:/ {on = 1; next} /^[^ ]/ {on = 0} on && NF {sub(/^ +/, ""); print}' "$workflow")"
expect 'no job has permissions of its own' 1 "$(grep -c 'permissions:' "$workflow")"
expect 'concurrency' 1 "$(grep -c '^concurrency:' "$workflow")"
expect 'no secret is asked for' '' "$(grep -i 'secrets\.' "$workflow")"
expect 'an action is used' 6 "$(grep -c 'uses:' "$workflow")"
expect 'actions that are not pinned by a full commit' '' "$(grep 'uses:' "$workflow" | grep -vE 'uses: [A-Za-z0-9_./-]+@[0-9a-f]{40} # v')"

summary() { CI_RESULTS=$1 ./dev ci summary >/dev/null 2>&1; echo $?; }
good='' && for name in $others; do good+=" $name=success"; done
expect 'summary of five successes' 0 "$(summary "$good")"
for name in $others; do
    for result in failure skipped cancelled ''; do
        expect "summary where $name is '$result'" 1 "$(summary "${good/$name=success/$name=$result}")"
    done
    expect "summary without $name" 1 "$(summary "${good/$name=success/}")"
done
expect 'summary of nothing' 1 "$(summary '')"
expect 'an unknown job' 1 "$(./dev ci verify >/dev/null 2>&1; echo $?)"
((failed)) || echo 'every promise holds'
exit "$failed"
