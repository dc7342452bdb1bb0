// Where the text comes from: a variable, a file that a variable names, or a credential of systemd.
#include "schemagate/database_url.hpp"
#include "schemagate/failure.hpp"

#include "ascii.hpp"
#include "shown.hpp"

namespace schemagate {

namespace {

constexpr auto text_size_max = std::size_t{64} * 1024;

[[noreturn]] void refuse(std::string const& code, std::string const& message, std::string const& fix)
{
    throw failure{errc::url_refused, message, fix}.with_finding(code);
}

// Read-only for the world by design: Docker and Kubernetes mount their secrets so, systemd guards the folder.
bool guarded(place const& where, std::string const& path)
{
    auto const credentials = where.variable("CREDENTIALS_DIRECTORY").value_or("");
    return path.starts_with("/run/secrets/") || path.starts_with("/var/run/secrets/") ||
           (!credentials.empty() && path.starts_with(credentials + "/"));
}

database_url_text read_file(place const& where, std::string const& path, std::string source)
{
    auto const shown = printable(path);
    auto content = where.content_of(path, text_size_max);
    if (!content) {
        auto const absent = where.kind_of(path) == file_kind::absent;
        refuse("file-unreadable", source + ": the file " + (absent ? "is not there." : "cannot be read."),
               absent ? "Check the path " + shown + ", and that the secret is mounted " +
                            (describe(where).empty() ? "here." : "in this place (" + describe(where) + ").")
                      : "Let this process's account read " + shown + ".");
    }
    auto text = secret{std::move(*content)};
    auto const& bytes = text.reveal();
    if (bytes.size() > text_size_max)
        refuse("file-too-large", source + ": the file is larger than 64 KiB, so it is no connection string.",
               "Let it hold the connection string alone.");
    if (url::contains(bytes, '\0'))
        refuse("file-has-nul", source + ": the file holds a NUL byte.",
               "Save it as plain text (UTF-8, not UTF-16).");

    auto findings = std::vector<finding>{};
    auto const cut = bytes.ends_with("\r\n") ? 2U : bytes.ends_with('\n') ? 1U : 0U;
    if (cut != 0) {
        text = secret{bytes.substr(0, bytes.size() - cut)};
        findings.push_back({"newline-trimmed", severity::note,
                            source + ": one newline at its end was left out.",
                            "Nothing has to be done; printf '%s' writes the file without one."});
    }
    if (url::contains(text.reveal(), '\n'))
        refuse("file-has-lines", source + ": the file holds more than one line.",
               "Let it hold the connection string alone, on one line.");
    if (!guarded(where, path) && where.world_readable(path))
        findings.push_back({"file-world-readable", severity::warn,
                            source + ": every account of this machine may read the file.",
                            "chmod o-r " + shown + ", or mount the secret with mode 0400."});
    return {std::move(text), std::move(source), std::move(findings)};
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
    if (url::contains(file, "://") || url::contains(file, '@')) // and never show it: it holds the password
        refuse("file-is-url", name + "_FILE holds a connection string, not the path of a file.",
               "Set it as " + name + " instead.");
    if (!file.empty())
        return read_file(where, file, name + "_FILE=" + printable(file));
    if (value && !value->empty())
        return database_url_text{secret{std::move(*value)}, name, {}};

    auto const credentials = where.variable("CREDENTIALS_DIRECTORY").value_or("");
    if (name == "DATABASE_URL" && !credentials.empty()) {
        auto const path = credentials + "/database_url";
        if (where.kind_of(path) != file_kind::absent)
            return read_file(where, path, "the credential database_url");
    }
    if (value)
        return database_url_text{secret{}, name, {}};
    return std::nullopt;
}

} // namespace schemagate
