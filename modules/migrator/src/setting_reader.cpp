#include "setting_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "schemagate/safe_text.hpp"

namespace schemagate {
namespace {

using std::chrono::milliseconds;

// What PostgreSQL takes for its timeouts (an int of milliseconds, about 24 days). Our own waits keep to it
// too: a clock plus such a wait cannot overflow.
constexpr milliseconds longest{std::numeric_limits<std::int32_t>::max()};

std::string escaped(std::string_view text)
{
    constexpr char hex[] = "0123456789abcdef";
    std::string out;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte >= 0x7F || c == '"' || c == '\\') {
            out.append({'\\', 'x', hex[byte >> 4], hex[byte & 15]});
        }
        else {
            out += c;
        }
    }
    return out;
}

// A value that may be a password or a connection string, pasted into the wrong variable, is not shown.
std::string shown(std::string_view value)
{
    std::string lower{value};
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (lower.find("://") != lower.npos || lower.find('@') != lower.npos ||
        lower.find("pass") != lower.npos) {
        return "a text that is not shown here, since it may hold a password";
    }
    constexpr std::size_t enough = 60;
    return '"' + escaped(value.substr(0, enough)) + (value.size() > enough ? "…\"" : "\"");
}

// What no name holds: libpq quotes nothing that is not UTF-8.
std::string_view wrong_byte(std::string_view text)
{
    while (!text.empty()) {
        auto const length = utf8_length(text);
        if (length == 0) {
            return "which is not UTF-8.";
        }
        if (static_cast<unsigned char>(text.front()) < 0x20 || text.front() == 0x7F) {
            return "which holds a control byte.";
        }
        text.remove_prefix(length);
    }
    return "";
}

} // namespace

failure invalid_setting(std::string const& name, std::string_view value, std::string const& problem,
                        std::string fix)
{
    if (value.empty()) {
        return {errc::setting_invalid, name + " is set, but empty.", fix + " Or unset it for the default."};
    }
    return {errc::setting_invalid, name + " is " + shown(value) + ", " + problem, std::move(fix)};
}

failure invalid_choice(std::string const& name, std::string_view value,
                       std::vector<std::string_view> const& words, std::string_view otherwise)
{
    std::string list;
    for (auto const word : words) {
        list += (list.empty() ? "" : ", ") + std::string{word};
    }
    auto near = nearest_word(value, words);
    // A switch is 0 or 1, and its other spellings are no typing mistakes.
    if (std::find(words.begin(), words.end(), "1") != words.end() &&
        nearest_word(value, {"true", "yes", "on"}).size() == value.size()) {
        near = "1";
    }
    return invalid_setting(name, value, "which is none of " + list + '.',
                           (near.empty() ? "Write for example " : "Write ") + name + '=' +
                               std::string{near.empty() ? otherwise : near} + '.');
}

void setting_reader::duration(std::string const& name, milliseconds& field, std::string const& example) const
{
    auto const value = where_.variable(name);
    if (!value) {
        return;
    }
    auto const parsed = parse_duration(*value);
    auto const fix = "Write a number and its unit, as in 250ms, 2s, 15min or 1h (a number alone is seconds), "
                     "for example " +
                     name + '=' + example + '.';
    if (!parsed) {
        throw invalid_setting(name, *value, "which is no duration.", fix);
    }
    if (*parsed > longest) {
        throw invalid_setting(name, *value, "which is longer than PostgreSQL can wait (about 24 days).", fix);
    }
    field = *parsed;
}

void setting_reader::lock_timeout(std::string const& name, milliseconds& field) const
{
    duration(name, field, "50ms");
    if (field == milliseconds{0}) {
        throw invalid_setting(
            name, *where_.variable(name),
            "which to PostgreSQL means no limit: DDL would queue for its table lock, and all live "
            "traffic of that table behind it.",
            "Write for example " + name + "=50ms.");
    }
}

void setting_reader::schema(std::string const& name, std::string& field) const
{
    auto const value = where_.variable(name);
    if (!value) {
        return;
    }
    auto const fix = "Write for example " + name + "=schemagate.";
    if (value->size() > 63) {
        throw invalid_setting(
            name, *value,
            "which has " + std::to_string(value->size()) + " bytes; PostgreSQL cuts names after 63.", fix);
    }
    if (auto const wrong = wrong_byte(*value); !wrong.empty()) {
        throw invalid_setting(name, *value, std::string{wrong}, fix);
    }
    if (value->empty() || value->starts_with("pg_") || *value == "information_schema") {
        throw invalid_setting(name, *value, "a name that PostgreSQL keeps for itself.", fix);
    }
    field = *value;
}

void setting_reader::codes(std::string const& name, std::set<std::string>& field) const
{
    auto const value = where_.variable(name).value_or("");
    for (std::size_t begin = 0; begin <= value.size();) {
        auto const end = std::min(value.find(',', begin), value.size());
        auto code = value.substr(begin, end - begin);
        begin = end + 1;
        code.erase(0, std::min(code.find_first_not_of(" \t"), code.size()));
        code.erase(code.find_last_not_of(" \t") + 1);
        if (code.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != code.npos) {
            throw invalid_setting(name, value, "which is no comma-separated list of finding codes.",
                                  "Write the codes as `url check` prints them, for example " + name +
                                      "=socket-not-mounted.");
        }
        if (!code.empty()) {
            field.insert(code);
        }
    }
}

void setting_reader::role(std::string const& name, std::string& field) const
{
    auto const value = where_.variable(name);
    if (!value) {
        return;
    }
    auto const fix = "Write the name of a role, for example " + name + "=app_owner.";
    if (value->empty() || value->size() > 63) {
        throw invalid_setting(
            name, *value, "which has " + std::to_string(value->size()) + " bytes; a role's name has 1 to 63.",
            fix);
    }
    if (auto const wrong = wrong_byte(*value); !wrong.empty()) {
        throw invalid_setting(name, *value, std::string{wrong}, fix);
    }
    if (*value == "none") { // SET ROLE NONE is no role
        throw invalid_setting(name, *value, "which PostgreSQL keeps for itself.", fix);
    }
    field = *value;
}

void setting_reader::token(std::string const& name, secret& field) const
{
    auto const value = where_.variable(name);
    if (!value) {
        return;
    }
    auto const good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"-._~+/="}.find(c) != std::string_view::npos;
    };
    if (value->size() < 16 || !std::all_of(value->begin(), value->end(), good)) {
        throw failure{errc::setting_invalid,
                      name + " is no bearer token: it has to have at least 16 characters, each a letter, a "
                             "digit or one of -._~+/=.",
                      "Make one for example with: " + name + "=$(openssl rand -hex 32). Or unset it."};
    }
    field = secret{*value};
}

std::vector<std::string> setting_reader::unknown(std::span<std::string_view const> known) const
{
    auto names = where_.variables_with_prefix("SCHEMAGATE_");
    std::sort(names.begin(), names.end());

    std::vector<std::string> warnings;
    for (auto const& name : names) {
        if (std::find(std::begin(known), std::end(known), name) != std::end(known)) {
            continue;
        }
        auto const near = std::min_element(std::begin(known), std::end(known), [&](auto a, auto b) {
            return edit_distance(name, a) < edit_distance(name, b);
        });
        warnings.push_back(
            escaped(name) + " is no setting of this release, and is ignored." +
            (edit_distance(name, *near) <= 2 ? " Did you mean " + std::string{*near} + '?' : ""));
    }
    return warnings;
}

} // namespace schemagate
