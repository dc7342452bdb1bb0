// The one exception type of Schemagate: what is wrong, why, and what to do about it.
#pragma once

#include <cstddef>
#include <exception>
#include <string>

#include "schemagate/error_code.hpp"

namespace schemagate {

/// Thrown for everything the world does to us (our own mistakes are assertions). Holds no password: whoever
/// throws one puts only redacted text in it. A value: may be copied between threads.
class failure : public std::exception
{
public:
    /// `message` says what is wrong and why, in one sentence; `fix` says what to type or change.
    failure(errc code, std::string message, std::string fix = {});

    [[nodiscard]] errc code() const noexcept { return code_; }

    /// The stable name of the cause: the finding's code where a finding about DATABASE_URL is the cause, else
    /// name(code()).
    [[nodiscard]] std::string_view code_name() const noexcept;

    [[nodiscard]] int exit_code() const noexcept { return static_cast<int>(exit_class_of(code_)); }
    [[nodiscard]] std::string const& message() const noexcept { return message_; }
    [[nodiscard]] std::string const& fix() const noexcept { return fix_; }

    /// The script's file name without ".sql", or empty.
    [[nodiscard]] std::string const& script() const noexcept { return script_; }
    /// Line in the script, from 1; 0 when the server named none.
    [[nodiscard]] std::size_t line() const noexcept { return line_; }
    /// Column in the script's line, in characters from 1; 0 when unknown.
    [[nodiscard]] std::size_t column() const noexcept { return column_; }
    /// The five characters of the server's SQLSTATE, or empty.
    [[nodiscard]] std::string const& sqlstate() const noexcept { return sqlstate_; }

    failure& with_finding(std::string finding_code);
    failure& with_script(std::string script, std::size_t line = 0, std::size_t column = 0);
    failure& with_sqlstate(std::string sqlstate);

    /// message(), and the fix where there is one.
    [[nodiscard]] char const* what() const noexcept override { return what_.c_str(); }

private:
    errc code_;
    std::string message_;
    std::string fix_;
    std::string what_;
    std::string finding_;
    std::string script_;
    std::size_t line_ = 0;
    std::size_t column_ = 0;
    std::string sqlstate_;
};

} // namespace schemagate
