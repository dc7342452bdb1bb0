// Steps 1, 2 and 4 with their events: DATABASE_URL → settings → connection.
#include "boot_flow.hpp"
#include "schemagate/postgres/connect.hpp"

namespace schemagate {

namespace {

connection_settings usable(boot_context& boot, database_url_text const& url)
{
    stopwatch const judging;
    boot.begin(step::validate, boot_state::reading);
    auto const diagnosis = check(url, this_place(), boot.with.url);
    for (auto const& f : diagnosis.findings) {
        if (f.severity == severity::warn) {
            boot.tell(
                step::validate, outcome::warned,
                {.message = f.message + (f.fix.empty() ? "" : " " + f.fix), .fields = {{"finding", f.code}}});
        }
    }
    auto settings = require_usable(diagnosis);
    boot.tell(
        step::validate, outcome::done,
        {.elapsed = judging.elapsed(), .fields = {{"url", settings.redacted}, {"where", settings.where()}}});
    return settings;
}

} // namespace

connection_settings validate_url(boot_context& boot)
{
    stopwatch const time;
    boot.begin(step::read, boot_state::reading);
    for (auto const& warning : boot.with.warnings) {
        boot.tell(step::read, outcome::warned, {.message = warning});
    }
    if (!boot.with.database_url) {
        throw failure{
            errc::url_refused,
            "DATABASE_URL is not set, nor DATABASE_URL_FILE, nor a systemd credential database_url.",
            "export DATABASE_URL='postgresql://USER:PASSWORD@HOST:5432/DATABASE' (special characters in "
            "the password percent-encoded)."}
            .with_finding("url-missing");
    }
    auto const& url = *boot.with.database_url;
    auto const unread = !url.findings.empty() && url.findings.front().severity == severity::refuse;
    if (unread) { // refused in this step
        static_cast<void>(require_usable(check(url, this_place(), boot.with.url)));
    }
    boot.tell(step::read, outcome::done, {.elapsed = time.elapsed(), .fields = {{"source", url.source}}});
    return usable(boot, url);
}

std::optional<connection_settings> validate_migration_url(boot_context& boot)
{
    if (!boot.with.migration_database_url) {
        return std::nullopt;
    }
    if (boot.with.mode != mode::apply) {
        throw failure{errc::setting_invalid,
                      boot.with.migration_database_url->source + " is set, but SCHEMAGATE_MODE is " +
                          std::string{name(boot.with.mode)} + ", which never migrates.",
                      "Unset it here: a process that does not migrate should not hold the right to. Or set "
                      "SCHEMAGATE_MODE=apply."};
    }
    return usable(boot, *boot.with.migration_database_url);
}

postgres::connection connect_with_events(boot_context& boot, connection_settings const& where)
{
    stopwatch const time;
    boot.begin(step::connect, boot_state::connecting);
    postgres::connect_options options;
    options.application_name = boot.application_name("checking");
    options.wait_max = boot.with.connect_wait;
    options.on_retry = [&](postgres::connect_failure const& why, std::chrono::milliseconds pause) {
        boot.tell(step::connect, outcome::retrying,
                  {.elapsed = time.elapsed(),
                   .message = why.message,
                   .fields = {{"code", std::string{name(why.code)}},
                              {"sqlstate", why.sqlstate},
                              {"pause_ms", std::to_string(pause.count())}}});
    };
    auto connection = postgres::connect(where, this_place(), options, boot.stop);
    connection.answers_within(postgres::connection::answer_max);
    boot.acting = {where.hidden.user ? where.shown_user() : where.user,
                   where.hidden.dbname ? where.shown_dbname() : where.dbname};
    boot.tell(step::connect, outcome::done,
              {.elapsed = time.elapsed(),
               .fields = {{"server_version", std::to_string(connection.server_version())}}});
    boot.begin(step::check, boot_state::checking); // what fails from here on is no failure to connect
    return connection;
}

} // namespace schemagate
