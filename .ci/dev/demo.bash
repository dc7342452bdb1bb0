# shellcheck shell=bash
# ./dev demo [SCENE ...]: what Schemagate does, played by the real programs on a real PostgreSQL.

demo_command() {
    local programs=$PWD/build/release/app:$PWD/build/release/modules/command_line
    build app/prompt-service modules/command_line/schemagate
    if [[ ${1:-} == --write ]]; then
        exec tests/boot/demo_is_current.bash --write "$PWD" "$programs"
    fi
    exec app/demo.bash "$programs" "$@"
}
