# shellcheck shell=bash
# ./dev bench [NAME] [--json [FILE]] [--rounds N]: measurements with limits. Each is printed beside its floor, which is measured in
# the same run, so that a slow machine shows as such. Ends with 1 if a median is above its limit.

. .ci/dev/bench_app.bash

bench_names=(url boot engine migrate app)

# Milliseconds that the command takes, once, added to a file.
time_into() {
    local file=$1 start end
    start=${EPOCHREALTIME/[.,]/}
    "${@:2}" >/dev/null 2>"$home/bench.log" || { cat "$home/bench.log" >&2; die "failed: ${*:2}"; }
    end=${EPOCHREALTIME/[.,]/}
    echo "$((end - start))" >>"$home/$file"
}

median_ms() { sort -n "$home/$1" | awk 'NR == 5 {printf "%.1f", $1 / 1000}'; }

# NAME LIMIT: nine rounds of $ours and of $floor, in turn, so that a busy moment meets both; each after $before.
compare() {
    local round
    for ((round = 0; round < 9; ++round)); do
        "${before[@]}" || die "failed: ${before[*]}"
        time_into "$1 ours" "${ours[@]}"
        "${before[@]}" || die "failed: ${before[*]}"
        time_into "$1 floor" "${floor[@]}"
    done
    awk -v name="$1" -v limit="$2" -v ours="$(median_ms "$1 ours")" -v floor="$(median_ms "$1 floor")" 'BEGIN {
        printf "%-15s %8.1f ms   one psql session %8.1f ms   %4.1f times, limit %s\n", name, ours, floor,
               ours / floor, limit
        exit ours / floor > limit }'
}

# What a start of the service costs on a current schema and on an empty one, beside one psql session that asks the
# server for the same. Ends with 3 if one is above its limit.
bench_boot() {
    local over=0 service=$ci_programs/app/prompt-service
    ci_database
    local psql=("$server/psql" -Xq -v ON_ERROR_STOP=1 "$DATABASE_URL")
    local before=(true) ours=("$service" migrate) floor=("${psql[@]}" -c 'select 1')
    "${ours[@]}" >/dev/null 2>&1
    compare 'idle boot' 3 || over=3
    before=("${psql[@]}" -c 'set client_min_messages = error; drop schema if exists schemagate cascade;
        drop schema public cascade; create schema public')
    floor=("${psql[@]}" -c begin -f sql/migrations/0001_*.sql -c commit
        -c begin -f sql/checks/0001_*.sql -f sql/checks/0002_*.sql -c rollback)
    compare 'full migration' 3 || over=3
    return "$over"
}

bench_command() {
    local name keep='' rounds=5 failed=0
    local -a names=() json=() built=()
    while (($#)); do
        case $1 in
            --json)
                keep=${2:-build/bench.json}
                (($# == 1)) || shift
                ;;
            --rounds)
                rounds=${2:-}
                [[ $rounds == [1-9] ]] || die '--rounds takes a number from 1 to 9, and is for app'
                shift
                ;;
            *)
                [[ " ${bench_names[*]} " == *" $1 "* ]] || die "there is no benchmark $1; there are: ${bench_names[*]}"
                names+=("$1")
                ;;
        esac
        shift
    done
    ((${#names[@]})) || names=("${bench_names[@]}")
    if [[ $keep ]]; then
        ((${#names[@]} == 1)) || die '--json holds one benchmark: name it'
        [[ ${names[0]} != boot ]] || die '--json is for the others: boot prints what it has'
        json=("--benchmark_out=$keep" --benchmark_out_format=json)
    fi
    mkdir -p build .private
    need bench
    for name in "${names[@]}"; do
        [[ $name != app ]] || need bench-app
        [[ $name == boot || $name == app ]] || built+=("bench_$name")
    done
    install_missing
    if ((${#built[@]})); then
        flock build/lock cmake --preset bench -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >build/configure-bench.log
        flock build/lock cmake --build --preset bench --target "${built[@]}"
    fi
    for name in "${names[@]}"; do
        say "bench: $name"
        if [[ $name == boot ]]; then
            build app/prompt-service
            (bench_boot) || failed=1
            continue
        elif [[ $name == app ]]; then
            build app/prompt-service
            bench_app "$PWD/$ci_programs/app/prompt-service" "$rounds" "$keep" || failed=1
            continue
        fi
        "build/bench/tests/bench/bench_$name" --benchmark_repetitions=5 --benchmark_min_time=0.2 "${json[@]}" ||
            failed=1
    done
    [[ -z $keep ]] || say "bench: every run's figures: $keep"
    return "$failed"
}
