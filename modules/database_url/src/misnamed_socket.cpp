// No name service finds such a name: a host name has neither "/" nor ":" (RFC 952, RFC 1123), and a numeric
// address with colons has been recognised before.
#include "misnamed_socket.hpp"

#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "cloudsql.hpp"
#include "shown.hpp"

namespace schemagate::url {

std::optional<misnamed_folder> misnamed_socket(inspection const& i, std::string_view host)
{
    auto const slash = contains(host, '/');
    if (!slash && !names_cloudsql_instance(host))
        return std::nullopt;
    if (!slash && !is_cloudsql_instance(host))
        host.remove_suffix(host.size() - host.rfind(':')); // a port, which the folder does not have
    auto const folder = (slash ? "/" : "/cloudsql/") + std::string{host};
    auto const shown = i.shown_host(folder) == folder && made_of_words(host, "_-.:/");
    auto const from_environment = i.effective.from("host") == origin::environment;
    auto const said_as = std::string{from_environment ? "PGHOST=" : "host="};

    auto result = misnamed_folder{};
    result.who = i.said_by("host");
    if (!slash) {
        result.what = shown ? said_as + std::string{host} + " is a Cloud SQL instance's name"
                            : "The host is a Cloud SQL instance's name, PROJECT:REGION:INSTANCE,";
        result.folder = said_as + (shown ? folder : "/cloudsql/PROJECT:REGION:INSTANCE");
        return result;
    }
    constexpr auto sockets = std::array<std::string_view, 5>{"cloudsql/", "run/", "var/", "tmp/", "private/"};
    auto const sure = std::any_of(sockets.begin(), sockets.end(),
                                  [&](std::string_view one) { return host.starts_with(one); });
    result.what = shown ? said_as + std::string{host} + " lacks its leading /"
                        : "A host with a / in it lacks its leading /";
    result.folder = said_as + (shown ? folder : "/FOLDER (Cloud SQL: /cloudsql/PROJECT:REGION:INSTANCE)");
    result.besides = sure ? "" : " If what follows the / is a database, name it apart: dbname=NAME.";
    return result;
}

} // namespace schemagate::url
