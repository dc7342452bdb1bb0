// The environment → settings.
//
// A setting is never guessed: what does not parse stops the boot. An operator who wrote
// SCHEMAGATE_TLS=Require must not get a boot that does not require TLS. A variable nobody knows is only
// warned about, since the prefix may be used by a later release or by the host's own tools. The command line
// reads its flags with the same code, through a place that answers them as variables; it puts the flag's name
// in where a message names the variable.
#include "schemagate/settings.hpp"

#include <algorithm>

#include "setting_reader.hpp"

namespace schemagate {
namespace {

constexpr std::string_view known[] = {
    "SCHEMAGATE_MODE",           "SCHEMAGATE_CONNECTION",   "SCHEMAGATE_TLS",
    "SCHEMAGATE_ACCEPT",         "SCHEMAGATE_CONNECT_WAIT", "SCHEMAGATE_LOCK_WAIT",
    "SCHEMAGATE_LOCK_TIMEOUT",   "SCHEMAGATE_LOCK_RETRY",   "SCHEMAGATE_STATEMENT_TIMEOUT",
    "SCHEMAGATE_HISTORY_SCHEMA", "SCHEMAGATE_OUT_OF_ORDER", "SCHEMAGATE_NEWER",
    "SCHEMAGATE_POOLER",         "SCHEMAGATE_DRIFT",        "SCHEMAGATE_TRANSACTION",
    "SCHEMAGATE_RUN_AS",         "SCHEMAGATE_GATE_TOKEN",   "SCHEMAGATE_ON_REFUSAL",
    "SCHEMAGATE_LOG_SQL"};

// Kept for the boot to refuse with, so that a server's probes answer before.
std::optional<database_url_text> url_of(place const& where, std::string const& variable)
{
    try {
        return read_database_url(where, variable);
    }
    catch (failure const& f) {
        finding why{std::string{f.code_name()}, severity::refuse, f.message(), f.fix()};
        return database_url_text{{}, variable, {std::move(why)}};
    }
}

bool is_unread(database_url_text const& url)
{
    return std::any_of(url.findings.begin(), url.findings.end(),
                       [](finding const& f) { return f.severity == severity::refuse; });
}

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
    setting_reader const read{where};

    read.choice<schemagate::mode>(
        "SCHEMAGATE_MODE", s.mode,
        {{"apply", mode::apply}, {"wait", mode::wait}, {"verify", mode::verify}, {"skip", mode::skip}});
    read.choice<connection_method>("SCHEMAGATE_CONNECTION", s.url.connection,
                                   {{"any", connection_method::any},
                                    {"tcp", connection_method::tcp},
                                    {"socket", connection_method::socket}});
    read.choice<tls_policy>(
        "SCHEMAGATE_TLS", s.url.tls,
        {{"warn", tls_policy::warn}, {"require", tls_policy::require}, {"verify", tls_policy::verify}},
        "verify");
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
    read.choice<bool>("SCHEMAGATE_POOLER", s.session_pooler, {{"detect", false}, {"session", true}});
    read.choice<transaction_scope>("SCHEMAGATE_TRANSACTION", s.transaction,
                                   {{"each", transaction_scope::each}, {"all", transaction_scope::all}});
    read.role("SCHEMAGATE_RUN_AS", s.run_as);
    read.token("SCHEMAGATE_GATE_TOKEN", s.gate_token);
    read.choice<refusal_policy>("SCHEMAGATE_ON_REFUSAL", s.on_refusal,
                                {{"exit", refusal_policy::exit}, {"hold", refusal_policy::hold}});
    read.choice<drift_policy>(
        "SCHEMAGATE_DRIFT", s.drift,
        {{"warn", drift_policy::warn}, {"refuse", drift_policy::refuse}, {"ignore", drift_policy::ignore}},
        "refuse");
    read.choice<bool>("SCHEMAGATE_LOG_SQL", s.log_sql, {{"0", false}, {"1", true}});
    s.warnings = read.unknown(known);

    s.database_url = url_of(where, "DATABASE_URL");
    s.migration_database_url = url_of(where, "MIGRATION_DATABASE_URL");
    return s;
}

void settings::read_files_again(place const& where)
{
    auto const again = [&where](std::optional<database_url_text>& given, std::string const& variable) {
        // A pipe has been emptied; what it held stands.
        if (given &&
            (is_unread(*given) || (!given->file.empty() && where.kind_of(given->file) != file_kind::other))) {
            given = read_database_url(where, variable);
        }
    };
    again(database_url, "DATABASE_URL");
    again(migration_database_url, "MIGRATION_DATABASE_URL");
}

} // namespace schemagate
