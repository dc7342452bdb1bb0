#include "failure_mapping.hpp"

#include <algorithm>
#include <array>

#include "hidden_rows.hpp"
#include "schemagate/safe_text.hpp"

namespace schemagate {
namespace {

std::string quoted(std::string const& identifier)
{
    return '"' + identifier + '"';
}

// 'permission denied for schema public' → {"schema", "public"}
std::string word_after(std::string const& text, std::string const& prefix)
{
    auto const at = text.find(prefix);
    if (at == std::string::npos) {
        return {};
    }
    auto const from = at + prefix.size();
    return text.substr(from, text.find_first_of("\n\"", from) - from);
}

// Rights on our own tables; "" where the server speaks of something else. Looking takes less than leading,
// and a leader that was told the half of it would be refused again.
std::string grant_for_history(boot_context const& boot, std::string const& message)
{
    auto const schema = quoted(boot.with.history_schema);
    for (std::string const table : {"history", "object"}) { // a policy that shows a row and refuses the next
        if (message.find("row-level security") != std::string::npos && message.ends_with(quoted(table))) {
            return row_security_fix(boot.with.history_schema, table, boot.acting.role);
        }
    }
    if (message.find("schema " + boot.with.history_schema) == std::string::npos &&
        !message.ends_with("table history") && !message.ends_with("table object")) {
        return {};
    }
    auto const leads = boot.current_step() >= step::lock;
    auto const to = " TO " + quoted(boot.acting.role) + ";";
    return std::string{"Run as its owner: GRANT USAGE"} + (leads ? ", CREATE" : "") + " ON SCHEMA " + schema +
           to + " GRANT SELECT" + (leads ? ", INSERT, UPDATE, DELETE" : "") + " ON ALL TABLES IN SCHEMA " +
           schema + to;
}

// What one of our own statements lacks, not one of a script.
std::string grant_for_us(boot_context const& boot, std::string const& message)
{
    auto const history = grant_for_history(boot, message);
    return history.empty() ? grant_for(message, boot.acting.role, boot.acting.database) : history;
}

} // namespace

std::string grant_for(std::string const& message, std::string const& role, std::string const& database)
{
    auto const to = " TO " + quoted(role) + ";";
    if (auto const schema = word_after(message, "permission denied for schema "); !schema.empty()) {
        return "Run as the schema's owner: GRANT USAGE, CREATE ON SCHEMA " + quoted(schema) + to;
    }
    if (auto const other = word_after(message, "permission denied to set role \""); !other.empty()) {
        return "Run as a superuser or an administrator of it: GRANT " + quoted(other) + to;
    }
    if (message.find("permission denied for database") != std::string::npos) {
        return "Run as the database's owner: GRANT CREATE ON DATABASE " + quoted(database) + to;
    }
    for (std::string const kind : {"table", "view", "sequence", "function"}) {
        if (auto const name = word_after(message, "permission denied for " + kind + " "); !name.empty()) {
            return "Run as its owner: GRANT " + std::string{kind == "function" ? "EXECUTE" : "ALL"} + " ON " +
                   (kind == "view" ? "TABLE" : kind) + " " + quoted(name) + to;
        }
        if (auto const name = word_after(message, "must be owner of " + kind + " "); !name.empty()) {
            return "Run as a superuser or its owner: ALTER " + kind + " " + quoted(name) + " OWNER" + to;
        }
    }
    constexpr std::string_view of_index = "must be owner of index ";
    if (auto const at = message.find(of_index); at != std::string::npos) {
        auto const index = message.substr(at + of_index.size()); // may hold quotes
        return "Run as an administrator: GRANT <the table's owner>" + to +
               " or, as the owner: DROP INDEX CONCURRENTLY " + index + ";";
    }
    return "Give the role " + quoted(role) +
           " the missing right, or name a role that has it in DATABASE_URL.";
}

bool mends_adopted(boot_context const& boot, std::string const& script)
{
    auto const& all = boot.shipped.migrations();
    return std::any_of(all.begin(), all.end(),
                       [&](auto const& m) { return m.name == script && m.directives.only_if_adopted; });
}

std::string what_remains(postgres::script_progress const& of, std::size_t statement)
{
    if (!of.before.empty()) {
        return "An earlier attempt had started; what it did stays.";
    }
    std::string text;
    if (of.done > 0) {
        text = statement == of.statement
                   ? "The statements before it are applied and recorded; the next boot goes on at this one."
                   : "The statements before statement " + std::to_string(of.statement) +
                         " are applied and recorded; the next boot goes on there.";
    }
    if (of.alone && !of.builds) {
        text += std::string{text.empty() ? "" : " "} +
                "It ran outside a transaction: what it committed by itself stays.";
    }
    return text;
}

failure script_failure(boot_context const& boot, migration const& of, postgres::script_error const& e,
                       std::string const& remains)
{
    auto const& script = of.name;
    auto const& sqlstate = e.error.sqlstate;
    auto const text = postgres::describe(e.error, boot.with.log_sql);
    auto const where = script + ".sql" + (e.where.line == 0 ? "" : ", line " + std::to_string(e.where.line)) +
                       (e.where.column == 0 ? "" : ", column " + std::to_string(e.where.column)) +
                       (e.where.statement == 0 ? "" : ", statement " + std::to_string(e.where.statement));
    // What mends an adopted database asserts that it finds it as the earlier tool left it. The assertion's
    // words are the script's own, so they are shown.
    auto const refuses_database = sqlstate == "P0004" && mends_adopted(boot, script);
    auto const message = where + ": " + sqlstate + " " +
                         (refuses_database ? printable(e.error.message) : text) +
                         (boot.with.transaction == transaction_scope::all
                              ? ". Nothing of this run was applied (SCHEMAGATE_TRANSACTION=all)."
                          : remains.empty() ? ". Nothing of this script was applied."
                                            : ". " + remains);
    auto const made = [&](errc code, std::string fix) {
        return failure{code, message, std::move(fix)}
            .with_script(script, e.where.line, e.where.column)
            .with_sqlstate(sqlstate);
    };
    if (refuses_database) {
        return made(errc::adoption_refused, "This database is not as the earlier tool left it. If scripts of "
                                            "ours ran here before, the history "
                                            "was lost, or it stands under another catalog name "
                                            "(--catalog): restore the schema \"" +
                                                boot.with.history_schema + "\" from a backup.");
    }
    if (sqlstate == "42501") {
        auto const& [role, database] = boot.acting;
        auto const of_the_script = e.where.line != 0;
        return made(errc::permission_denied, of_the_script ? grant_for(e.error.message, role, database)
                                                           : grant_for_us(boot, e.error.message));
    }
    if (sqlstate == "57014" && e.error.message.find("user request") != std::string::npos) {
        return made(errc::interrupted, "Somebody cancelled the statement (pg_cancel_backend). Start again.");
    }
    if (sqlstate == "57014") {
        return made(errc::statement_timeout, statement_timeout_fix(of));
    }
    if (sqlstate.starts_with("53")) {
        return made(errc::disk_full, resource_fix(e.error));
    }
    return made(errc::script_failed, script_fix(boot, of, e));
}

failure interrupted(bool undecided)
{
    return failure{errc::interrupted,
                   undecided
                       ? "interrupted by a signal before the server's answer came: whether what was running "
                         "is committed or rolled back is not known here, and the next boot reads it in the "
                         "history."
                       : "interrupted by a signal; what was running is rolled back.",
                   "Nothing is wrong: start it again."};
}

failure script_ended_transaction(std::string const& script)
{
    return failure{errc::script_refused,
                   script +
                       ".sql ended the transaction it ran in, so its effect and its history row could not "
                       "be one. What it committed itself stays.",
                   "Take COMMIT, ROLLBACK and calls that commit out of the script."}
        .with_script(script);
}

failure script_disturbed_history(boot_context const& boot, std::string const& script, std::string const& why)
{
    return failure{errc::script_refused, script + ".sql is refused: " + why + ". Nothing of it was applied.",
                   "Leave the schema \"" + boot.with.history_schema + "\" to Schemagate."}
        .with_script(script);
}

failure server_failure(boot_context const& boot, std::string const& what, postgres::server_error const& e)
{
    auto const text = postgres::describe(e, boot.with.log_sql);
    if (e.message.find("statement pooling") != std::string::npos) { // PgBouncer closes the connection as well
        return failure{
            errc::pooler_refused, "the pooler refused a statement " + what + ": " + text + ".",
            "A pooler in statement mode cannot carry transactions: name the server itself, or a pool in "
            "session or transaction mode, in DATABASE_URL."}
            .with_sqlstate(e.sqlstate);
    }
    if (e.connection_lost) {
        return failure{
            errc::connection_lost,
            "the connection to the server was lost " + what +
                (e.message.starts_with(postgres::silent_words) ? ": " + e.message : "") + ".",
            "Look into the server's log for a restart, a failover or a terminated backend, and start again."}
            .with_sqlstate(e.sqlstate);
    }
    auto const message = "the server refused a statement " + what + ": " + e.sqlstate + " " + text + ".";
    if (e.sqlstate == "42501") {
        return failure{errc::permission_denied, message, grant_for_us(boot, e.message)}.with_sqlstate(
            e.sqlstate);
    }
    if (e.sqlstate == "22023" && e.message.starts_with("role ")) { // SET ROLE
        return failure{errc::setting_invalid,
                       "SCHEMAGATE_RUN_AS names the role " + quoted(boot.with.run_as) +
                           ", which is not on this server.",
                       "Write the role's name as \\du shows it (case matters), for example "
                       "SCHEMAGATE_RUN_AS=app_owner, or CREATE ROLE " +
                           quoted(boot.with.run_as) + ";"}
            .with_sqlstate(e.sqlstate);
    }
    if (postgres::raised_by_plpgsql(e)) { // no statement of ours raises anything
        auto const& schema = boot.with.history_schema;
        return failure{errc::history_malformed,
                       "a trigger refused a statement of Schemagate's own " + what + ": " + e.sqlstate + " " +
                           text + ". What was applied before stays.",
                       "Schemagate writes to its tables in schema \"" + schema +
                           "\": drop the trigger that the following shows (or an event trigger, \\dy), and "
                           "start again. SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE NOT "
                           "tgisinternal AND tgrelid IN (SELECT oid FROM pg_class WHERE "
                           "relnamespace::regnamespace::text = '" +
                           schema + "')"}
            .with_sqlstate(e.sqlstate);
    }
    if (e.sqlstate == "42P01" || e.sqlstate == "42P07" || e.sqlstate == "42703" || e.sqlstate == "42809") {
        return failure{
            errc::history_malformed,
            message + " The tables in schema \"" + boot.with.history_schema +
                "\" are not those that this release of Schemagate makes.",
            "Restore that schema from a backup, or set SCHEMAGATE_HISTORY_SCHEMA if it is another tool's."}
            .with_sqlstate(e.sqlstate);
    }
    if (e.sqlstate.starts_with("53")) {
        return failure{errc::disk_full, message, resource_fix(e)}.with_sqlstate(e.sqlstate);
    }
    return failure{errc::internal, message, "Start again; if it comes back, report it with the log above."}
        .with_sqlstate(e.sqlstate);
}

} // namespace schemagate
