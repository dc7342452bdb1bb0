// What to type where the server refused a statement of a script.
#include <algorithm>
#include <locale>
#include <string_view>

#include <boost/algorithm/string/predicate.hpp>

#include "failure_mapping.hpp"
#include "schemagate/detach_statement.hpp"
#include "schemagate/lexer.hpp"

namespace schemagate {
namespace {

constexpr auto no_transaction = "put \"-- schemagate: no-transaction\" into the script's leading comment";
constexpr auto each = "SCHEMAGATE_TRANSACTION=all runs everything in one transaction: start once with "
                      "SCHEMAGATE_TRANSACTION=each.";

bool says(std::string_view statement, std::string_view word)
{
    return boost::algorithm::icontains(statement, word, std::locale::classic());
}

template <class Predicate>
bool any_statement(std::string_view script, Predicate const& is)
{
    auto const scanned = lexer::scan(script);
    return std::any_of(scanned.statements.begin(), scanned.statements.end(),
                       [&](auto const& s) { return is(script.substr(s.offset, s.length)); });
}

// "" where it is not known which one failed.
std::string_view failed_statement(std::string_view script, std::size_t number)
{
    auto const scanned = lexer::scan(script);
    if (number == 0 || number > scanned.statements.size()) {
        return {};
    }
    auto const& s = scanned.statements[number - 1];
    return script.substr(s.offset, s.length);
}

std::string fix_of_refusal_inside(bool all, bool transactional, std::string_view statement)
{
    if (boost::algorithm::istarts_with(statement, "set", std::locale::classic())) {
        return "A transaction has one isolation level, here the first that the script names. Take this "
               "statement out, or put \"-- schemagate: own-transactions\" into the leading comment and write "
               "BEGIN ISOLATION LEVEL … and COMMIT around what belongs to each.";
    }
    if (transactional) {
        return std::string{"PostgreSQL runs this statement outside a transaction only: "} + no_transaction +
               ", or give it a script of its own that has it." + (all ? " And " : "") + (all ? each : "");
    }
    return "PostgreSQL runs this statement outside a transaction, and as a statement of its own only: take "
           "it "
           "out of BEGIN … COMMIT, or out of the function or DO block that executes it.";
}

} // namespace

std::string statement_timeout_fix(migration const& of)
{
    if (any_statement(of.text, [](auto const& text) { return says(text, "statement_timeout"); })) {
        return "The script sets statement_timeout itself: raise it there, or take its SET statement_timeout "
               "out. SCHEMAGATE_STATEMENT_TIMEOUT does not change it.";
    }
    if (of.directives.statement_timeout) {
        return "Raise statement-timeout in the script's leading comment (-- schemagate: "
               "statement-timeout=…); it goes before SCHEMAGATE_STATEMENT_TIMEOUT.";
    }
    return "Raise SCHEMAGATE_STATEMENT_TIMEOUT, or put \"-- schemagate: statement-timeout=1h\" at the "
           "head of the script.";
}

std::string script_fix(boot_context const& boot, migration const& of, postgres::script_error const& e)
{
    auto const& sqlstate = e.error.sqlstate;
    auto const all = boot.with.transaction == transaction_scope::all;
    if (sqlstate == "25001") { // active_sql_transaction
        return fix_of_refusal_inside(all, of.transactional, failed_statement(of.text, e.where.statement));
    }
    if (sqlstate == "2D000" && of.transactional) { // invalid_transaction_termination
        return std::string{"A DO block or procedure that commits runs outside a transaction only: "} +
               no_transaction + "." + (all ? " And " : "") + (all ? each : "");
    }
    if (sqlstate == "55P04" && all) { // unsafe_new_enum_value_usage
        return std::string{"A value of an enum can be used once it is committed, and "} + each;
    }
    if (sqlstate == "55P04" && of.transactional) {
        return std::string{"A value of an enum can be used once it is committed: take BEGIN and COMMIT "
                           "out of the script and "} +
               no_transaction + ", or use the value in a later script.";
    }
    if (sqlstate == "55006") { // object_in_use
        return "Where deferred constraints or triggers of the table are pending: write SET CONSTRAINTS ALL "
               "IMMEDIATE; before this statement, or give it a script of its own. Where a cursor or another "
               "session uses it: close that first.";
    }
    if (sqlstate == "3F000") { // invalid_schema_name
        auto const schema = '"' + boot.with.target_schema + '"';
        return "Names without a schema are of the schema " + schema +
               ". Where it is not there: CREATE SCHEMA " + schema +
               "; where it is: GRANT USAGE, CREATE ON SCHEMA " + schema + " TO \"" + boot.acting.role +
               "\"; where the script names another one: CREATE SCHEMA in the script, before it is used.";
    }
    if (sqlstate == "55000" && lexer::read_detach_statement(failed_statement(of.text, e.where.statement))) {
        return "Where the message names a partition whose detach is pending, finish that: ALTER TABLE "
               "<table> "
               "DETACH PARTITION <partition> FINALIZE; then start again.";
    }
    if (!of.transactional) {
        return "Mend the script from this statement on, or the data that it meets, and start "
               "again; what ran before it has to stay in the script as it is.";
    }
    return "Mend the script (it may be edited until it is applied) and deploy again.";
}

std::string resource_fix(postgres::server_error const& e)
{
    if (e.sqlstate == "53200" && e.hint.find("max_locks_per_transaction") != std::string::npos) {
        return "Raise max_locks_per_transaction in the server's configuration and restart it, or let fewer "
               "tables change in one script.";
    }
    if (e.sqlstate == "53300") { // too_many_connections
        return "Raise max_connections or the role's CONNECTION LIMIT, or let other sessions end, then start "
               "again.";
    }
    return "Give the server the space or memory that it asks for, then start again.";
}

} // namespace schemagate
