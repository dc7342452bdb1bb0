// The directives of a script's leading comment.
//
// Only the comment that a script begins with is read, so that text inside a function body or a string can
// never steer the engine. A word that is not known is an error and not a comment: a misspelt `no-transaction`
// would otherwise change how a script runs without anybody noticing.
#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "schemagate/failure.hpp"
#include "schemagate/migration.hpp"

namespace schemagate {
namespace {

constexpr std::string_view blanks = " \t\r\n\f\v";

std::string_view trimmed(std::string_view text) noexcept
{
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// What stands before `separator`; leaves the rest in `text`.
std::string_view take_until(std::string_view& text, std::string_view separators) noexcept
{
    auto const end = std::min(text.find_first_of(separators), text.size());
    auto const head = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return head;
}

std::string quoted(std::string_view text)
{
    return "\"" + std::string{text} + "\"";
}

[[noreturn]] void refuse(std::string message)
{
    throw failure{errc::script_refused, std::move(message)};
}

std::chrono::milliseconds read_duration(std::string_view directive, std::string_view text)
{
    using namespace std::chrono_literals;
    struct unit
    {
        std::string_view name;
        std::chrono::milliseconds length;
    };
    static constexpr unit units[] = {{"ms", 1ms}, {"s", 1s}, {"min", 1min}, {"h", 1h}};
    // What PostgreSQL can hold in a setting of this kind.
    constexpr std::int64_t longest = std::numeric_limits<std::int32_t>::max();

    std::int64_t count = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    auto const unit_name = text.substr(static_cast<std::size_t>(end - text.data()));
    if (error == std::errc{} && count == 0 && unit_name.empty()) {
        return 0ms;
    }
    auto const* const found = std::find_if(std::begin(units), std::end(units),
                                           [&](unit const& each) { return each.name == unit_name; });
    if (error != std::errc{} || count < 0 || found == std::end(units)) {
        refuse(std::string{directive} + " needs a number and one of the units ms, s, min, h, such as 2s; " +
               quoted(text) + " is none.");
    }
    if (count > longest / found->length.count()) {
        refuse(std::string{directive} + "=" + std::string{text} +
               " is longer than PostgreSQL can hold (about 24 days); 0 means no limit.");
    }
    return count * found->length;
}

version read_version(std::string_view directive, std::string_view text)
{
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) {
        refuse(std::string{directive} + " needs a version such as 0042; " + quoted(text) + " is none.");
    }
    return version{text};
}

adoption read_adoption(std::string_view text)
{
    auto rest = text;
    auto const table = take_until(rest, " \t");
    rest = trimmed(rest);
    auto const has_value = rest.find('=') != std::string_view::npos;
    auto const column = trimmed(take_until(rest, "="));
    auto const value = trimmed(rest);
    auto const dot = table.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == table.size() || !has_value ||
        column.empty() || value.empty()) {
        refuse("adopts needs the older tool's table with its schema, a column and its value, such as "
               "\"adopts public.schema_migrations version=0007\"; " +
               quoted(text) + " is not that.");
    }
    return {std::string{table}, std::string{column}, std::string{value}};
}

std::string read_allowed(std::string_view text)
{
    auto rest = text;
    auto const has_reason = rest.find(':') != std::string_view::npos;
    auto const rule = trimmed(take_until(rest, ":"));
    auto const reason = trimmed(rest);
    if (!has_reason || rule.empty() || reason.empty()) {
        refuse("allow needs a lint rule and a reason, such as \"allow rewrite: the table is empty\"; " +
               quoted(text) + " is not that.");
    }
    return std::string{rule} + ": " + std::string{reason};
}

void set_flag(bool& flag, std::string_view name, std::string_view value)
{
    if (!value.empty()) {
        refuse(std::string{name} + " takes no value; " + quoted(value) + " stands behind it.");
    }
    if (std::exchange(flag, true)) {
        refuse(std::string{name} + " stands there twice.");
    }
}

template <typename T>
void set_once(std::optional<T>& place, std::string_view name, T value)
{
    if (place) {
        refuse(std::string{name} + " stands there twice.");
    }
    place = std::move(value);
}

void read_directive(directives& result, std::string_view text)
{
    auto value = trimmed(text);
    auto const name = take_until(value, "= \t");
    value = trimmed(value);
    if (value.starts_with('=')) { // blanks around the equals sign
        value = trimmed(value.substr(1));
    }
    if (name == "no-transaction") {
        set_flag(result.no_transaction, name, value);
    }
    else if (name == "own-transactions") {
        set_flag(result.own_transactions, name, value);
    }
    else if (name == "only-job") {
        set_flag(result.only_job, name, value);
    }
    else if (name == "allow-out-of-order") {
        set_flag(result.allow_out_of_order, name, value);
    }
    else if (name == "lock-timeout") {
        set_once(result.lock_timeout, name, read_duration(name, value));
    }
    else if (name == "statement-timeout") {
        set_once(result.statement_timeout, name, read_duration(name, value));
    }
    else if (name == "breaks-older-than") {
        set_once(result.breaks_older_than, name, read_version(name, value));
    }
    else if (name == "only-if-adopted") {
        set_once(result.only_if_adopted, name, read_version(name, value));
    }
    else if (name == "adopts") {
        set_once(result.adopts, name, read_adoption(value));
    }
    else if (name == "allow") {
        result.allowed.push_back(read_allowed(value));
    }
    else {
        refuse("unknown directive " + quoted(name) + (name.ends_with(',') ? " (one directive a line)" : "") +
               "; known are no-transaction, own-transactions, only-job, allow-out-of-order, lock-timeout=, "
               "statement-timeout=, breaks-older-than=, only-if-adopted, adopts, allow.");
    }
}

/// Behind "-- schemagate:" of a comment line, or nullopt for any other comment.
std::optional<std::string_view> directive_of(std::string_view comment) noexcept
{
    constexpr std::string_view ours = "schemagate:";
    comment = trimmed(comment.substr(2));
    auto const same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
    if (comment.size() < ours.size() ||
        !std::equal(ours.begin(), ours.end(), comment.begin(), [&](char o, char c) { return same(c, o); })) {
        return std::nullopt;
    }
    return comment.substr(ours.size());
}

/// "-- schemagate no-transaction": the colon is missing, and it would be a comment that steers nothing.
bool lacks_colon(std::string_view comment) noexcept
{
    constexpr std::string_view name = "schemagate";
    comment = trimmed(comment.substr(2));
    if (!comment.starts_with(name)) {
        return false;
    }
    comment = trimmed(comment.substr(name.size()));
    auto const word = comment.substr(0, comment.find_first_of(" \t=,"));
    constexpr std::string_view known[] = {"no-transaction",     "own-transactions", "only-job",
                                          "allow-out-of-order", "lock-timeout",     "statement-timeout",
                                          "breaks-older-than",  "only-if-adopted",  "adopts"};
    return std::find(std::begin(known), std::end(known), word) != std::end(known);
}

/// The end of the block comment that `text` begins with; comments nest.
std::size_t block_comment_length(std::string_view text) noexcept
{
    std::size_t depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const pair = text.substr(i, 2);
        if (pair == "/*") {
            ++depth;
            ++i;
        }
        else if (pair == "*/") {
            ++i;
            if (--depth == 0) {
                return i + 1;
            }
        }
    }
    return text.size();
}

} // namespace

directives read_directives(std::string_view text, std::vector<directive_problem>& problems)
{
    directives result;
    std::size_t line = 1;
    while (!text.empty()) {
        std::size_t length = 1;
        if (text.starts_with("--")) {
            length = std::min(text.find('\n'), text.size());
            if (lacks_colon(text.substr(0, length))) {
                problems.push_back(
                    {line, "a directive is written with a colon: -- schemagate: no-transaction"});
            }
            if (auto const found = directive_of(text.substr(0, length))) {
                try {
                    read_directive(result, *found);
                }
                catch (failure const& f) {
                    problems.push_back({line, f.message()});
                }
            }
        }
        else if (text.starts_with("/*")) {
            length = block_comment_length(text);
        }
        else if (blanks.find(text.front()) == std::string_view::npos) {
            break;
        }
        line += static_cast<std::size_t>(
            std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length), '\n'));
        text.remove_prefix(length);
    }
    return result;
}

directives read_directives(std::string_view file, std::string_view text)
{
    std::vector<directive_problem> problems;
    auto result = read_directives(text, problems);
    if (!problems.empty()) {
        auto const& first = problems.front();
        auto const name = file.ends_with(".sql") ? file.substr(0, file.size() - 4) : file;
        throw failure{errc::script_refused, std::string{name} + ": " + first.message,
                      "Correct the directive in the script's leading comment."}
            .with_script(std::string{name}, first.line);
    }
    return result;
}

} // namespace schemagate
