#include "schemagate/secret_file.hpp"

#include "schemagate/failure.hpp"
#include "schemagate/safe_text.hpp"

#include "ascii.hpp"
#include "shown.hpp"

namespace schemagate {

namespace {

[[noreturn]] void refuse(std::string const& code, std::string const& message, std::string const& fix)
{
    throw failure{errc::url_refused, message, fix}.with_finding(code);
}

struct explanation
{
    std::string what;
    std::string fix;
};

explanation why_unreadable(place const& where, std::string const& path, std::string const& noun)
{
    auto const shown = url::shown_file(path);
    switch (where.kind_of(path)) {
    case file_kind::absent:
        return {"is not there.",
                "Check the path " + shown + ", and that the secret is mounted " +
                    (describe(where).empty() ? "here." : "in this place (" + describe(where) + ").")};
    case file_kind::folder:
        return {"is a folder.", "Name the file in it that holds " + noun +
                                    ". Docker makes such a folder where the file to be mounted is missing."};
    case file_kind::socket: return {"is a socket.", "Name a file that holds " + noun + "."};
    case file_kind::other:
        return {"is a pipe or a device, and did not end within 4 s.",
                "Let its writer write " + noun + " and close it, or name a plain file."};
    case file_kind::not_permitted:
        return {"is in a folder that this process may not enter.",
                "Let this process's account enter the folders of " + shown + "."};
    case file_kind::regular: break;
    }
    return {"cannot be read.", "Let this process's account read " + shown + "."};
}

// Read-only for the world by design: Docker and Kubernetes mount their secrets so, systemd guards the folder.
bool guarded(place const& where, std::string const& path)
{
    auto const credentials = where.variable("CREDENTIALS_DIRECTORY").value_or("");
    return path.starts_with("/run/secrets/") || path.starts_with("/var/run/secrets/") ||
           (!credentials.empty() && path.starts_with(credentials + "/"));
}

} // namespace

secret_file secret_of_one_line(secret read, std::string const& source, std::string const& noun)
{
    auto result = secret_file{std::move(read), {}};
    auto const& bytes = result.text.reveal();
    if (bytes.size() > secret_size_max)
        refuse("file-too-large", source + ": it is larger than 64 KiB, so it is not " + noun + ".",
               "Let it hold " + noun + " alone.");
    if (url::contains(bytes, '\0'))
        refuse("file-has-nul", source + ": it holds a NUL byte.",
               "Save it as plain text (UTF-8, not UTF-16).");

    auto const cut = bytes.ends_with("\r\n") ? 2U : bytes.ends_with('\n') ? 1U : 0U;
    if (cut != 0) {
        result.text = secret{bytes.substr(0, bytes.size() - cut)};
        result.findings.push_back({"newline-trimmed", severity::note,
                                   source + ": one newline at its end was left out.",
                                   "Nothing has to be done for a file. In an environment variable the same "
                                   "secret is refused: printf '%s' writes "
                                   "it without one."});
    }
    if (url::contains(result.text.reveal(), '\n'))
        refuse("file-has-lines", source + ": it holds more than one line.",
               "Let it hold " + noun + " alone, on one line.");
    return result;
}

secret_file read_secret_file(place const& where, std::string const& path, std::string const& source,
                             std::string const& noun)
{
    auto content = where.content_of(path, secret_size_max);
    if (!content) {
        auto const why = why_unreadable(where, path, noun);
        refuse("file-unreadable", source + ": the file " + why.what, why.fix);
    }
    auto result = secret_of_one_line(secret{std::move(*content)}, source, noun);
    auto const access = where.access_of(path);
    if (!guarded(where, path) && access && access->world_readable())
        result.findings.push_back({"file-world-readable", severity::warn,
                                   source + ": every account of this machine may read the file.",
                                   "chmod o-r " + printable(path) + ", or mount the secret with mode 0400."});
    return result;
}

} // namespace schemagate
