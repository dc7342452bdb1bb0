// What a process can know about where it runs: environment variables and files. Injected, so that every
// diagnosis is tested without its platform.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace schemagate {

enum class file_kind
{
    absent,
    folder,
    socket,
    regular,
    other,
    not_permitted
};

struct file_access
{
    unsigned mode = 0; ///< the lower nine bits of stat(2): 0640
    bool owned_by_root = false;

    [[nodiscard]] bool world_readable() const { return (mode & 0004U) != 0; }
    /// Anybody but its owner may do something with it: libpq passes over such a passfile.
    [[nodiscard]] bool shared() const { return (mode & 0077U) != 0; }
};

/// Whether packets to an address have a way out of this place.
enum class route_kind
{
    unknown,  ///< not an address, or this place cannot be asked
    there,    ///< the kernel knows where to send them; whether they arrive is another matter
    absent,   ///< ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL: no route
    forbidden ///< EAFNOSUPPORT, EPERM, EACCES: this process may not open such a socket
};

/// What connect(2) says of a Unix socket.
enum class socket_answer
{
    unknown, ///< another error, or this place cannot be asked
    accepted,
    absent,   ///< ENOENT
    refused,  ///< ECONNREFUSED: its file is there, but nobody listens
    forbidden ///< EACCES, EPERM
};

/// May be asked from any thread that does not change the environment meanwhile (getenv(3)).
class place
{
public:
    virtual ~place() = default;

    /// The variable's value; nullopt if it is not set.
    [[nodiscard]] virtual std::optional<std::string> variable(std::string const& name) const = 0;
    /// Names of all variables that begin with `prefix`.
    [[nodiscard]] virtual std::vector<std::string> variables_with_prefix(std::string const& prefix) const = 0;
    [[nodiscard]] virtual file_kind kind_of(std::filesystem::path const& path) const = 0;
    /// The file's content, at most `limit` + 1 bytes of it; nullopt if it cannot be read. Does not
    /// wait more than 4 s for a pipe or a device.
    [[nodiscard]] virtual std::optional<std::string> content_of(std::filesystem::path const& path,
                                                                std::size_t limit) const = 0;
    /// Owner and permissions of what the path leads to; nullopt if that cannot be told.
    [[nodiscard]] virtual std::optional<file_access> access_of(std::filesystem::path const& path) const = 0;

    // The two probes explain an attempt that has failed; no text is refused for what they say. A place that
    // cannot be asked keeps these answers.

    /// Asks the kernel alone (connect(2) of a UDP socket): no packet leaves. `address`: numeric.
    [[nodiscard]] virtual route_kind route_to(std::string const& address) const;
    /// Connects to the socket's file and hangs up at once; never waits.
    [[nodiscard]] virtual socket_answer probe_socket(std::filesystem::path const& path) const;

    /// Whether libpq finds this connection service, also in the folder that was compiled into it; it connects
    /// to nothing. nullopt where libpq cannot be asked.
    [[nodiscard]] virtual std::optional<bool> libpq_finds_service(std::string const& name) const;
};

/// The place this process is in. A static object; never ends.
[[nodiscard]] place const& this_place();

/// What kind of place it is, for messages: "Cloud Run job", "Cloud Run service", "Kubernetes", "Docker", … or
/// "" where nothing is recognised.
[[nodiscard]] std::string describe(place const& where);

/// True where a container, Kubernetes or Cloud Run is recognised: there HOST defaults to 0.0.0.0.
[[nodiscard]] bool is_container(place const& where);

/// True in a unit of systemd, whose sandbox may take away networks, address families and /tmp
/// (systemd.exec(5)).
[[nodiscard]] bool is_systemd_unit(place const& where);

} // namespace schemagate
