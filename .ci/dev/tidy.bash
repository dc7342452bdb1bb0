# shellcheck shell=bash
# clang-tidy over our own sources, with the commands of the clang build: those of g++ have options that it does not know.
#
# A file that was clean is looked at again once it, any header or .clang-tidy is newer: all of them take a quarter of
# an hour on two cores, and the static analyzer is most of it.

# Every source that the clang build compiles, without what it generates. tests/consumer belongs to another project.
tidy_sources() {
    local line
    grep -oE '"file": "[^"]+' build/clang/compile_commands.json | cut -d'"' -f4 | sort -u |
        while read -r line; do
            [[ $line == "$PWD"/build/* ]] || printf '%s\n' "${line#"$PWD"/}"
        done
}

tidy_one() {
    local found foreign='^/usr/include/[^ ]* error: .*\[clang-analyzer-' status=0 clean=build/tidy/${1//\//+}
    [[ ! $clean -nt $1 || ! $clean -nt $TIDY_NEWEST ]] || return 0
    touch "$clean.begun"   # as old as what is read now: an edit meanwhile counts
    found=$("$TIDY" -p build/clang --quiet "$1" 2>&1) || status=$?
    # The analyzer follows calls into libraries. What it takes for a fault in there (an executor of Asio without a
    # target, say) cannot be marked where it is, and is passed over if it is all.
    if ((status == 1)) && grep -qE "$foreign" <<<"$found" &&
        ! grep -E '(^| )error: ' <<<"$found" | grep -qvE "$foreign"; then
        status=0
    fi
    if ((status == 0)); then
        mv "$clean.begun" "$clean"
    else
        printf '%s\n' "$found" | grep -vE '^[0-9]+ warnings? (and [0-9]+ errors? )?generated\.$'
        return 1
    fi
}

# Arguments: the files to look at; without one, all.
tidy() {
    local file
    local -a all headers files=("$@")
    TIDY=$(checker clang-tidy)
    flock build/lock cmake --preset clang -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
        -DCMAKE_CXX_COMPILER="$(clang_compiler)" >/dev/null
    mapfile -t all < <(tidy_sources)
    ((${#all[@]})) || die 'build/clang/compile_commands.json names no source'
    (($#)) || files=("${all[@]}")
    for file in "${files[@]}"; do
        [[ " ${all[*]} " == *" $file "* ]] || die "$file is no source of the build (headers are looked at with them)"
    done
    mkdir -p build/tidy
    mapfile -t headers < <(sources '*.hpp')
    # shellcheck disable=SC2012 # names of our own
    TIDY_NEWEST=$(ls -t .clang-tidy "${headers[@]}" | sed -n 1p)
    export TIDY TIDY_NEWEST
    export -f tidy_one
    printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'tidy_one "$1"' tidy
}
