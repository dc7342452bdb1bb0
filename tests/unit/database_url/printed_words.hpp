// Everything about a connection string that is printed, for tests that look for the password in it.
#pragma once

#include <string>

#include "schemagate/failure.hpp"
#include "schemagate/rewrite.hpp"

#include "diagnosis.hpp"

// What a server or libpq would say of the parts that it got.
inline std::string server_words(schemagate::connection_settings const& settings)
{
    auto said = "FATAL:  database \"" + settings.dbname + "\" does not exist\nFATAL:  role \"" +
                settings.user + "\" does not exist\nFATAL:  password authentication failed for user \"" +
                settings.user + "\"";
    for (auto const& one : settings.endpoints)
        said += "\ncould not translate host name \"" + one.host +
                "\" to address\nconnection to server at \"" + one.host + "\", port " + one.port +
                " failed: invalid integer value \"" + one.port + "\"";
    for (auto const& one : settings.parameters)
        said += "\nunrecognized configuration parameter \"" + one.value.reveal() + "\"";
    auto result = scrub(said, settings);
    for (auto const* const sqlstate : {"28P01", "3D000", "28000", ""})
        result += "\n" + connect_hint(settings, fake_place{}, sqlstate, said);
    return result;
}

// Everything that `url check`, its --json, a boot and the words of `url rewrite` print.
inline std::string printed(std::string const& text)
{
    auto const diagnosis = diagnose(text);
    auto result = shown_text(diagnosis) + "\n" + schemagate::redact(text);
    if (diagnosis.effective) {
        auto const& settings = *diagnosis.effective;
        result += "\n" + settings.shown_user() + "\n" + settings.shown_dbname() + "\n" + settings.sslmode;
        for (auto const& one : settings.endpoints)
            result += "\n" + settings.shown_host(one) + "\n" + settings.shown_port(one);
    }
    auto accepting = schemagate::url_policy{};
    for (auto const& one : diagnosis.findings)
        accepting.accept.insert(one.code);
    auto const accepted = diagnose(text, fake_place{}, accepting);
    if (accepted.effective && accepted.verdict != schemagate::verdict::error)
        result += "\n" + accepted.effective->where() + "\n" + server_words(*accepted.effective);
    auto change = schemagate::url_change{};
    change.host = "10.0.0.9";
    try {
        auto const done = rewrite({schemagate::secret{text}, "DATABASE_URL", {}}, change, fake_place{});
        result += "\n" + done.redacted;
        for (auto const& part : done.changed)
            result += "\n" + part.keyword + " " + part.before + " " + part.after;
    }
    catch (schemagate::failure const& f) {
        result += "\n" + std::string{f.what()} + " " + f.fix();
    }
    return result;
}
