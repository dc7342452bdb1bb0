#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>

#include "catch.hpp"
#include "fake_place.hpp"

using schemagate::describe;
using schemagate::file_kind;
using schemagate::is_container;
using schemagate::this_place;

namespace {

struct private_folder
{
    std::filesystem::path path;
    private_folder()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "place_test.XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()));
        path = pattern;
    }
    ~private_folder() { std::filesystem::remove_all(path); }
};

} // namespace

TEST_CASE("a place is recognised by what its platform sets", "[place]")
{
    struct known
    {
        std::string variable;
        std::string name;
        bool container;
    };
    for (auto const& [variable, name, container] :
         std::vector<known>{{"CLOUD_RUN_JOB", "Cloud Run job", true},
                            {"K_SERVICE", "Cloud Run service", true},
                            {"KUBERNETES_SERVICE_HOST", "Kubernetes", true},
                            {"GAE_ENV", "App Engine", true},
                            {"DYNO", "Heroku", true},
                            {"GITHUB_ACTIONS", "GitHub Actions", false},
                            {"INVOCATION_ID", "systemd", false}}) {
        auto const place = fake_place{{variable, "x"}};
        CHECK(describe(place) == name);
        CHECK(is_container(place) == container);
    }
    auto docker = fake_place{};
    CHECK(describe(docker).empty());
    CHECK_FALSE(is_container(docker));
    docker.with("/.dockerenv", file_kind::regular);
    CHECK(describe(docker) == "Docker");
    CHECK(is_container(docker));
    docker.variables["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
    CHECK(describe(docker) == "Kubernetes");
    docker.variables["K_SERVICE"] = "x";
    CHECK(describe(docker) == "Knative service");
}

TEST_CASE("this_place() reads variables and files as they are", "[place]")
{
    auto const& place = this_place();
    ::setenv("SCHEMAGATE_PLACE_TEST", "value", 1);
    CHECK(place.variable("SCHEMAGATE_PLACE_TEST") == "value");
    CHECK(place.variables_with_prefix("SCHEMAGATE_PLACE_") ==
          std::vector<std::string>{"SCHEMAGATE_PLACE_TEST"});
    ::unsetenv("SCHEMAGATE_PLACE_TEST");
    CHECK_FALSE(place.variable("SCHEMAGATE_PLACE_TEST"));

    auto const folder = private_folder{};
    auto const file = folder.path / "file";
    std::ofstream{file} << std::string{"a\0b", 3};
    CHECK(place.kind_of(folder.path) == file_kind::folder);
    CHECK(place.kind_of(file) == file_kind::regular);
    CHECK(place.kind_of(folder.path / "absent") == file_kind::absent);
    CHECK(place.kind_of(file / "below") == file_kind::absent);
    CHECK(place.kind_of("/dev/null") == file_kind::other);
    CHECK(place.content_of(file, 10) == std::string{"a\0b", 3});
    CHECK(place.content_of(file, 1) == std::string{"a\0", 2});
    CHECK_FALSE(place.content_of(folder.path, 10));
    CHECK_FALSE(place.content_of(folder.path / "absent", 10));

    ::chmod(file.c_str(), 0640);
    CHECK_FALSE(place.world_readable(file));
    ::chmod(file.c_str(), 0644);
    CHECK(place.world_readable(file));

    auto address = sockaddr_un{};
    address.sun_family = AF_UNIX;
    auto const path = (folder.path / "s").string();
    REQUIRE(path.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    auto const descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(descriptor >= 0);
    CHECK(::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0); // NOLINT
    CHECK(place.kind_of(path) == file_kind::socket);
    ::close(descriptor);
}
