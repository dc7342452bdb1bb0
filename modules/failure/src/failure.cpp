#include "schemagate/failure.hpp"

#include <utility>

namespace schemagate {

failure::failure(errc code, std::string message, std::string fix)
    : code_{code}, message_{std::move(message)}, fix_{std::move(fix)}, what_{fix_.empty()
                                                                                 ? message_
                                                                                 : message_ + " " + fix_}
{}

std::string_view failure::code_name() const noexcept
{
    return finding_.empty() ? name(code_) : std::string_view{finding_};
}

failure& failure::with_finding(std::string finding_code)
{
    finding_ = std::move(finding_code);
    return *this;
}

failure& failure::with_script(std::string script, std::size_t line, std::size_t column)
{
    script_ = std::move(script);
    line_ = line;
    column_ = column;
    return *this;
}

failure& failure::with_sqlstate(std::string sqlstate)
{
    sqlstate_ = std::move(sqlstate);
    return *this;
}

} // namespace schemagate
