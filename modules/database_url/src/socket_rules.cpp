// A Unix socket's folder, compared with what the place really has.
//
// libpq adds "/.s.PGSQL.<port>" to the folder. Nothing is connected to: a server or proxy that is still
// starting has no socket yet, perhaps not even its folder, and the retry at connecting will find it. Only
// /cloudsql itself is a ground for refusal: the platform mounts it before the process starts, or never.
#include <algorithm>

#include "ascii.hpp"
#include "inspection.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

constexpr auto socket_path_max = std::size_t{107}; // sun_path less its NUL
constexpr auto cloudsql = std::string_view{"/cloudsql"};

bool below_cloudsql(std::string_view folder)
{
    return folder == cloudsql || folder.starts_with("/cloudsql/");
}

// PROJECT:REGION:INSTANCE, of which PROJECT may be "example.com:project".
struct instance_name
{
    std::string whole;
    std::string project;
    std::string instance;
};

instance_name instance_of(std::string_view folder)
{
    folder.remove_prefix(std::min(folder.size(), cloudsql.size() + 1));
    while (folder.ends_with('/'))
        folder.remove_suffix(1);
    auto const last = folder.rfind(':');
    auto const middle = last == folder.npos || last == 0 ? folder.npos : folder.rfind(':', last - 1);
    if (middle == folder.npos || !made_of_words(folder, ":.-"))
        return {"PROJECT:REGION:INSTANCE", "PROJECT", "INSTANCE"};
    return {std::string{folder}, std::string{folder.substr(0, middle)}, std::string{folder.substr(last + 1)}};
}

// What to type, in this place, for the socket to be there.
std::string attach_command(inspection const& i, instance_name const& name)
{
    auto const own = [&](std::string const& variable, std::string_view otherwise) {
        auto const value = i.where.variable(variable).value_or("");
        return made_of_words(value, "-") ? value : std::string{otherwise};
    };
    auto const kind = describe(i.where);
    if (kind == "Cloud Run service")
        return "attach the instance: gcloud run services update " + own("K_SERVICE", "NAME") +
               " --add-cloudsql-instances=" + name.whole;
    if (kind == "Cloud Run job")
        return "attach the instance: gcloud run jobs update " + own("CLOUD_RUN_JOB", "NAME") +
               " --set-cloudsql-instances=" + name.whole;
    if (kind == "App Engine")
        return "attach the instance in app.yaml: beta_settings: cloud_sql_instances: " + name.whole;
    // An image tried elsewhere with the secret of Cloud Run is the usual case, so its command is always
    // named.
    auto const elsewhere = "on Cloud Run: gcloud run jobs update NAME --set-cloudsql-instances=" + name.whole;
    if (kind == "Kubernetes")
        return "run cloud-sql-proxy " + name.whole +
               " as a sidecar and write 127.0.0.1:5432, or let it serve a volume that both containers mount "
               "at /cloudsql (--unix-socket=/cloudsql; " +
               elsewhere + ")";
    if (kind == "Docker" || kind == "Podman")
        return "run cloud-sql-proxy --unix-socket=/cloudsql " + name.whole +
               " on the host, and mount its folder: " + (kind == "Docker" ? "docker" : "podman") +
               " run -v /cloudsql:/cloudsql (" + elsewhere + ")";
    return "attach the instance (" + elsewhere + "; elsewhere run cloud-sql-proxy --unix-socket=/cloudsql " +
           name.whole + ")";
}

finding not_mounted(inspection const& i, way const& one)
{
    auto const name = instance_of(one.host);
    return {"socket-not-mounted", severity::refuse,
            i.name + " asks for the Cloud SQL socket " + shown_host(one.host) +
                ", but the folder /cloudsql does not exist " + i.here() + ".",
            "Either " + attach_command(i, name) + ". Or use TCP over the VPC: " + i.model("PRIVATE_IP") +
                ", where PRIVATE_IP comes from gcloud sql instances describe " + name.instance +
                " --project=" + name.project +
                " --format='value(ipAddresses.filter(type:PRIVATE).firstof(ipAddress))'."};
}

// The folder may be created together with the socket, so only /cloudsql's absence decides.
std::optional<finding> folder_absent(inspection& i, way const& one)
{
    if (below_cloudsql(one.host)) {
        if (i.where.kind_of(std::string{cloudsql}) == file_kind::absent)
            return not_mounted(i, one);
        i.warn("socket-folder-absent",
               "/cloudsql is there, but not " + shown_host(one.host) + ": another instance may be attached " +
                   i.here() + ", or its proxy is still starting.",
               "Compare the name with the attached one; otherwise " +
                   attach_command(i, instance_of(one.host)) + ".");
        return std::nullopt;
    }
    i.warn(
        "socket-folder-absent",
        i.name + " asks for a Unix socket in " + shown_host(one.host) + ", but that folder does not exist " +
            i.here() + "; the server or its proxy may still create it.",
        "Mount the folder in which the server or its proxy has its socket, or use TCP: " + i.model("HOST") +
            ".");
    return std::nullopt;
}

// ".s.PGSQL.5432" at the end: the folder without it, else "".
std::string_view folder_of_socket_file(std::string_view host)
{
    auto const slash = host.rfind('/');
    auto const file = slash == host.npos ? std::string_view{} : host.substr(slash + 1);
    return file.starts_with(".s.PGSQL.") && all(file.substr(9), is_digit) ? host.substr(0, slash)
                                                                          : std::string_view{};
}

void judge_socket_file(inspection& i, way const& one)
{
    auto const shown = shown_host(one.host);
    auto const file = ".s.PGSQL." + shown_port(one.port);
    switch (i.where.kind_of(one.socket_path())) {
    case file_kind::socket: return;
    case file_kind::absent:
        return i.note(
            "socket-not-there-yet",
            "The folder " + shown + " is there, but no socket " + file + " in it yet.",
            "If the server or its proxy is starting, it will appear. Otherwise compare the port with "
            "the number in the socket's name.");
    case file_kind::not_permitted:
        return i.warn("socket-not-permitted", "This process may not look into " + shown + ".",
                      "Give its account the right to enter the folder and to write to the socket.");
    default:
        return i.warn("socket-not-a-socket", file + " in " + shown + " is there, but is not a socket.",
                      "Remove it, so that the server can create its socket.");
    }
}

} // namespace

std::optional<finding> socket_problem(inspection& i, way const& one)
{
    auto const length = one.socket_path().size();
    if (length > socket_path_max)
        return finding{
            "socket-path-too-long", severity::refuse,
            "The socket's path in " + i.name + " is " + std::to_string(length) +
                " bytes long, with /.s.PGSQL." + shown_port(one.port) + "; the system's limit is " +
                std::to_string(socket_path_max) + ".",
            "Mount the socket at a shorter path (cloud-sql-proxy --unix-socket-path), or use TCP: " +
                i.model("PRIVATE_IP")};
    if (one.is_abstract())
        return std::nullopt;

    auto const kind = i.where.kind_of(one.host);
    auto const folder = folder_of_socket_file(one.host);
    if (kind == file_kind::socket || (!folder.empty() && kind != file_kind::folder))
        return finding{"socket-file-named", severity::refuse,
                       i.name + " names a socket's file " + shown_host(one.host) +
                           "; libpq asks for its folder, and adds /.s.PGSQL." + shown_port(one.port) +
                           " itself.",
                       "Write host=" + (folder.empty() ? std::string{"/FOLDER"} : shown_host(folder)) + "."};
    switch (kind) {
    case file_kind::absent: return folder_absent(i, one);
    case file_kind::folder: judge_socket_file(i, one); return std::nullopt;
    case file_kind::not_permitted:
        i.warn("socket-not-permitted", "This process may not look into " + shown_host(one.host) + ".",
               "Give its account the right to enter the folder and to write to the socket.");
        return std::nullopt;
    default:
        return finding{"socket-folder-is-file", severity::refuse,
                       i.name + " names " + shown_host(one.host) + " as a socket's folder, but it is a file.",
                       "Write host=/FOLDER, the folder in which .s.PGSQL." + shown_port(one.port) + " lies."};
    }
}

} // namespace schemagate::url
