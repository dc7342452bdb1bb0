# shellcheck shell=bash
# The Release build that everything else uses.

build() {
    mkdir -p build .private
    [[ -w build && -w .private ]] || die "build/ or .private/ belongs to another user, who ran ./dev before"
    install_missing
    [[ -w ${HOME:-} ]] || export CCACHE_DIR=$PWD/.private/ccache
    # The lock lets a ./dev test wait for a ./dev run that is just building.
    flock build/lock cmake --preset release -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >build/configure.log
    flock build/lock cmake --build --preset release ${1:+--target "$@"}
}
