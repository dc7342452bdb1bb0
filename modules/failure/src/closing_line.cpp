#include "schemagate/closing_line.hpp"

#include <boost/json.hpp>
#include <typeinfo>
#include <unistd.h>

#include "schemagate/safe_text.hpp"

namespace schemagate {
namespace {

// Boost.JSON writes strings as they are; bytes that are not UTF-8 would make the line unreadable to a JSON
// parser, so each such byte becomes U+FFFD.
std::string valid_utf8(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto const length = utf8_length(text);
        out += length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

failure internal(std::string const& what)
{
    return {errc::internal, "an internal error of Schemagate or of the host program (" + what + ").",
            "Start it again; if it comes back, report it with the log above."};
}

void write_line(std::string line) noexcept
{
    line += '\n';
    // One write, so that lines of several processes on one pipe do not mix. Nobody is left to tell if it
    // fails.
    [[maybe_unused]] auto const written = ::write(STDERR_FILENO, line.data(), line.size());
}

} // namespace

std::string closing_line(failure const& f)
{
    boost::json::object line;
    line["event"] = "boot_failed";
    line["exit"] = f.exit_code();
    line["code"] = valid_utf8(f.code_name());
    if (!f.script().empty()) {
        line["script"] = valid_utf8(f.script());
        if (f.line() != 0) {
            line["line"] = f.line();
        }
        if (f.column() != 0) {
            line["column"] = f.column();
        }
    }
    if (!f.sqlstate().empty()) {
        line["sqlstate"] = valid_utf8(f.sqlstate());
    }
    line["message"] = valid_utf8(f.message());
    line["fix"] = valid_utf8(f.fix());
    line["runbook"] = "README.md#exit-" + std::to_string(f.exit_code());
    return boost::json::serialize(line);
}

int report(failure const& f) noexcept
{
    try {
        write_line(closing_line(f));
    }
    catch (...) { // out of memory while reporting: the exit code still tells
    }
    return f.exit_code();
}

failure internal_failure(std::exception const& e)
{
    return internal(typeid(e).name());
}

int report_internal(std::exception const& e) noexcept
{
    try {
        return report(internal_failure(e));
    }
    catch (...) {
        return static_cast<int>(exit_class::internal);
    }
}

int report_internal() noexcept
{
    try {
        return report(internal("no std::exception"));
    }
    catch (...) {
        return static_cast<int>(exit_class::internal);
    }
}

} // namespace schemagate
