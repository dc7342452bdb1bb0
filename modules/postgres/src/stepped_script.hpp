// A script with its steps, and what the history holds of those that are done.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "schemagate/lexer.hpp"
#include "schemagate/script_steps.hpp"

struct evp_md_ctx_st; // OpenSSL's EVP_MD_CTX

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
    using hash = std::unique_ptr<evp_md_ctx_st, void (*)(evp_md_ctx_st*)>;

    std::string_view text_;
    lexer::scan_result scanned_;
    std::vector<lexer::script_step> steps_;
    // Of the first steps, to be gone on with: each step asks for the hash of all up to it.
    mutable hash hash_;
    mutable std::size_t hashed_ = 0;
};

} // namespace schemagate::postgres
