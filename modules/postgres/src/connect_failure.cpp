// Which failures to connect are worth waiting for, and which a person has to fix (PROTOCOL.md,
// "Settings": SCHEMAGATE_CONNECT_WAIT).
#include <algorithm>
#include <array>
#include <cctype>

#include "schemagate/postgres/connect.hpp"

namespace schemagate::postgres {
namespace {

// 'FATAL:  28P01: password authentication failed …': with verbose errors the SQLSTATE stands between the
// severity and the text. Of several hosts' errors the last one counts: libpq tries no further host after an
// authentication that failed.
std::string sqlstate_in(std::string_view text)
{
    std::string found;
    for (std::size_t at = text.find(":  "); at != std::string_view::npos; at = text.find(":  ", at + 1)) {
        auto const code = text.substr(at + 3, 5);
        bool ok = code.size() == 5 && text.substr(at + 8, 2) == ": ";
        for (char const c : code) {
            ok = ok && (std::isdigit(static_cast<unsigned char>(c)) != 0 || (c >= 'A' && c <= 'Z'));
        }
        if (ok) {
            found = code;
        }
    }
    return found;
}

// One sentence out of libpq's lines: without the LOCATION lines of verbose errors, "FATAL:  28P01: " and the
// end of line.
std::string sentence(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        auto const line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.empty() || line.starts_with("LOCATION:")) {
            continue;
        }
        auto shown = std::string{line};
        for (std::string_view const severity : {"FATAL:  ", "ERROR:  "}) {
            if (auto const at = shown.find(severity); at != std::string::npos) {
                shown.erase(at, severity.size() + (shown.size() >= at + 15 && shown[at + 13] == ':' ? 7 : 0));
            }
        }
        auto const first = shown.find_first_not_of(" \t");
        shown.erase(0, first == std::string::npos ? shown.size() : first);
        out += (out.empty() ? "" : "; ") + shown;
    }
    return out + (out.empty() || out.back() == '.' || out.back() == '?' ? "" : ".");
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

template <std::size_t count>
bool contains_one(std::string_view text, std::array<std::string_view, count> const& words)
{
    return std::any_of(words.begin(), words.end(), [&](auto word) { return contains(text, word); });
}

constexpr std::array<std::string_view, 9> tls_failures{"does not support SSL", "SSL error",
                                                       "certificate",          "root.crt",
                                                       "channel binding",      "SSL connection has been",
                                                       "invalid sslmode",      "does not match host name",
                                                       "private key file"};

// Poolers have SQLSTATEs of their own taste (08P01, XX000) for what the server calls 53300 or 28000, so their
// words decide: PgBouncer's and Supavisor's when all places are taken, …
constexpr std::array<std::string_view, 4> pooler_full{"no more connections allowed", "max clients reached",
                                                      "Max client connections reached", "query_wait_timeout"};
// … and Supavisor's and Neon's when they cannot tell which server is meant.
constexpr std::array<std::string_view, 4> pooler_lost{"Tenant or user not found", "tenant/user",
                                                      "no tenant identifier", "Endpoint ID is not specified"};

// libpq's: invalid channel_binding value: "x", invalid integer value "abc" for connection option
// "keepalives", …
// … and of a connection service.
constexpr std::array<std::string_view, 12> values_refused{"invalid integer value",
                                                          "definition of service",
                                                          "service file",
                                                          "parameter must be an integer",
                                                          "invalid load_balance_hosts value",
                                                          "invalid connection option",
                                                          "invalid channel_binding value",
                                                          "invalid gssencmode value",
                                                          "invalid target_session_attrs value",
                                                          "invalid ssl_min_protocol_version value",
                                                          "invalid ssl_max_protocol_version value",
                                                          "invalid SSL protocol version range"};

struct judgement
{
    errc code;
    bool retryable;
};

judgement judge(std::string_view sqlstate, std::string_view text, bool password_needed)
{
    if (sqlstate == "57P03" || sqlstate == "57P01" || sqlstate == "57P02") {
        return {errc::unreachable, true}; // starting, stopping, recovering
    }
    if (sqlstate == "53300" || contains_one(text, pooler_full)) {
        return {errc::too_many_connections, true};
    }
    if (sqlstate == "28P01" || sqlstate == "28000" || password_needed ||
        contains(text, "no password supplied")) {
        return {errc::authentication_failed, false};
    }
    if (sqlstate == "3D000" || contains(text, "no such database")) {
        return {errc::database_missing, false};
    }
    if (sqlstate == "42501") {
        return {errc::permission_denied, false};
    }
    if (sqlstate == "08P01" || contains_one(text, pooler_lost)) {
        return {errc::pooler_refused, false};
    }
    // A parameter of options or PGOPTIONS that the server does not take: its value, its name, its time, its
    // syntax.
    if (sqlstate == "22023" || sqlstate == "22P02" || sqlstate == "42704" || sqlstate == "55P02" ||
        sqlstate == "42601") {
        return {errc::url_refused, false};
    }
    if (!sqlstate.empty()) {
        return {errc::unreachable, sqlstate.substr(0, 2) == "57" || sqlstate.substr(0, 2) == "53"};
    }
    // libpq's own judgement of a keyword's value, before any server was asked.
    if (contains_one(text, values_refused)) {
        return {errc::url_refused, false};
    }
    if (contains_one(text, tls_failures)) {
        return {errc::tls_refused, false};
    }
    return {errc::unreachable, true}; // refused, no route, DNS, timeout, a socket that is not there yet
}

std::string general_fix(errc code, std::string_view text, connection_settings const& settings)
{
    switch (code) {
    case errc::authentication_failed:
        return "Check the user and the password in DATABASE_URL (special characters percent-encoded), and "
               "the "
               "server's pg_hba.conf.";
    case errc::url_refused:
        return "Change or take out that parameter: it comes from options in DATABASE_URL, from PGOPTIONS, or "
               "from "
               "ALTER ROLE or ALTER DATABASE … SET.";
    case errc::database_missing:
        return "Create it: CREATE DATABASE \"" + settings.shown_dbname() +
               "\"; or name an existing one in DATABASE_URL.";
    case errc::permission_denied:
        if (!contains(text, "permission denied for database")) {
            return "The role \"" + settings.shown_user() +
                   "\" may not do what the connection asks for: look at options in DATABASE_URL, at "
                   "PGOPTIONS, and at "
                   "ALTER ROLE … SET.";
        }
        return "GRANT CONNECT ON DATABASE \"" + settings.shown_dbname() + "\" TO \"" + settings.shown_user() +
               "\";";
    case errc::tls_refused: return "Set sslmode and sslrootcert in DATABASE_URL to what the server offers.";
    case errc::too_many_connections:
        return "Raise max_connections (or the role's connection limit), or lower the size of the "
               "applications' pools.";
    case errc::pooler_refused:
        return "The pooler in front of the server refuses this connection: check its configuration, or name "
               "the "
               "server itself in DATABASE_URL.";
    default:
        return "Check that the server runs and listens at " + settings.where() +
               ", and that this place has a route to it.";
    }
}

} // namespace

connect_failure judge_connect_failure(std::string_view libpq_text, bool password_needed,
                                      connection_settings const& settings, place const& where)
{
    connect_failure why;
    why.sqlstate = sqlstate_in(libpq_text);
    auto const judged = judge(why.sqlstate, libpq_text, password_needed);
    why.code = judged.code;
    why.retryable = judged.retryable;
    why.message = scrub(sentence(libpq_text), settings);
    why.hint = connect_hint(settings, where, why.sqlstate, libpq_text);
    if (why.hint.empty()) {
        why.hint = general_fix(why.code, libpq_text, settings);
    }
    return why;
}

} // namespace schemagate::postgres
