// A script with its steps, and what the history holds of those that are done.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schemagate/lexer.hpp"
#include "schemagate/script_steps.hpp"

namespace schemagate::postgres {

class stepped_script
{
public:
    /// Throws step_refused for a script that cannot be resumed safely.
    explicit stepped_script(std::string_view text);

    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    [[nodiscard]] std::vector<lexer::script_step> const& steps() const noexcept { return steps_; }
    [[nodiscard]] std::size_t statements() const noexcept { return scanned_.statements.size(); }
    [[nodiscard]] lexer::statement const& statement(std::size_t index) const
    {
        return scanned_.statements.at(index);
    }

    /// From the first byte of a statement to the last of another, with the data of a COPY and its end.
    [[nodiscard]] std::string_view text_of(std::size_t first, std::size_t last) const;

    /// Of the texts of the first steps, so that a script may be mended behind them; empty for none.
    [[nodiscard]] std::string digest_of(std::size_t steps) const;

private:
    std::string_view text_;
    lexer::scan_result scanned_;
    std::vector<lexer::script_step> steps_;
};

} // namespace schemagate::postgres
