# shellcheck shell=bash
# ./dev schema: sql/ on a fresh database of a PostgreSQL 15 of its own, and what it makes in sql/schema.snapshot, so that a
# review of a migration shows what becomes of the schema. --check: compares instead, and shows the difference.
#
# As pg_dump writes it, of one version, since each writes the text of views its own way; 15 is Debian 12's.

schema_major=15

# Without the history, partitions, which come and go by the day, owners, and what pg_dump says beside the schema.
dump_schema() {
    local partition
    local -a without=()
    while read -r partition; do without+=(-T "$partition"); done < <("$server/psql" -XAtq "$DATABASE_URL" \
        -c "select oid::regclass from pg_class where relispartition and relkind in ('r', 'p')")
    "$server/pg_dump" --schema-only --no-owner -N schemagate "${without[@]}" "$DATABASE_URL" |
        grep -vE '^(--$|-- (Name: |PostgreSQL database |Dumped )|SET [a-z_]+ = |SELECT pg_catalog.set_config|\\(un)?restrict )' |
        cat -s | sed '1{/^$/d}'
}

schema_command() {
    local check='' file=sql/schema.snapshot into=sql/schema.snapshot log
    [[ ${1:-} != --check ]] || { check=yes && shift; }
    (($# == 0)) || die 'usage: ./dev schema [--check]'
    ci_build app/prompt-service
    if [[ ! $("$(server_binaries "$schema_major" | tail -n 1)" --version) =~ \)\ ${schema_major}[.] ]]; then
        say "NOT RUN: this machine has no PostgreSQL $schema_major (Debian: postgresql-$schema_major)"
        exit 77
    fi
    unset DATABASE_URL MIGRATION_DATABASE_URL CREDENTIALS_DIRECTORY
    ci_database "$schema_major"
    export -n SCHEMAGATE_CI_BUILD   # It is no setting of the service.
    local service=$ci_programs/app/prompt-service
    log=$("$service" migrate 2>&1) || die "sql/ does not migrate: $log"
    [[ ! $check ]] || into=$home/schema.snapshot
    dump_schema >"$into" || die 'there is no snapshot'
    if [[ ! $check ]]; then
        say "$file holds what sql/ makes; commit it with the migration"
    elif ! diff -u --label "$file" --label 'what sql/ makes' "$file" "$into"; then
        die "$file is not what sql/ makes: run ./dev schema"
    fi
}
