#!/usr/bin/env bash
# Proves boot.pml with spin, and that each part of the protocol is needed: see README.md. Ends with 1 where the model
# fails, or a mutant does not. --all: three replicas and a fault, exhaustively (about 5 GB of memory and half an hour).
set -euo pipefail
model=$(realpath "$(dirname "$0")")/boot.pml
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
cd "$folder"

# explore OPTIONS OF SPIN -- OPTIONS OF THE COMPILER: prints the verifier's report
explore() {
    local -a of_spin=()
    while [[ $1 != -- ]]; do of_spin+=("$1") && shift; done
    shift
    spin -a "${of_spin[@]}" "$model" >/dev/null
    cc -w -O2 -DSAFETY -DVECTORSZ=512 "$@" -o verifier pan.c
    ./verifier -m1000000 -w26
}

failed=0
holds() { # NAME OPTIONS…
    local name=$1 report
    shift
    report=$(explore "$@")
    if grep -q 'errors: 0' <<<"$report" && ! grep -qE 'max search depth|out of memory' <<<"$report"; then
        printf 'holds   %-44s %s\n' "$name" "$(grep -oE '[0-9]+ states, stored' <<<"$report")"
    else
        printf 'FAILED  %s\n%s\n' "$name" "$report" && failed=1
    fi
}
breaks() { # WITHOUT OPTIONS…
    local name=$1 report
    shift
    report=$(explore -DCLIENTS=2 -DFAULTS=1 "$@" -- -DCOLLAPSE)
    if grep -q 'errors: 1' <<<"$report"; then
        printf 'caught  %-44s %s\n' "$name" "$(grep -oE 'assertion violated .*' <<<"$report" | sed 's/ (at.*//')"
    else
        printf 'FAILED  nothing tells that the model has %s\n' "$name" && failed=1
    fi
}

for pooled in '' -DPOOLED; do
    through=${pooled:+, pooled}
    holds "2 replicas, 1 fault$through" -DCLIENTS=2 -DFAULTS=1 $pooled -- -DCOLLAPSE
    holds "3 replicas, no fault$through" -DCLIENTS=3 -DFAULTS=0 $pooled -- -DCOLLAPSE
    if [[ ${1:-} == --all ]]; then
        holds "3 replicas, 1 fault$through" -DCLIENTS=3 -DFAULTS=1 $pooled -- -DHC4
    else
        holds "3 replicas, 1 fault, part of the states$through" -DCLIENTS=3 -DFAULTS=1 $pooled -- -DBITSTATE
    fi
    breaks "no lock$through" -DNO_LOCK $pooled
    breaks "its row outside of the transaction$through" -DNO_ROW $pooled
    breaks "a gate before verification$through" -DEARLY_GATE $pooled
done
# On a direct connection the lock alone is enough.
breaks 'no look at the history in the transaction, pooled' -DNO_GUARD -DPOOLED
breaks 'a lock that ends before its session' -DLEASE
exit "$failed"
