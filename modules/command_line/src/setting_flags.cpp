#include "setting_flags.hpp"

namespace schemagate {
namespace {

constexpr setting_flag table[] = {
    {"--mode", "SCHEMAGATE_MODE", "MODE", "apply, wait, verify or skip (serve only)"},
    {"--connection", "SCHEMAGATE_CONNECTION", "METHOD", "any, tcp or socket: what this place can serve"},
    {"--tls", "SCHEMAGATE_TLS", "POLICY", "warn, require or verify: TLS to a host that is not local (warn)"},
    {"--accept", "SCHEMAGATE_ACCEPT", "CODES", "finding codes turned from refuse into warn, comma-separated"},
    {"--connect-wait", "SCHEMAGATE_CONNECT_WAIT", "DURATION", "limit for reaching the server (60s)"},
    {"--lock-wait", "SCHEMAGATE_LOCK_WAIT", "DURATION", "limit while another process migrates (15min)"},
    {"--lock-timeout", "SCHEMAGATE_LOCK_TIMEOUT", "DURATION", "one attempt at a table lock (50ms)"},
    {"--lock-retry", "SCHEMAGATE_LOCK_RETRY", "DURATION", "all attempts of one migration (10min)"},
    {"--statement-timeout", "SCHEMAGATE_STATEMENT_TIMEOUT", "DURATION", "one statement; 0 is none (0)"},
    {"--history-schema", "SCHEMAGATE_HISTORY_SCHEMA", "NAME", "where the history lives (schemagate)"},
    {"--out-of-order", "SCHEMAGATE_OUT_OF_ORDER", "POLICY", "refuse, warn or apply a late lower version"},
    {"--newer", "SCHEMAGATE_NEWER", "POLICY", "compatible, refuse or allow a database that is ahead"},
    {"--pooler", "SCHEMAGATE_POOLER", "KIND", "detect, or session: one server connection per client is sure"},
    {"--drift", "SCHEMAGATE_DRIFT", "POLICY", "warn, refuse or ignore objects that were changed by hand"},
    {"--transaction", "SCHEMAGATE_TRANSACTION", "SCOPE",
     "each migration its own (each), or all in one (all)"},
    {"--run-as", "SCHEMAGATE_RUN_AS", "ROLE", "role to SET ROLE to for migrations and their history"},
    {"--on-refusal", "SCHEMAGATE_ON_REFUSAL", "ACTION", "exit, or hold: stay and check again (serve only)"},
    {"--log-sql", "SCHEMAGATE_LOG_SQL", "",
     "show statements and server details, which may hold data, in errors"},
};

void replace_all(std::string& text, std::string const& what, std::string const& with)
{
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
}

} // namespace

std::span<setting_flag const> setting_flags()
{
    return table;
}

place_with_flags::place_with_flags(place const& under, std::map<std::string, std::string> flags)
    : under_{under}, flags_{std::move(flags)}
{}

std::optional<std::string> place_with_flags::variable(std::string const& name) const
{
    auto const flag = flags_.find(name);
    return flag != flags_.end() ? flag->second : under_.variable(name);
}

std::vector<std::string> place_with_flags::variables_with_prefix(std::string const& prefix) const
{
    return under_.variables_with_prefix(prefix);
}

file_kind place_with_flags::kind_of(std::filesystem::path const& path) const
{
    return under_.kind_of(path);
}

std::optional<std::string> place_with_flags::content_of(std::filesystem::path const& path,
                                                        std::size_t limit) const
{
    return under_.content_of(path, limit);
}

std::optional<file_access> place_with_flags::access_of(std::filesystem::path const& path) const
{
    return under_.access_of(path);
}

std::optional<bool> place_with_flags::libpq_finds_service(std::string const& name) const
{
    return under_.libpq_finds_service(name);
}

route_kind place_with_flags::route_to(std::string const& address) const
{
    return under_.route_to(address);
}

socket_answer place_with_flags::probe_socket(std::filesystem::path const& path) const
{
    return under_.probe_socket(path);
}

failure place_with_flags::in_terms_of_flags(failure const& f) const
{
    if (f.code() != errc::setting_invalid) {
        return f;
    }
    auto message = f.message();
    auto fix = f.fix();
    for (auto const& known : table) {
        if (flags_.contains(known.variable)) {
            replace_all(message, known.variable, known.flag);
            replace_all(fix, known.variable, known.flag);
        }
    }
    return {f.code(), std::move(message), std::move(fix)};
}

} // namespace schemagate
