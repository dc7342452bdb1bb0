// The environment → settings.
//
// A setting is never guessed: what does not parse, and what the contract knows but this release does not act
// on, stops the boot. An operator who wrote SCHEMAGATE_TLS=require must not get a boot that does not require
// TLS. A variable nobody knows is only warned about, since the prefix may be used by a later release or by
// the host's own tools. The command line reads its flags with the same code, through a place that answers
// them as variables; it puts the flag's name in where a message names the variable.
#include "schemagate/settings.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <utility>

#include "schemagate/failure.hpp"
#include "schemagate/safe_text.hpp"

namespace schemagate {
namespace {

using std::chrono::milliseconds;

// What PostgreSQL takes for its timeouts (an int of milliseconds, about 24 days). Our own waits keep to it
// too: a clock plus such a wait cannot overflow.
constexpr milliseconds longest{std::numeric_limits<std::int32_t>::max()};

constexpr std::string_view acted_on[] = {"SCHEMAGATE_MODE",           "SCHEMAGATE_CONNECTION",
                                         "SCHEMAGATE_ACCEPT",         "SCHEMAGATE_CONNECT_WAIT",
                                         "SCHEMAGATE_LOCK_WAIT",      "SCHEMAGATE_LOCK_TIMEOUT",
                                         "SCHEMAGATE_LOCK_RETRY",     "SCHEMAGATE_STATEMENT_TIMEOUT",
                                         "SCHEMAGATE_HISTORY_SCHEMA", "SCHEMAGATE_OUT_OF_ORDER",
                                         "SCHEMAGATE_NEWER",          "SCHEMAGATE_LOG_SQL"};

// Settings of the contract that this release does not act on, with the one value that describes what it does
// ("": it must not be set).
constexpr std::pair<std::string_view, std::string_view> not_acted_on[] = {
    {"SCHEMAGATE_TLS", "warn"},         {"SCHEMAGATE_POOLER", "detect"}, {"SCHEMAGATE_DRIFT", "warn"},
    {"SCHEMAGATE_TRANSACTION", "each"}, {"SCHEMAGATE_RUN_AS", ""},       {"SCHEMAGATE_GATE_TOKEN", ""},
    {"SCHEMAGATE_ON_REFUSAL", "exit"},  {"MIGRATION_DATABASE_URL", ""},  {"MIGRATION_DATABASE_URL_FILE", ""}};

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

failure invalid(std::string const& name, std::string_view value, std::string const& problem, std::string fix)
{
    if (value.empty()) {
        return {errc::setting_invalid, name + " is set, but empty.", fix + " Or unset it for the default."};
    }
    return {errc::setting_invalid, name + " is " + shown(value) + ", " + problem, std::move(fix)};
}

class reader
{
public:
    explicit reader(place const& where) : where_{where} {}

    template <class Choice>
    void choice(std::string const& name, Choice& field,
                std::initializer_list<std::pair<std::string_view, Choice>> allowed) const
    {
        auto const value = where_.variable(name);
        if (!value) {
            return;
        }
        std::string words;
        for (auto const& [word, meaning] : allowed) {
            if (*value == word) {
                field = meaning;
                return;
            }
            words += (words.empty() ? "" : ", ") + std::string{word};
        }
        throw invalid(name, *value, "which is none of " + words + '.',
                      "Write for example " + name + '=' + std::string{allowed.begin()->first} + '.');
    }

    void duration(std::string const& name, milliseconds& field, std::string const& example) const
    {
        auto const value = where_.variable(name);
        if (!value) {
            return;
        }
        auto const parsed = parse_duration(*value);
        auto const fix =
            "Write a number and its unit (ms, s, min or h), for example " + name + '=' + example + '.';
        if (!parsed) {
            throw invalid(name, *value, "which is no duration.", fix);
        }
        if (*parsed > longest) {
            throw invalid(name, *value, "which is longer than PostgreSQL can wait (about 24 days).", fix);
        }
        field = *parsed;
    }

    void lock_timeout(std::string const& name, milliseconds& field) const
    {
        duration(name, field, "50ms");
        if (field == milliseconds{0}) {
            throw invalid(
                name, *where_.variable(name),
                "which to PostgreSQL means no limit: DDL would queue for its table lock, and all live "
                "traffic of that table behind it.",
                "Write for example " + name + "=50ms.");
        }
    }

    void schema(std::string const& name, std::string& field) const
    {
        auto const value = where_.variable(name);
        if (!value) {
            return;
        }
        auto const fix = "Write for example " + name + "=schemagate.";
        if (value->size() > 63) {
            throw invalid(name, *value,
                          "which has " + std::to_string(value->size()) +
                              " bytes; PostgreSQL cuts names after 63.",
                          fix);
        }
        if (std::any_of(value->begin(), value->end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; })) {
            throw invalid(name, *value, "which holds a control byte.", fix);
        }
        if (value->empty() || value->starts_with("pg_") || *value == "information_schema") {
            throw invalid(name, *value, "a name that PostgreSQL keeps for itself.", fix);
        }
        field = *value;
    }

    void codes(std::string const& name, std::set<std::string>& field) const
    {
        auto const value = where_.variable(name).value_or("");
        for (std::size_t begin = 0; begin <= value.size();) {
            auto const end = std::min(value.find(',', begin), value.size());
            auto code = value.substr(begin, end - begin);
            begin = end + 1;
            code.erase(0, std::min(code.find_first_not_of(" \t"), code.size()));
            code.erase(code.find_last_not_of(" \t") + 1);
            if (code.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != code.npos) {
                throw invalid(name, value, "which is no comma-separated list of finding codes.",
                              "Write the codes as `url check` prints them, for example " + name +
                                  "=socket-not-mounted.");
            }
            if (!code.empty()) {
                field.insert(code);
            }
        }
    }

    void refuse_what_is_not_acted_on() const
    {
        for (auto const& [known, only] : not_acted_on) {
            std::string const name{known};
            auto const value = where_.variable(name);
            if (value && !value->empty() && *value != only) {
                // Without the value: one of these is a token, two lead to a password.
                throw failure{errc::setting_invalid,
                              name + " is set, and is not acted on by this release; unset it.",
                              only.empty() ? "Unset " + name + '.'
                                           : "Unset " + name + ", or set " + name + '=' + std::string{only} +
                                                 ", which is what this release does."};
            }
        }
    }

    [[nodiscard]] std::vector<std::string> unknown() const
    {
        std::vector<std::string_view> known{std::begin(acted_on), std::end(acted_on)};
        for (auto const& entry : not_acted_on) {
            known.push_back(entry.first);
        }
        auto names = where_.variables_with_prefix("SCHEMAGATE_");
        std::sort(names.begin(), names.end());

        std::vector<std::string> warnings;
        for (auto const& name : names) {
            if (std::find(known.begin(), known.end(), name) != known.end()) {
                continue;
            }
            auto const near = std::min_element(known.begin(), known.end(), [&](auto a, auto b) {
                return edit_distance(name, a) < edit_distance(name, b);
            });
            warnings.push_back(
                escaped(name) + " is no setting of this release, and is ignored." +
                (edit_distance(name, *near) <= 2 ? " Did you mean " + std::string{*near} + '?' : ""));
        }
        return warnings;
    }

private:
    place const& where_;
};

} // namespace

std::string_view name(mode m) noexcept
{
    switch (m) {
    case mode::apply: return "apply";
    case mode::wait: return "wait";
    case mode::verify: return "verify";
    case mode::skip: return "skip";
    }
    return "?";
}

settings settings::from_environment(place const& where)
{
    settings s;
    reader const read{where};
    read.refuse_what_is_not_acted_on();

    read.choice<schemagate::mode>(
        "SCHEMAGATE_MODE", s.mode,
        {{"apply", mode::apply}, {"wait", mode::wait}, {"verify", mode::verify}, {"skip", mode::skip}});
    read.choice<connection_method>("SCHEMAGATE_CONNECTION", s.url.connection,
                                   {{"any", connection_method::any},
                                    {"tcp", connection_method::tcp},
                                    {"socket", connection_method::socket}});
    read.codes("SCHEMAGATE_ACCEPT", s.url.accept);
    read.choice<out_of_order_policy>("SCHEMAGATE_OUT_OF_ORDER", s.plan.out_of_order,
                                     {{"refuse", out_of_order_policy::refuse},
                                      {"warn", out_of_order_policy::warn},
                                      {"apply", out_of_order_policy::apply}});
    read.choice<newer_policy>("SCHEMAGATE_NEWER", s.plan.newer,
                              {{"compatible", newer_policy::compatible},
                               {"refuse", newer_policy::refuse},
                               {"allow", newer_policy::allow}});

    read.duration("SCHEMAGATE_CONNECT_WAIT", s.connect_wait, "60s");
    read.duration("SCHEMAGATE_LOCK_WAIT", s.lock_wait, "15min");
    read.lock_timeout("SCHEMAGATE_LOCK_TIMEOUT", s.lock_timeout);
    read.duration("SCHEMAGATE_LOCK_RETRY", s.lock_retry, "10min");
    read.duration("SCHEMAGATE_STATEMENT_TIMEOUT", s.statement_timeout, "1h");

    read.schema("SCHEMAGATE_HISTORY_SCHEMA", s.history_schema);
    read.choice<bool>("SCHEMAGATE_LOG_SQL", s.log_sql, {{"0", false}, {"1", true}});
    s.warnings = read.unknown();

    // Last, so that a wrong setting is named before the URL is looked at.
    s.database_url = read_database_url(where);
    return s;
}

} // namespace schemagate
