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
    /// True if others than owner and group may read the file.
    [[nodiscard]] virtual bool world_readable(std::filesystem::path const& path) const = 0;
};

/// The place this process is in. A static object; never ends.
[[nodiscard]] place const& this_place();

/// What kind of place it is, for messages: "Cloud Run job", "Cloud Run service", "Kubernetes", "Docker", … or
/// "" where nothing is recognised.
[[nodiscard]] std::string describe(place const& where);

/// True where a container, Kubernetes or Cloud Run is recognised: there HOST defaults to 0.0.0.0.
[[nodiscard]] bool is_container(place const& where);

} // namespace schemagate
