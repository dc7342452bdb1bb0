// Where the text comes from: a variable, a file that a variable names, or a credential of systemd.
#include "schemagate/database_url.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/secret_file.hpp"

#include "ascii.hpp"
#include "shown.hpp"

namespace schemagate {

namespace {

[[noreturn]] void refuse(std::string const& code, std::string const& message, std::string const& fix)
{
    throw failure{errc::url_refused, message, fix}.with_finding(code);
}

database_url_text read_file(place const& where, std::string const& path, std::string source)
{
    auto read = read_secret_file(where, path, source, "the connection string");
    return {std::move(read.text), std::move(source), std::move(read.findings), path};
}

// A path may hold any letters: "/run/credentials/app@1.service/url". What is no absolute path and leads to no
// file, but has the marks of a connection string, is one, and is never shown.
void refuse_url_as_path(place const& where, std::string const& name, std::string const& file)
{
    if (file.starts_with('/') || (file.find_first_of("@= ") == file.npos && !url::contains(file, "://")))
        return;
    if (where.kind_of(file) != file_kind::absent)
        return;
    if (file.starts_with("file://"))
        refuse("file-is-url", name + "_FILE begins with file://, but is read as a path.",
               "Leave out file://, so that it begins with one /.");
    refuse("file-is-url", name + "_FILE holds a connection string, not the path of a file.",
           "Set it as " + name + " instead.");
}

} // namespace

std::optional<database_url_text> read_database_url(place const& where, std::string const& name)
{
    auto value = where.variable(name);
    auto const file = where.variable(name + "_FILE").value_or("");
    // Compose passes variables that are not defined as empty ones, so an empty one is as good as not set.
    if (value && !value->empty() && !file.empty())
        refuse("url-set-twice",
               name + " and " + name + "_FILE are both set, and might name different databases.",
               "Unset one of them.");
    if (!file.empty()) {
        refuse_url_as_path(where, name, file);
        return read_file(where, file, name + "_FILE=" + url::shown_file(file));
    }
    if (value && !value->empty())
        return database_url_text{secret{std::move(*value)}, name, {}};

    auto const credentials = where.variable("CREDENTIALS_DIRECTORY").value_or("");
    if (name == "DATABASE_URL" && !credentials.empty()) {
        auto const path = credentials + "/database_url";
        if (where.kind_of(path) != file_kind::absent)
            return read_file(where, path, "the credential database_url");
    }
    // An empty DATABASE_URL is a mistake to explain; an empty other one leaves its default in force.
    if (value && name == "DATABASE_URL")
        return database_url_text{secret{}, name, {}};
    return std::nullopt;
}

} // namespace schemagate
