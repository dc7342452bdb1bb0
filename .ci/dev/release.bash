# shellcheck shell=bash
# ./dev release: every script of sql/migrations that sql/released.lock does not list yet is listed. Once that is
# committed and deployed, a changed or missing script fails the build instead of a boot.

release_command() {
    build schemagate-embed
    local -a tool=(build/release/modules/embed/schemagate-embed --migrations sql/migrations --checks sql/checks)
    "${tool[@]}" --release sql/released.lock || die 'nothing was released'
    say "sql/released.lock lists $(wc -l <sql/released.lock) scripts; commit it with the release"
}
