#include "schemagate/postgres/history_table.hpp"

namespace schemagate::postgres {
namespace {

// No constraint but the primary keys: scripts that walk the system catalogs, to give all constraints their
// house's names, say, take those that they find for the application's.
constexpr auto create_history = R"(
CREATE TABLE {history} (
    id                  bigint GENERATED ALWAYS AS IDENTITY,
    catalog             text        NOT NULL,
    target_schema       text        NOT NULL,
    kind                text        NOT NULL,
    version             text        NOT NULL,
    description         text        NOT NULL,
    checksum            text        NOT NULL,
    checksum_algorithm  text        NOT NULL,
    state               text        NOT NULL,
    statement_reached   integer,
    started_at          timestamptz NOT NULL,
    finished_at         timestamptz,
    applied_by          text        NOT NULL,
    application         text        NOT NULL,
    application_version text        NOT NULL,
    host                text        NOT NULL,
    server_version_num  integer     NOT NULL,
    wait_ms             bigint      NOT NULL,
    retries             integer     NOT NULL,
    breaks_older_than   text,
    set_digest          text        NOT NULL,
    verified_at         timestamptz,
    steps_digest        text        NOT NULL DEFAULT '',
    watched             text,
    PRIMARY KEY (catalog, target_schema, kind, version, checksum)
);
CREATE UNIQUE INDEX history_id ON {history} (id);
CREATE INDEX history_running ON {history} (id) WHERE state = 'running';
CREATE UNIQUE INDEX history_version ON {history} (catalog, target_schema, pg_catalog.ltrim(version, '0'))
    WHERE kind <> 'repeatable';
COMMENT ON TABLE {history} IS 'Schemagate, layout 1: one row per script that was applied. version holds the name of a repeatable script.';
CREATE TABLE {object} (
    catalog       text NOT NULL,
    target_schema text NOT NULL,
    kind          text NOT NULL,
    schema_name   text NOT NULL,
    relation_name text NOT NULL,
    column_name   text NOT NULL,
    hash          text NOT NULL,
    PRIMARY KEY (catalog, target_schema, schema_name, relation_name, column_name)
);
COMMENT ON TABLE {object} IS 'Schemagate, layout 1: tables, views, indexes and columns as the last migration left them. column_name is empty for a relation itself; an empty hash is unknown.';
)";

std::string replace_all(std::string text, std::string_view what, std::string_view with)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
    return text;
}

} // namespace

history_table::history_table(std::string schema, std::string catalog, std::string target_schema)
    : schema_{std::move(schema)}, catalog_{std::move(catalog)}, target_schema_{std::move(target_schema)}
{}

std::string history_table::qualified(connection const& on, std::string const& table) const
{
    return on.identifier(schema_) + "." + on.identifier(table);
}

std::string history_table::mine(connection const& on) const
{
    return "catalog = " + on.literal(catalog_) + " AND target_schema = " + on.literal(target_schema_);
}

std::string history_table::newest_row(connection const& on) const
{
    return qualified(on, "history") + " WHERE " + mine(on) + " ORDER BY id DESC LIMIT 1";
}

std::string row_security_sql(std::string const& oid)
{
    return "(pg_catalog.row_security_active(" + oid +
           ") AND NOT EXISTS (SELECT FROM pg_catalog.pg_policy WHERE polrelid = " + oid +
           " AND polpermissive AND polcmd IN ('r', '*') AND pg_catalog.pg_get_expr(polqual, polrelid) = "
           "'true'"
           " AND EXISTS (SELECT FROM pg_catalog.unnest(polroles) role WHERE role = 0"
           " OR pg_catalog.pg_has_role(role, 'USAGE'))))";
}

std::string history_table::hides_rows_sql(connection const& on, std::string const& table) const
{
    auto const name = qualified(on, table);
    return "(" + row_security_sql(on.literal(name) + "::pg_catalog.regclass::pg_catalog.oid") +
           " AND NOT EXISTS (SELECT FROM " + name + " WHERE " + mine(on) + "))";
}

bool history_table::exists(connection& on) const
{
    return on.execute("SELECT " + is_there_sql(on)).at(0).rows.at(0).at(0) == "t";
}

std::string history_table::is_there_sql(connection const& on) const
{
    return "pg_catalog.to_regclass(" + on.literal(qualified(on, "history")) + ") IS NOT NULL";
}

std::optional<std::string> history_table::create_sql(connection& on) const
{
    auto const there = on.execute("SELECT " + is_there_sql(on) + ", pg_catalog.to_regnamespace(" +
                                  on.literal(on.identifier(schema_)) + ") IS NOT NULL")
                           .at(0)
                           .rows.at(0);
    if (there.at(0) == "t") {
        return std::nullopt;
    }
    // Not IF NOT EXISTS: it asks for CREATE on the database even where the schema is there.
    auto const schema = there.at(1) == "t" ? "" : "CREATE SCHEMA " + on.identifier(schema_) + ";";
    auto const tables = replace_all(create_history, "{history}", qualified(on, "history"));
    return schema + replace_all(tables, "{object}", qualified(on, "object"));
}

namespace {

// What earlier releases made: UNIQUE (id) and two CHECKs, by the names that the server gave them. What others
// have added since is theirs.
std::string spare_constraints(connection const& on, history_table const& table)
{
    return " WHERE k.conrelid = pg_catalog.to_regclass(" + on.literal(table.qualified(on, "history")) +
           ") AND k.conname IN ('history_id_key', 'history_kind_check', 'history_state_check')";
}

} // namespace

void history_table::complete(connection& on) const
{
    on.execute("ALTER TABLE " + qualified(on, "object") +
               " ADD COLUMN IF NOT EXISTS hash text NOT NULL DEFAULT ''; ALTER TABLE " +
               qualified(on, "history") +
               " ADD COLUMN IF NOT EXISTS steps_digest text NOT NULL DEFAULT '', ADD COLUMN IF NOT EXISTS "
               "watched text;"
               " CREATE INDEX IF NOT EXISTS history_running ON " +
               qualified(on, "history") + " (id) WHERE state = 'running'");
    auto const spare = on.execute("SELECT pg_catalog.quote_ident(k.conname) FROM pg_catalog.pg_constraint k" +
                                  spare_constraints(on, *this));
    for (auto const& row : spare.at(0).rows) {
        on.execute("ALTER TABLE " + qualified(on, "history") + " DROP CONSTRAINT " + row.at(0).value_or(""));
    }
    if (!spare.at(0).rows.empty()) {
        on.execute("CREATE UNIQUE INDEX IF NOT EXISTS history_id ON " + qualified(on, "history") + " (id)");
    }
}

bool history_table::is_complete(connection& on) const
{
    auto const has = [&](std::string const& table, std::string const& column) {
        return "EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass(" +
               on.literal(qualified(on, table)) + ") AND attname = '" + column + "')";
    };
    auto const answer = on.execute("SELECT " + has("object", "hash") + " AND " + has("history", "watched") +
                                   " AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k" +
                                   spare_constraints(on, *this) + ")");
    return answer.at(0).rows.at(0).at(0) == "t";
}

history history_table::read(connection& on) const
{
    auto const answer = on.execute(
        "SELECT id, kind, version, description, checksum, state, set_digest, verified_at IS NOT NULL,"
        " breaks_older_than, coalesce(pg_catalog.to_char(finished_at AT TIME ZONE 'UTC', "
        "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), ''), coalesce(statement_reached, 0),"
        // By way of JSON: a history of an earlier release lacks the column until a leader has added it.
        " CASE WHEN state = 'running' THEN coalesce(pg_catalog.to_jsonb(h) ->> 'steps_digest', '') ELSE "
        "'' "
        "END"
        " FROM " +
        qualified(on, "history") + " h WHERE " + mine(on) + " ORDER BY id");
    history rows;
    for (auto const& r : answer.at(0).rows) {
        history_row row;
        row.id = std::stoll(r.at(0).value_or("0"));
        row.kind = r.at(1).value_or("");
        row.version = r.at(2).value_or("");
        row.description = r.at(3).value_or("");
        row.checksum = r.at(4).value_or("");
        row.state = r.at(5).value_or("");
        row.set_digest = r.at(6).value_or("");
        row.verified = r.at(7) == "t";
        row.breaks_older_than = r.at(8);
        row.applied_at = r.at(9).value_or("");
        row.statement_reached = std::stoi(r.at(10).value_or("0"));
        row.steps_digest = r.at(11).value_or("");
        rows.push_back(std::move(row));
    }
    return rows;
}

history_tail history_table::tail(connection& on) const
{
    auto const answer = on.execute("SELECT id FROM " + newest_row(on));
    return {answer.at(0).rows.empty() ? 0 : std::stoll(answer[0].rows[0].at(0).value_or("0"))};
}

std::string history_table::rows(connection& on) const
{
    return on.execute("SELECT pg_catalog.count(*) FROM " + qualified(on, "history") + " WHERE " + mine(on))
        .at(0)
        .rows.at(0)
        .at(0)
        .value_or("");
}

void history_table::forget_begun(connection& on, std::int64_t id) const
{
    on.execute("DELETE FROM " + qualified(on, "history") + " WHERE id = " + std::to_string(id) +
               " AND state = 'running' AND statement_reached = 0 AND " + mine(on));
}

std::vector<script_elsewhere> history_table::scripts_elsewhere(connection& on) const
{
    auto const answer = on.execute(
        "SELECT catalog, version, checksum, coalesce(statement_reached, 0), CASE WHEN state = 'running'"
        // as in read()
        " THEN coalesce(pg_catalog.to_jsonb(h) ->> 'steps_digest', '') ELSE '' END FROM " +
        qualified(on, "history") + " h WHERE target_schema = " + on.literal(target_schema_) +
        " AND catalog <> " + on.literal(catalog_) + " AND checksum <> '' ORDER BY id");
    std::vector<script_elsewhere> found;
    for (auto const& r : answer.at(0).rows) {
        found.push_back({r.at(0).value_or(""), r.at(1).value_or(""), r.at(2).value_or(""),
                         std::stoi(r.at(3).value_or("0")), r.at(4).value_or("")});
    }
    return found;
}

std::string history_table::other_catalogs(connection& on) const
{
    auto const answer =
        on.execute("SELECT coalesce(pg_catalog.string_agg(DISTINCT catalog, ', '), '') FROM " +
                   qualified(on, "history") + " WHERE catalog <> " + on.literal(catalog_));
    return answer.at(0).rows.at(0).at(0).value_or("");
}

bool history_table::readable_by(connection& on, std::string const& role) const
{
    auto const who = on.literal(role);
    auto const answer =
        on.execute("SELECT pg_catalog.has_schema_privilege(" + who + ", " + on.literal(schema_) +
                   ", 'USAGE') AND pg_catalog.has_table_privilege(" + who + ", " +
                   on.literal(qualified(on, "history")) + ", 'SELECT') AND pg_catalog.has_table_privilege(" +
                   who + ", " + on.literal(qualified(on, "object")) + ", 'SELECT')");
    return answer.at(0).rows.at(0).at(0) == "t";
}

void history_table::grant_reading(connection& on, std::string const& role) const
{
    auto const to = " TO " + on.identifier(role);
    on.execute("GRANT USAGE ON SCHEMA " + on.identifier(schema_) + to + "; GRANT SELECT ON " +
               qualified(on, "history") + ", " + qualified(on, "object") + to);
}

bool holds_adoptable_row(connection& on, adoption const& ledger)
{
    auto const dot = ledger.table.find('.');
    auto const table = dot == std::string::npos ? on.identifier(ledger.table)
                                                : on.identifier(ledger.table.substr(0, dot)) + "." +
                                                      on.identifier(ledger.table.substr(dot + 1));
    auto const there = on.execute("SELECT pg_catalog.to_regclass(" + on.literal(table) + ") IS NOT NULL");
    if (there.at(0).rows.at(0).at(0) != "t") {
        return false;
    }
    auto const answer =
        on.execute("SELECT EXISTS (SELECT FROM " + table + " WHERE " + on.identifier(ledger.column) +
                   "::pg_catalog.text = " + on.literal(ledger.value) + ")");
    return answer.at(0).rows.at(0).at(0) == "t";
}

history_tail tail_of(history const& rows)
{
    return {rows.empty() ? 0 : rows.back().id};
}

std::string history_table::mark_verified_sql(connection const& on) const
{
    return "UPDATE " + qualified(on, "history") + " SET verified_at = pg_catalog.clock_timestamp() WHERE " +
           mine(on) + " AND verified_at IS NULL";
}

} // namespace schemagate::postgres
