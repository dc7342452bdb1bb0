// A socket's folder without its leading "/", which libpq takes for the name of a machine.
//
// No name service finds such a name: a host name has neither "/" nor ":" (RFC 952, RFC 1123), and a numeric
// address with colons has been recognised before.
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "inspection.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

constexpr auto instance_bytes = std::string_view{":.-"};

// Where the host is said, and whether no reading of the text makes it a piece of the password.
bool may_be_shown(inspection const& i)
{
    if (i.effective.from("host") != origin::text)
        return true;
    if (!i.uri) {
        auto const folded = lowered(i.text);
        return folded.find("host") < folded.find("pass");
    }
    auto const ats = std::count(i.text.begin(), i.text.end(), '@');
    if (i.ambiguous || ats != (i.uri->has_userinfo ? 1 : 0) ||
        (!i.uri->has_userinfo && !i.uri->authority.empty()))
        return false;
    for (auto const& parameter : i.uri->parameters) {
        if (parameter.key == "host")
            return true;
        if (secret_keyword(parameter.key))
            return false;
    }
    return false; // before the path, where a password with an "@" in it would reach
}

std::string said_as(inspection const& i)
{
    return i.effective.from("host") == origin::environment ? "PGHOST=" : "host=";
}

std::string speaker(inspection const& i)
{
    switch (i.effective.from("host")) {
    case origin::environment: return "the environment variable PGHOST";
    case origin::service: return "the connection service file";
    default: return i.name;
    }
}

finding slash_missing(inspection const& i, std::string const& written, std::string const& folder,
                      std::string const& besides)
{
    return {"socket-slash-missing", severity::refuse,
            written + " in " + speaker(i) +
                ": a Unix socket's folder begins with /, and libpq takes this for a host's name, which it "
                "cannot be.",
            "Write " + said_as(i) + folder + '.' + besides};
}

} // namespace

bool is_cloudsql_instance(std::string_view text)
{
    auto const last = text.rfind(':');
    auto const middle = last == text.npos || last == 0 ? text.npos : text.rfind(':', last - 1);
    if (middle == text.npos || middle == 0 || !made_of_words(text, instance_bytes))
        return false;
    auto const region = text.substr(middle + 1, last - middle - 1);
    auto const instance = text.substr(last + 1);
    return !region.empty() && is_letter(region.front()) && !instance.empty() && is_letter(instance.front());
}

std::optional<finding> misnamed_socket(inspection const& i, std::string_view host)
{
    auto const slash = contains(host, '/');
    if (!slash && !is_cloudsql_instance(host))
        return std::nullopt;
    auto const folder = (slash ? "/" : "/cloudsql/") + std::string{host};
    auto const shown =
        may_be_shown(i) && made_of_words(host, "_-.:/") && shown_value("host", folder) == folder;
    if (!slash)
        return slash_missing(i,
                             shown ? said_as(i) + std::string{host} + " is a Cloud SQL instance's name"
                                   : "The host is a Cloud SQL instance's name, PROJECT:REGION:INSTANCE,",
                             shown ? folder : "/cloudsql/PROJECT:REGION:INSTANCE", "");
    constexpr auto sockets = std::array<std::string_view, 5>{"cloudsql/", "run/", "var/", "tmp/", "private/"};
    auto const sure = std::any_of(sockets.begin(), sockets.end(),
                                  [&](std::string_view one) { return host.starts_with(one); });
    return slash_missing(i,
                         shown ? said_as(i) + std::string{host} + " lacks its leading /"
                               : "A host with a / in it lacks its leading /",
                         shown ? folder : "/FOLDER (Cloud SQL: /cloudsql/PROJECT:REGION:INSTANCE)",
                         sure ? "" : " If what follows the / is a database, name it apart: dbname=NAME.");
}

finding instance_in_authority(inspection const& i)
{
    return {"socket-slash-missing", severity::refuse,
            i.must_have_port() + ": the name of a Cloud SQL instance, PROJECT:REGION:INSTANCE, stands where "
                                 "libpq asks for HOST:PORT.",
            "Write the socket's folder as a parameter: postgresql://USER:***@/DATABASE?host=/cloudsql/"
            "PROJECT:REGION:INSTANCE."};
}

} // namespace schemagate::url
