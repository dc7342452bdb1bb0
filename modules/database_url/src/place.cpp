#include "schemagate/place.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

#include "file_reading.hpp"
#include "libpq_parser.hpp"

// POSIX asks every program to declare it itself.
extern char** environ; // NOLINT

namespace schemagate {

namespace {

class descriptor
{
public:
    descriptor(int family, int type) : number_{::socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)} {}
    ~descriptor()
    {
        if (number_ >= 0)
            ::close(number_);
    }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;

    /// 0, or errno: of the socket itself where it could not be made.
    [[nodiscard]] int connect(sockaddr const* address, socklen_t size) const
    {
        if (number_ < 0)
            return error_;
        return ::connect(number_, address, size) == 0 ? 0 : errno;
    }

private:
    int number_;
    int error_ = errno;
};

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

    std::optional<file_access> access_of(std::filesystem::path const& path) const override
    {
        struct stat status
        {};
        if (::stat(path.c_str(), &status) != 0)
            return std::nullopt;
        return file_access{status.st_mode & 0777U, status.st_uid == 0};
    }

    std::optional<bool> libpq_finds_service(std::string const& name) const override
    {
        return url::libpq_finds_service(name);
    }

    route_kind route_to(std::string const& address) const override
    {
        auto wanted = addrinfo{};
        wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
        wanted.ai_socktype = SOCK_DGRAM;
        auto* found = static_cast<addrinfo*>(nullptr);
        if (::getaddrinfo(address.c_str(), "5432", &wanted, &found) != 0 || !found)
            return route_kind::unknown;
        auto const owner = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>{found, &::freeaddrinfo};
        switch (descriptor{found->ai_family, SOCK_DGRAM}.connect(found->ai_addr, found->ai_addrlen)) {
        case 0: return route_kind::there;
        case ENETUNREACH:
        case EHOSTUNREACH:
        case ENETDOWN:
        case EADDRNOTAVAIL: return route_kind::absent;
        case EAFNOSUPPORT:
        case EPERM:
        case EACCES: return route_kind::forbidden;
        default: return route_kind::unknown;
        }
    }

    socket_answer probe_socket(std::filesystem::path const& path) const override
    {
        auto address = sockaddr_un{};
        address.sun_family = AF_UNIX;
        if (path.native().size() >= sizeof address.sun_path)
            return socket_answer::unknown;
        std::memcpy(address.sun_path, path.c_str(), path.native().size() + 1);
        auto const size = static_cast<socklen_t>(sizeof address);
        switch (
            descriptor{AF_UNIX, SOCK_STREAM}.connect(reinterpret_cast<sockaddr*>(&address), size)) { // NOLINT
        case 0:
        case EAGAIN: return socket_answer::accepted; // its queue is full, so somebody has one
        case ENOENT:
        case ENOTDIR: return socket_answer::absent;
        case ECONNREFUSED: return socket_answer::refused;
        case EACCES:
        case EPERM: return socket_answer::forbidden;
        default: return socket_answer::unknown;
        }
    }
};

} // namespace

route_kind place::route_to(std::string const& /*address*/) const
{
    return route_kind::unknown;
}

socket_answer place::probe_socket(std::filesystem::path const& /*path*/) const
{
    return socket_answer::unknown;
}

std::optional<bool> place::libpq_finds_service(std::string const& /*name*/) const
{
    return std::nullopt;
}

place const& this_place()
{
    static auto const real = real_place{};
    return real;
}

} // namespace schemagate
