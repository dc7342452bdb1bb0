#include "stepped_script.hpp"

#include "schemagate/catalog.hpp"
#include "schemagate/postgres/step_runner.hpp"

namespace schemagate::postgres {

stepped_script::stepped_script(std::string_view text) : text_{text}, scanned_{lexer::scan(text)}
{
    auto cut = lexer::cut_into_steps(text_, scanned_);
    if (!cut.problems.empty()) { // the build refuses such a script; a catalog may be made without one
        auto const& first = cut.problems.front();
        throw step_refused{first.line, first.message};
    }
    steps_ = std::move(cut.steps);
}

std::string_view stepped_script::text_of(std::size_t first, std::size_t last) const
{
    auto const& s = statement(last);
    auto end = s.offset + s.length;
    if (s.kind == lexer::statement_kind::copy_from_stdin) {
        auto const line = text_.find('\n', s.data_offset + s.data_length);
        end = line == std::string_view::npos ? text_.size() : line + 1;
    }
    return text_.substr(statement(first).offset, end - statement(first).offset);
}

std::string stepped_script::digest_of(std::size_t steps) const
{
    if (steps == 0) {
        return {};
    }
    std::string texts;
    for (std::size_t i = 0; i < steps; ++i) {
        texts += text_of(steps_[i].first, steps_[i].first + steps_[i].count - 1);
        texts += ";\n";
    }
    return sha256_hex(texts);
}

} // namespace schemagate::postgres
