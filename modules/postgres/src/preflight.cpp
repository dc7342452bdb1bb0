#include "schemagate/postgres/preflight.hpp"

#include <array>
#include <charconv>

#include "schemagate/postgres/migration_transaction.hpp"

namespace schemagate::postgres {
namespace {

using row = std::vector<std::optional<std::string>>;
using rows = std::vector<row>;

// Read only, so that nothing is written whatever the questions call; and short, since the lock is held.
std::string opening(session& on)
{
    return "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; " + on.settings_sql() + "; " +
           "SET LOCAL statement_timeout = '10s'; SET LOCAL lock_timeout = '1s'; ";
}

std::string list_of(connection const& on, std::vector<std::string> const& words)
{
    std::string list;
    for (auto const& word : words) {
        list += (list.empty() ? "" : ", ") + on.literal(word);
    }
    return list.empty() ? "NULL" : list;
}

std::string server_sql(connection const& on, history_table const& table)
{
    return "SELECT current_setting('server_version_num'), pg_is_in_recovery(),"
           " current_setting('default_transaction_read_only') = 'on', current_setting('server_encoding'),"
           " current_database(), current_user, session_user,"
           " has_database_privilege(current_database(), 'CREATE'), h.oid IS NOT NULL,"
           " EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = h.oid AND c.relname = 'history'),"
           " has_schema_privilege(h.oid, 'CREATE') AND has_schema_privilege(h.oid, 'USAGE'),"
           " t.oid IS NOT NULL,"
           " has_schema_privilege(t.oid, 'CREATE'), has_schema_privilege(t.oid, 'USAGE'),"
           " EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = h.oid AND c.relname = 'history' AND " +
           row_security_sql("c.oid") +
           ")"
           " FROM (SELECT 1) one LEFT JOIN pg_namespace h ON h.nspname = " +
           on.literal(table.schema()) +
           " LEFT JOIN pg_namespace t ON t.nspname = " + on.literal(table.target_schema()) + "; ";
}

std::string histories_sql(connection const& on, history_table const& table)
{
    return "SELECT n.nspname, coalesce(has_schema_privilege(n.oid, 'USAGE')"
           " AND has_table_privilege(c.oid, 'SELECT'), false)"
           " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
           " WHERE c.relname = 'history' AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'"
           " AND n.nspname <> " +
           on.literal(table.schema()) +
           " AND (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped"
           "  AND a.attname IN ('catalog', 'target_schema', 'kind', 'checksum', 'set_digest')) = 5"
           " ORDER BY n.nspname; ";
}

std::string ledgers_sql(connection const& on)
{
    return "SELECT n.nspname, c.relname,"
           " EXISTS (SELECT FROM pg_class r WHERE r.relnamespace = n.oid"
           "  AND r.relname = 'ar_internal_metadata'),"
           " (SELECT string_agg(a.attname, chr(10)) FROM pg_attribute a"
           "  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)"
           " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
           " WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.relname IN (" +
           list_of(on, ledger_names()) + ") ORDER BY n.nspname, c.relname; ";
}

// reset_val is what the session began with, whatever it has set since. Of several places that set a value the
// most special one holds (PostgreSQL documentation, "20.1.3 Parameter Interaction via the Configuration
// File").
constexpr auto settings_sql =
    "SELECT s.name, s.reset_val, coalesce(s.unit, ''), r.value, r.origin FROM pg_settings s"
    " LEFT JOIN LATERAL ("
    "  SELECT substr(e.entry, strpos(e.entry, '=') + 1) AS value,"
    "   CASE WHEN d.setrole = 0 AND d.setdatabase = 0 THEN 'every role'"
    "    WHEN d.setrole = 0 THEN 'this database' WHEN d.setdatabase = 0 THEN 'this role'"
    "    ELSE 'this role in this database' END AS origin"
    "  FROM pg_db_role_setting d CROSS JOIN unnest(d.setconfig) e(entry)"
    "  WHERE d.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"
    "   AND d.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = session_user))"
    "   AND lower(split_part(e.entry, '=', 1)) = lower(s.name)"
    "  ORDER BY d.setrole <> 0 DESC, d.setdatabase <> 0 DESC LIMIT 1) r ON true"
    " WHERE s.name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout',"
    "  'idle_session_timeout', 'transaction_timeout', 'search_path', 'standard_conforming_strings')"
    " AND s.reset_val IS DISTINCT FROM s.boot_val ORDER BY s.name; ";

std::string relations_sql(connection const& on, history_table const& table,
                          std::vector<lexer::relation_name> const& names)
{
    std::string list;
    for (auto const& each : names) {
        list += (list.empty() ? "(" : ", (") +
                on.literal(each.schema.empty() ? table.target_schema() : each.schema) + ", " +
                on.literal(each.name) + ")";
    }
    return "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
           "WHERE " +
           (list.empty() ? "false" : "(n.nspname::text, c.relname::text) IN (" + list + ")") +
           " ORDER BY 1, 2; ";
}

bool is_true(std::optional<std::string> const& cell)
{
    return cell == "t";
}

void read_server(preflight_facts& facts, row const& r)
{
    facts.server_version = std::stoi(r.at(0).value_or("0"));
    facts.in_recovery = is_true(r.at(1));
    facts.read_only = is_true(r.at(2));
    facts.encoding = r.at(3).value_or("");
    facts.database = r.at(4).value_or("");
    facts.role = r.at(5).value_or("");
    facts.login = r.at(6).value_or("");
    facts.may_create_schema = is_true(r.at(7));
    facts.history_schema_there = is_true(r.at(8));
    facts.history_table_there = is_true(r.at(9));
    facts.may_create_in_history_schema = is_true(r.at(10));
    facts.target_schema_there = is_true(r.at(11));
    facts.may_create_in_target_schema = is_true(r.at(12));
    facts.may_use_target_schema = is_true(r.at(13));
    facts.history_hides_rows = is_true(r.at(14));
}

std::vector<foreign_ledger> ledgers_of(rows const& found)
{
    std::vector<foreign_ledger> ledgers;
    for (auto const& r : found) {
        std::vector<std::string> columns{""};
        for (char const c : r.at(3).value_or("")) {
            if (c == '\n') {
                columns.emplace_back();
                continue;
            }
            columns.back() += c;
        }
        auto const table = r.at(1).value_or("");
        if (auto tool = ledger_tool(table, columns, is_true(r.at(2))); !tool.empty()) {
            ledgers.push_back({std::move(tool), r.at(0).value_or(""), table});
        }
    }
    return ledgers;
}

constexpr std::array<std::pair<std::string_view, long long>, 5> time_units{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"min", 60'000}, {"s", 1'000}, {"ms", 1}}};

// Milliseconds; nullopt for what is no whole number of a unit of time.
std::optional<long long> milliseconds_of(std::string_view text)
{
    long long value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) {
        return std::nullopt;
    }
    auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
    unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
    for (auto const& [name, factor] : time_units) {
        if (unit == name || (unit.empty() && name == "ms")) {
            return value * factor;
        }
    }
    return std::nullopt;
}

std::string as_one_writes_it(std::string const& value, std::string const& unit)
{
    auto const milliseconds = unit == "ms" ? milliseconds_of(value) : std::nullopt;
    if (!milliseconds || *milliseconds == 0) {
        return value;
    }
    for (auto const& [name, factor] : time_units) {
        if (*milliseconds % factor == 0) {
            return std::to_string(*milliseconds / factor) + std::string{name};
        }
    }
    return value;
}

// What is written for the role or the database does not hold where the URL's options say otherwise.
bool same_value(std::string const& written, std::string const& holds)
{
    auto const a = milliseconds_of(written);
    return a ? a == milliseconds_of(holds) : written == holds;
}

std::vector<inherited_setting> settings_of(rows const& found)
{
    std::vector<inherited_setting> settings;
    for (auto const& r : found) {
        auto const holds = r.at(1).value_or("");
        settings.push_back({r.at(0).value_or(""), as_one_writes_it(holds, r.at(2).value_or("")),
                            same_value(r.at(3).value_or(""), holds) ? r.at(4).value_or("") : ""});
    }
    return settings;
}

// Results with rows, or that could have some: those of our SELECTs, in their order, without that of
// opening().
std::vector<rows> selected(connection& on, std::string const& message)
{
    std::vector<rows> found;
    try {
        for (auto& result : on.execute(message)) {
            if (!result.columns.empty()) {
                found.push_back(std::move(result.rows));
            }
        }
    }
    catch (...) {
        roll_back(on);
        throw;
    }
    found.erase(found.begin());
    return found;
}

void read_histories(session& on, history_table const& table, preflight_question const& asked,
                    std::vector<other_history>& histories, std::vector<bool> const& readable)
{
    auto& native = on.native();
    std::string sql;
    for (std::size_t i = 0; i < histories.size(); ++i) {
        if (readable[i]) {
            sql += (sql.empty() ? "" : " UNION ALL ") + ("SELECT " + std::to_string(i)) +
                   ", count(*), count(*) FILTER (WHERE checksum IN (" + list_of(native, asked.checksums) +
                   ")) FROM " + native.identifier(histories[i].schema) + ".history WHERE " +
                   table.mine(native);
        }
    }
    if (sql.empty()) {
        return;
    }
    try {
        auto const found = selected(native, opening(on) + sql + "; COMMIT");
        for (auto const& r : found.at(0)) {
            auto& history = histories.at(std::stoul(r.at(0).value_or("")));
            history.rows = std::stoll(r.at(1).value_or("0"));
            history.known_rows = std::stoll(r.at(2).value_or("0"));
        }
    }
    catch (sql_error const& e) { // dropped or locked meanwhile, columns of other types: unknown
        if (e.error.connection_lost) {
            throw;
        }
    }
}

} // namespace

preflight_facts look_ahead(session& on, history_table const& table, preflight_question const& asked)
{
    auto& native = on.native();
    auto const found = selected(
        native, opening(on) + server_sql(native, table) + histories_sql(native, table) + ledgers_sql(native) +
                    settings_sql + relations_sql(native, table, asked.relations) + "COMMIT");
    preflight_facts facts;
    read_server(facts, found.at(0).at(0));
    std::vector<bool> readable;
    for (auto const& r : found.at(1)) {
        facts.other_histories.push_back({r.at(0).value_or("")});
        readable.push_back(is_true(r.at(1)));
    }
    facts.foreign_ledgers = ledgers_of(found.at(2));
    facts.inherited = settings_of(found.at(3));
    for (auto const& r : found.at(4)) {
        facts.present.push_back({r.at(0).value_or(""), r.at(1).value_or("")});
    }
    read_histories(on, table, asked, facts.other_histories, readable);
    return facts;
}

} // namespace schemagate::postgres
