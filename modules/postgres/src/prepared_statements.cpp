#include "schemagate/postgres/prepared_statements.hpp"

#include <random>
#include <utility>

namespace schemagate::postgres {

prepared_statements::prepared_statements(connection const& on, bool usable)
    : on_{on}, usable_{usable}, errors_{on.errors()}, nonce_{std::to_string(std::random_device{}())}
{}

std::string prepared_statements::run(std::string_view name, std::vector<statement_argument> const& arguments,
                                     writer const& text)
{
    if (!usable_) {
        return run_once(arguments, text);
    }
    heed_errors();
    auto const quoted = "\"" + std::string{prepared_prefix} + std::string{name} + " " + nonce_ + "-" +
                        std::to_string(generation_) + "\"";
    std::string sql;
    if (ready_.insert(std::string{name}).second) {
        std::string types;
        std::vector<std::string> parameters;
        for (auto const& each : arguments) {
            types += (types.empty() ? "(pg_catalog." : ", pg_catalog.") + std::string{each.type};
            parameters.push_back("$" + std::to_string(parameters.size() + 1));
        }
        sql = "PREPARE " + quoted + types + (types.empty() ? "" : ")") + " AS " + text(parameters) + "; ";
    }
    std::string values;
    for (auto const& each : arguments) {
        values += (values.empty() ? "(" : ", ") + each.value;
    }
    return sql + "EXECUTE " + quoted + values + (values.empty() ? "; " : "); ");
}

std::string prepared_statements::run_once(std::vector<statement_argument> const& arguments,
                                          writer const& text)
{
    std::vector<std::string> values;
    values.reserve(arguments.size());
    for (auto const& each : arguments) {
        values.push_back(each.value + "::pg_catalog." + std::string{each.type});
    }
    return text(values) + "; ";
}

void prepared_statements::dropped()
{
    ready_.clear();
    left_behind_ = false;
}

std::string prepared_statements::drop_left_behind()
{
    heed_errors();
    if (!std::exchange(left_behind_, false)) {
        return "";
    }
    ready_.clear(); // what was prepared anew since then goes too
    return "DEALLOCATE ALL; ";
}

bool prepared_statements::give_up() noexcept
{
    return std::exchange(usable_, false);
}

void prepared_statements::heed_errors()
{
    if (errors_ != on_.errors()) {
        errors_ = on_.errors();
        left_behind_ = left_behind_ || !ready_.empty();
        ready_.clear();
        ++generation_;
    }
}

} // namespace schemagate::postgres
