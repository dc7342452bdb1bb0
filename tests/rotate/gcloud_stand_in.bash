#!/usr/bin/env bash
# A recording stand-in for gcloud and for the program: it stands in PATH under either name (as links).
#
# $STAND_IN is its folder: versions/N holds the payloads; calls gets one line per call; seen gets the arguments and the
# environment of every process of this run, which is what a neighbour could see.
# $STAND_IN_FAILS names the one thing that goes wrong, and $REAL_PROGRAM is what the program's link runs.
set -euo pipefail
name=${0##*/}
processes=("$$" "$PPID")
if [[ -z ${STAND_IN_HURRIES:-} ]]; then
    mapfile -t processes < <(grep -lzsFx "STAND_IN=$STAND_IN" /proc/[0-9]*/environ | cut -d/ -f3)
fi
for process in "${processes[@]}"; do # one that has ended meanwhile is no fault
    cat "/proc/$process/environ" "/proc/$process/cmdline" >>"$STAND_IN/seen" 2>/dev/null || true
done
printf '%s %s\n' "$name" "$*" >>"$STAND_IN/calls"
fails=${STAND_IN_FAILS:-}

if [[ $name != gcloud ]]; then
    case $fails,$2 in
    rewrite-nothing,rewrite) exit 0 ;;
    check-refused,check)
        echo 'verdict: error'
        exit 78
        ;;
    esac
    exec "$REAL_PROGRAM" "$@"
fi

newest() {
    local number=7
    while [[ -e $STAND_IN/versions/$((number + 1)) ]]; do number=$((number + 1)); done
    printf '%s\n' "$number"
}
# As bad as a gcloud could be: it says the payload on stderr too.
refuse() {
    cat "$STAND_IN/versions/$(newest)" >&2
    echo "ERROR: (gcloud.secrets.versions.$1) $2: the request was refused" >&2
    exit 1
}

case $3 in
describe)
    # Counted, since the second look is for what others do meanwhile.
    echo >>"$STAND_IN/looks"
    case $fails,$(wc -l <"$STAND_IN/looks") in
    describe,1) refuse describe NOT_FOUND ;;
    describe-nothing,1) exit 0 ;;
    race-before,2) printf 'postgresql://other@h/d' >"$STAND_IN/versions/$(($(newest) + 1))" ;;
    slow-look,2) touch "$STAND_IN/waits" && sleep 1 ;;
    esac
    newest
    ;;
access)
    case $fails in
    access) refuse access PERMISSION_DENIED ;;
    access-disabled) refuse access FAILED_PRECONDITION ;;
    access-login) echo "ERROR: There was a problem refreshing your tokens. Run: gcloud auth login" >&2 && exit 1 ;;
    access-network) refuse access UNAVAILABLE ;;
    slow-access) touch "$STAND_IN/waits" && sleep 1 ;;
    esac
    cat "$STAND_IN/versions/$4"
    ;;
add)
    payload=$(cat && printf x)
    payload=${payload%x}
    [[ $fails != add ]] || refuse add UNAVAILABLE
    [[ $fails != race-between ]] || printf 'postgresql://other@h/d' >"$STAND_IN/versions/$(($(newest) + 1))"
    number=$(($(newest) + 1))
    printf '%s' "$payload" >"$STAND_IN/versions/$number"
    [[ $fails != add-though ]] || refuse add INTERNAL
    if [[ $fails == slow-add ]]; then touch "$STAND_IN/waits" && sleep 1; fi
    printf '%s: %s\n' 'Created version' "$payload" >&2
    printf '%s\n' "$number"
    ;;
esac
