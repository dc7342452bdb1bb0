# shellcheck shell=bash
# ./dev bench [NAME] [--json [FILE]]: measurements with limits. Each is printed beside its floor, which is measured in
# the same run, so that a slow machine shows as such. Ends with 1 if a median is above its limit.

bench_names=(url)
bench_packages=(libbenchmark-dev)

bench_command() {
    local name keep= failed=0
    local -a names=() json=()
    while (($#)); do
        case $1 in
            --json)
                keep=${2:-build/bench.json}
                (($# == 1)) || shift
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
        json=("--benchmark_out=$keep" --benchmark_out_format=json)
    fi
    mkdir -p build .private
    packages+=("${bench_packages[@]}")
    install_missing
    flock build/lock cmake --preset bench -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >build/configure-bench.log
    flock build/lock cmake --build --preset bench --target "${names[@]/#/bench_}"
    for name in "${names[@]}"; do
        say "bench: $name"
        "build/bench/tests/bench/bench_$name" --benchmark_repetitions=5 --benchmark_min_time=0.2 "${json[@]}" ||
            failed=1
    done
    [[ -z $keep ]] || say "bench: every run's figures: $keep"
    return "$failed"
}
