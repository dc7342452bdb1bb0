# shellcheck shell=bash
# ./dev fuzz [TARGET] [SECONDS]: libFuzzer on what reads other people's bytes. A fault's input is kept below
# build/fuzz/crashes, and the command that replays it is printed; it becomes a unit test before it is mended.

fuzz_targets=(url slips lexer template screening)

# One seed per line. The first two bytes of a url input choose environment and policy: "<$" is an empty environment and
# the default policy; the fuzzer tries the others.
write_seeds() {
    local target=$1 folder=$2 line number=0 prefix=
    [[ $target != url ]] || prefix='<$'
    mkdir -p "$folder"
    [[ -f tests/fuzz/seeds/$target ]] || return 0 # its inputs are numbers that choose
    while IFS= read -r line; do
        printf '%s%s' "$prefix" "$line" >"$folder/seed-$((++number))"
    done <"tests/fuzz/seeds/$target"
    if [[ $target == url ]]; then # a password with raw delimiters on both sides of the marker
        local before after
        for before in @ / : '?' '#' % '&' = '[' , "'" ' '; do
            for after in @ / : '?' '#' % '&' = ']' , "'" ' '; do
                printf '%spostgresql://app:a%sZq7wKx2yVj%sb@db:5432/shop' "$prefix" "$before" "$after" \
                    >"$folder/seed-$((++number))"
            done
        done
        return 0
    fi
    [[ $target == lexer ]] || return 0
    for line in sql/*/*.sql; do # whole scripts, too; a twin has its migration's name
        cp -- "$line" "$folder/${line//\//-}"
    done
}

fuzz_one() {
    local target=$1 seconds=$2 program=build/fuzz/tests/fuzz/fuzz_$1 crashes=build/fuzz/crashes
    local log=build/fuzz/$target.log found=build/fuzz/corpus/$target seeds=build/fuzz/seeds/$target
    local -a dictionary=()
    mkdir -p "$crashes" "$found"
    rm -rf "$seeds"
    write_seeds "$target" "$seeds" || die "the seeds of $target cannot be written to $seeds"
    [[ ! -f tests/fuzz/$target.dict ]] || dictionary=("-dict=tests/fuzz/$target.dict")
    say "fuzz: $target for $seconds s (log: $log)"
    # What a run finds interesting stays in build/fuzz/corpus, so that the next run begins there.
    if "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=2048 -print_final_stats=1 \
        "${dictionary[@]}" -artifact_prefix="$crashes/$target-" "$found" "$seeds" \
        >"$log" 2>&1; then
        say "fuzz: $target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions, no fault"
        return 0
    fi
    # The log quotes the input, which may hold what moves a terminal's cursor.
    { grep -aE -A 3 'BROKEN PROMISE|^==[0-9]+== *ERROR|SUMMARY|runtime error' "$log" || tail -n 20 "$log"; } |
        head -n 40 | LC_ALL=C tr -cd '\11\12\40-\176' >&2
    local artifact
    artifact=$(sed -n 's/^.*Test unit written to //p' "$log" | tail -n 1)
    printf 'dev: fuzz: %s FAILED; its input: %s\n' "$target" "${artifact:-none was written, see $log}" >&2
    [[ -z $artifact ]] || printf 'dev: replay: %s %s\n' "$program" "$artifact" >&2
    return 1
}

fuzz_command() {
    local target seconds=60 failed=0
    local -a targets=("${fuzz_targets[@]}")
    if (($#)) && [[ ! $1 =~ ^[0-9]+$ ]]; then
        [[ " ${fuzz_targets[*]} " == *" $1 "* ]] || die "there is no target $1; there are: ${fuzz_targets[*]}"
        targets=("$1")
        shift
    fi
    if (($#)); then
        [[ $1 =~ ^[1-9][0-9]*$ && $# == 1 ]] || die "usage: ./dev fuzz [TARGET] [SECONDS]"
        seconds=$1
    fi
    mkdir -p build .private
    need fuzz
    install_missing
    flock build/lock cmake --preset fuzz -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER="$(clang_compiler)" \
        >build/configure-fuzz.log
    flock build/lock cmake --build --preset fuzz --target "${targets[@]/#/fuzz_}"
    for target in "${targets[@]}"; do
        fuzz_one "$target" "$seconds" || failed=1
    done
    return "$failed"
}
