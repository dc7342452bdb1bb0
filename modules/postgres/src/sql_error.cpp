#include "schemagate/postgres/sql_error.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace schemagate::postgres {
namespace {

// Condition names of "Appendix A. PostgreSQL Error Codes" for the classes whose messages quote data.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> condition_names{{
    {"22001", "string_data_right_truncation"},
    {"22003", "numeric_value_out_of_range"},
    {"22007", "invalid_datetime_format"},
    {"22008", "datetime_field_overflow"},
    {"22012", "division_by_zero"},
    {"22021", "character_not_in_repertoire"},
    {"22023", "invalid_parameter_value"},
    {"22P02", "invalid_text_representation"},
    {"23502", "not_null_violation"},
    {"23503", "foreign_key_violation"},
    {"23505", "unique_violation"},
    {"23514", "check_violation"},
    {"23P01", "exclusion_violation"},
    {"P0001", "raise_exception"},
}};

bool quotes_data(std::string_view sqlstate) noexcept
{
    static constexpr std::array<std::string_view, 8> classes{"21", "22", "23", "2F", "38", "39", "44", "P0"};
    return std::find(classes.begin(), classes.end(), sqlstate.substr(0, 2)) != classes.end();
}

// 'syntax error at or near "'s3cret'"': a literal of the script, perhaps a password.
std::string without_literals(std::string text)
{
    auto const at = text.find("\"'");
    if (at != std::string::npos) {
        text = text.substr(0, at) + "a literal";
    }
    return text;
}

std::string condition(std::string_view sqlstate)
{
    for (auto const& [code, name] : condition_names) {
        if (code == sqlstate) {
            return std::string{name};
        }
    }
    return "an error of class " + std::string{sqlstate.substr(0, 2)};
}

} // namespace

std::string describe(server_error const& e, bool in_full)
{
    auto const raised = raised_by_plpgsql(e);
    auto const hides = raised || quotes_data(e.sqlstate);
    auto text =
        in_full || !hides ? (in_full ? e.message : without_literals(e.message)) : condition(e.sqlstate);
    if (raised && !in_full) {
        return text + " (raised by the script; SCHEMAGATE_LOG_SQL=1 shows its words)";
    }
    if (!e.constraint.empty()) {
        text += ", constraint \"" + e.constraint + '"';
    }
    if (!e.table.empty()) {
        text += ", table \"" + (e.schema.empty() ? "" : e.schema + ".") + e.table + '"';
    }
    if (!e.column.empty()) {
        text += ", column \"" + e.column + '"';
    }
    if (in_full) {
        for (auto const& [label, value] : {std::pair<char const*, std::string const&>{" DETAIL: ", e.detail},
                                           {" HINT: ", e.hint},
                                           {" CONTEXT: ", e.context}}) {
            if (!value.empty()) {
                text += label + value;
            }
        }
    }
    else if (!hides && !e.hint.empty()) {
        text += " HINT: " + without_literals(e.hint);
    }
    else if (hides) {
        text += " (the server's own words may hold data: SCHEMAGATE_LOG_SQL=1 shows them)";
    }
    if (text.ends_with('.')) { // of a hint: a sentence of ours ends there too
        text.pop_back();
    }
    return text;
}

bool raised_by_plpgsql(server_error const& e) noexcept
{
    return e.source == "exec_stmt_raise";
}

bool is_lock_conflict(server_error const& e) noexcept
{
    auto const& sqlstate = e.sqlstate;
    if (raised_by_plpgsql(e)) {
        return false;
    }
    return sqlstate == "55P03" || sqlstate == "40P01" || sqlstate == "40001";
}

} // namespace schemagate::postgres
