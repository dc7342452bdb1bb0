#include "down_section.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace schemagate {
namespace {

constexpr std::array<std::string_view, 4> marks{"+goosedown", "migrate:down", "+migratedown", "ramblerdown"};

// Lower-case and without blanks, since each tool is lenient about those in its own way.
bool is_mark(std::string_view comment)
{
    std::string squeezed;
    for (char const c : comment.substr(2, 40)) {
        if (c != ' ' && c != '\t' && c != '\r') {
            squeezed += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
    }
    return std::any_of(marks.begin(), marks.end(),
                       [&](std::string_view mark) { return std::string_view{squeezed}.starts_with(mark); });
}

} // namespace

void report_down_section(std::string_view text, std::vector<lexer::statement> const& statements,
                         problem_sink const& report)
{
    std::size_t line = 1;
    auto inside = statements.begin();
    for (std::size_t begin = 0; begin < text.size(); ++line) {
        auto const end = std::min(text.find('\n', begin), text.size());
        auto const comment = text.substr(begin, end - begin);
        if (comment.starts_with("--") && is_mark(comment)) {
            inside = std::find_if(inside, statements.end(), [begin](lexer::statement const& s) {
                return std::max(s.offset + s.length, s.data_offset + s.data_length) > begin;
            });
            if (inside == statements.end() || inside->offset >= begin) {
                report(
                    line,
                    "here begins a section that undoes the one above, for another tool. This file is run as "
                    "a whole: what it makes would be dropped again. Cut the section off; "
                    "<version>_<description>.down.sql may hold it.");
                return;
            }
        }
        begin = end + 1;
    }
}

} // namespace schemagate
