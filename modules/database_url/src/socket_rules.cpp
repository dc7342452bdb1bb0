// A Unix socket's folder, compared with what the place really has.
//
// libpq adds "/.s.PGSQL.<port>" to the folder. Nothing is connected to: a server or proxy that is still
// starting has no socket yet, perhaps not even its folder, and the retry at connecting will find it. Only
// /cloudsql itself is a ground for refusal: the platform mounts it before the process starts, or never.
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "cloudsql.hpp"
#include "inspection.hpp"
#include "place_commands.hpp"
#include "rule.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

hits too_long(inspection const& i);
hits file_named(inspection const& i);
hits not_mounted(inspection const& i);
hits folder_is_file(inspection const& i);
hits instance_absent(inspection const& i);
hits folder_absent(inspection const& i);
hits not_permitted(inspection const& i);
hits not_a_socket(inspection const& i);
hits not_there_yet(inspection const& i);
hits abstract(inspection const& i);
hits instance_name_odd(inspection const& i);

constexpr auto refuse = severity::refuse;
constexpr auto warn = severity::warn;

// Each endpoint's first of these counts, and refuses only if no other endpoint is left.
constexpr auto unusable = std::array{
    rule{"socket-path-too-long", refuse,
         "The socket's path in {name} is {length} bytes long, with /.s.PGSQL.{port}; the system's limit is "
         "107.",
         "Mount the socket at a shorter path (cloud-sql-proxy --unix-socket-path), or use TCP: {model "
         "PRIVATE_IP}",
         too_long},
    rule{"socket-file-named", refuse,
         "{name} names a socket's file {host}; libpq asks for its folder, and adds /.s.PGSQL.{port} itself.",
         "Write host={folder}{port apart}.", file_named},
    rule{"socket-not-mounted", refuse,
         "{name} asks for the Cloud SQL socket {host}, but the folder /cloudsql does not exist {here}.",
         "Either {attach}. Or use TCP over the VPC: {model PRIVATE_IP}, where PRIVATE_IP comes from gcloud "
         "sql "
         "instances describe {instance} --project={project} "
         "--format='value(ipAddresses.filter(type:PRIVATE).firstof(ipAddress))'.",
         not_mounted},
    rule{"socket-folder-is-file", refuse, "{name} names {host} as a socket's folder, but it is a file.",
         "Write host=/FOLDER, the folder in which .s.PGSQL.{port} lies.", folder_is_file},
};

constexpr auto doubtful = std::array{
    rule{"socket-folder-absent", warn,
         "/cloudsql is there, but not {host}: another instance may be attached {here}, or its proxy is still "
         "starting.",
         "Compare the name with the attached one; otherwise {attach}.", instance_absent},
    rule{"socket-folder-absent", warn,
         "{name} asks for a Unix socket in {host}, but that folder does not exist {here}; the server or its "
         "proxy may "
         "still create it.",
         "Mount the folder in which the server or its proxy has its socket, or use TCP: {model HOST}.",
         folder_absent},
    rule{"socket-not-permitted", warn, "This process may not look into {host}.",
         "Give its account the right to enter the folder and to write to the socket.", not_permitted},
    rule{"socket-not-a-socket", warn, ".s.PGSQL.{port} in {host} is there, but is not a socket.",
         "Remove it, so that the server can create its socket.", not_a_socket},
    rule{"socket-not-there-yet", severity::note,
         "The folder {host} is there, but no socket .s.PGSQL.{port} in it yet.",
         "If the server or its proxy is starting, it will appear. Otherwise compare the port with the number "
         "in the "
         "socket's name.",
         not_there_yet},
    rule{"socket-abstract", warn,
         "{name} names an abstract socket: a host that begins with @ is no machine and no folder.",
         "Drop the @ if a machine is meant; a server listens on abstract sockets only if "
         "unix_socket_directories says "
         "so.",
         abstract},
    rule{"cloudsql-name", warn,
         "The socket folder {host} does not end with PROJECT:REGION:INSTANCE, as Cloud Run names it.",
         "Compare it with gcloud sql instances describe NAME --format='value(connectionName)'.",
         instance_name_odd},
};

constexpr auto socket_path_max = std::size_t{107}; // sun_path less its NUL

/// One hit for each socket that passes the test; libpq's own folder, where no host is named, is not looked
/// into.
template <class Test>
hits sockets_that(inspection const& i, Test test)
{
    auto result = hits{};
    auto const& all = i.endpoints.all;
    auto const none_named =
        std::all_of(all.begin(), all.end(), [](auto const& one) { return one.default_socket; });
    for (auto number = std::size_t{0}; number < all.size(); ++number) {
        auto const& one = all[number];
        if (!one.is_socket() || port_number(one.port) == 0 || none_named || !test(one))
            continue;
        auto const name = instance_of(one.host);
        result.push_back({{{"host", i.shown_host(one.host)},
                           {"port", i.shown_port(one.port)},
                           {"length", std::to_string(one.socket_path().size())},
                           {"instance", name.instance},
                           {"project", name.project},
                           {"attach", command_for(i.where, place_command::attach_cloudsql, name.whole)}},
                          {},
                          number});
    }
    return result;
}

/// The same for sockets that have a folder, by what the folder is.
template <class Test>
hits folders_that(inspection const& i, Test test)
{
    return sockets_that(
        i, [&](auto const& one) { return !one.is_abstract() && test(one, i.where.kind_of(one.host)); });
}

hits too_long(inspection const& i)
{
    return sockets_that(i, [](auto const& one) { return one.socket_path().size() > socket_path_max; });
}

// ".s.PGSQL.5432" at the end: the folder without it, else "".
std::string_view folder_of_socket_file(std::string_view host)
{
    auto const slash = host.rfind('/');
    auto const file = slash == host.npos ? std::string_view{} : host.substr(slash + 1);
    return file.starts_with(".s.PGSQL.") && all(file.substr(9), is_digit) ? host.substr(0, slash)
                                                                          : std::string_view{};
}

hits file_named(inspection const& i)
{
    auto result = folders_that(i, [](auto const& one, auto kind) {
        return kind == file_kind::socket ||
               (kind != file_kind::folder && !folder_of_socket_file(one.host).empty());
    });
    for (auto& one : result) {
        auto const& endpoint = i.endpoints.all[one.endpoint];
        auto const folder = folder_of_socket_file(endpoint.host);
        auto const port = folder.empty() ? endpoint.port : endpoint.host.substr(endpoint.host.rfind('.') + 1);
        one.words.push_back({"port apart", port == endpoint.port
                                               ? std::string{}
                                               : (i.uri ? "&port=" : " port=") + i.shown_port(port)});
        one.words.push_back({"folder", folder.empty() ? "/FOLDER" : i.shown_host(folder)});
    }
    return result;
}

hits not_mounted(inspection const& i)
{
    return folders_that(i, [&](auto const& one, auto kind) {
        return kind == file_kind::absent && below_cloudsql(one.host) &&
               i.where.kind_of(std::string{cloudsql_folder}) == file_kind::absent;
    });
}

hits folder_is_file(inspection const& i)
{
    return folders_that(
        i, [](auto const&, auto kind) { return kind == file_kind::regular || kind == file_kind::other; });
}

hits instance_absent(inspection const& i)
{
    return folders_that(i, [&](auto const& one, auto kind) {
        return kind == file_kind::absent && below_cloudsql(one.host) &&
               folder_of_socket_file(one.host).empty() &&
               i.where.kind_of(std::string{cloudsql_folder}) != file_kind::absent;
    });
}

hits folder_absent(inspection const& i)
{
    return folders_that(i, [](auto const& one, auto kind) {
        return kind == file_kind::absent && !below_cloudsql(one.host) &&
               folder_of_socket_file(one.host).empty() && one.socket_path().size() <= socket_path_max;
    });
}

hits not_permitted(inspection const& i)
{
    return folders_that(i, [&](auto const& one, auto kind) {
        return kind == file_kind::not_permitted ||
               (kind == file_kind::folder && i.where.kind_of(one.socket_path()) == file_kind::not_permitted);
    });
}

bool is_file(file_kind kind)
{
    return kind == file_kind::regular || kind == file_kind::folder || kind == file_kind::other;
}

hits not_a_socket(inspection const& i)
{
    return folders_that(i, [&](auto const& one, auto kind) {
        return kind == file_kind::folder && is_file(i.where.kind_of(one.socket_path()));
    });
}

hits not_there_yet(inspection const& i)
{
    return folders_that(i, [&](auto const& one, auto kind) {
        return kind == file_kind::folder && i.where.kind_of(one.socket_path()) == file_kind::absent;
    });
}

hits abstract(inspection const& i)
{
    return sockets_that(i, [](auto const& one) { return one.is_abstract(); });
}

hits instance_name_odd(inspection const& i)
{
    return sockets_that(i, [](auto const& one) {
        return below_cloudsql(one.host) && std::count(one.host.begin(), one.host.end(), ':') < 2;
    });
}

} // namespace

std::span<rule const> socket_rules()
{
    return unusable;
}

std::span<rule const> doubtful_socket_rules()
{
    return doubtful;
}

} // namespace schemagate::url
