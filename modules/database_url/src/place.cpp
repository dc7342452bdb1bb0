#include "schemagate/place.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "file_reading.hpp"

// POSIX asks every program to declare it itself.
extern char** environ; // NOLINT

namespace schemagate {

namespace {

class real_place final : public place
{
public:
    std::optional<std::string> variable(std::string const& name) const override
    {
        auto const* const value = std::getenv(name.c_str());
        return value ? std::optional<std::string>{value} : std::nullopt;
    }

    std::vector<std::string> variables_with_prefix(std::string const& prefix) const override
    {
        auto result = std::vector<std::string>{};
        for (auto* const* entry = environ; entry && *entry; ++entry) {
            auto const text = std::string_view{*entry};
            auto const name = text.substr(0, text.find('='));
            if (name.starts_with(prefix))
                result.emplace_back(name);
        }
        return result;
    }

    file_kind kind_of(std::filesystem::path const& path) const override
    {
        struct stat status
        {};
        if (::stat(path.c_str(), &status) != 0)
            return errno == EACCES || errno == EPERM ? file_kind::not_permitted : file_kind::absent;
        if (S_ISDIR(status.st_mode))
            return file_kind::folder;
        if (S_ISSOCK(status.st_mode))
            return file_kind::socket;
        return S_ISREG(status.st_mode) ? file_kind::regular : file_kind::other;
    }

    std::optional<std::string> content_of(std::filesystem::path const& path, std::size_t limit) const override
    {
        return read_all(path, limit);
    }

    bool world_readable(std::filesystem::path const& path) const override
    {
        struct stat status
        {};
        return ::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0;
    }
};

} // namespace

place const& this_place()
{
    static auto const real = real_place{};
    return real;
}

} // namespace schemagate
