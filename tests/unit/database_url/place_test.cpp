#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fcntl.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>

#include "catch.hpp"
#include "fake_place.hpp"

#include "../../../modules/database_url/src/file_reading.hpp"

using schemagate::describe;
using schemagate::file_kind;
using schemagate::is_container;
using schemagate::is_systemd_unit;
using schemagate::route_kind;
using schemagate::socket_answer;
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
    private_folder(private_folder const&) = delete;
    private_folder& operator=(private_folder const&) = delete;
    ~private_folder() { std::filesystem::remove_all(path); }
};

} // namespace

TEST_CASE("every environment is recognised by each of its signs", "[place]")
{
    struct known
    {
        std::string variable;
        std::string name;
        bool container;
    };
    for (auto const& [variable, name, container] :
         std::vector<known>{{"K_SERVICE", "Cloud Run service", true},
                            {"CLOUD_RUN_JOB", "Cloud Run job", true},
                            {"CLOUD_RUN_EXECUTION", "Cloud Run job", true},
                            {"CLOUD_RUN_TASK_INDEX", "Cloud Run job", true},
                            {"GAE_INSTANCE", "App Engine", true},
                            {"GAE_ENV", "App Engine", true},
                            {"KUBERNETES_SERVICE_HOST", "Kubernetes", true},
                            {"DYNO", "Heroku", true},
                            {"RENDER", "Render", true},
                            {"RAILWAY_ENVIRONMENT", "Railway", true},
                            {"FLY_APP_NAME", "Fly.io", true},
                            {"AWS_LAMBDA_FUNCTION_NAME", "AWS Lambda", true},
                            {"ECS_CONTAINER_METADATA_URI_V4", "Amazon ECS", true},
                            {"GITHUB_ACTIONS", "GitHub Actions", false},
                            {"CI", "a CI runner", false},
                            {"INVOCATION_ID", "systemd", false},
                            {"JOURNAL_STREAM", "systemd", false},
                            {"CREDENTIALS_DIRECTORY", "systemd", false},
                            {"NOTIFY_SOCKET", "systemd", false}}) {
        INFO(variable);
        auto const place = fake_place{{variable, "x"}};
        CHECK(describe(place) == name);
        CHECK(is_container(place) == container);
        CHECK(is_systemd_unit(place) == (name == "systemd"));
        CHECK(describe(fake_place{{variable, ""}}).empty());
    }
    for (auto const& [path, name] : std::vector<std::pair<std::string, std::string>>{
             {"/var/run/secrets/kubernetes.io/serviceaccount", "Kubernetes"},
             {"/.dockerenv", "Docker"},
             {"/run/.containerenv", "Podman"}}) {
        auto place = fake_place{};
        place.with(path, file_kind::regular);
        CHECK(describe(place) == name);
        CHECK(is_container(place));
    }
    CHECK(describe(fake_place{{"container", "docker"}}) == "Docker");
    CHECK(describe(fake_place{{"container", "podman"}}) == "Podman");
    CHECK(describe(fake_place{{"container", "systemd-nspawn"}}) == "a container");
}

TEST_CASE("a plain host is no place in particular, and the narrower place comes before the wider", "[place]")
{
    auto place = fake_place{};
    CHECK(describe(place).empty());
    CHECK_FALSE(is_container(place));
    CHECK_FALSE(is_systemd_unit(place));
    place.with("/.dockerenv", file_kind::regular);
    place.variables["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
    CHECK(describe(place) == "Kubernetes");
    place.variables["K_SERVICE"] = "x";
    CHECK(describe(place) == "Knative service");
    // A CI job on a host that systemd runs, and a container that was handed the unit's variables.
    CHECK(describe(fake_place{{"GITHUB_ACTIONS", "true"}, {"INVOCATION_ID", "x"}}) == "GitHub Actions");
    place.variables["INVOCATION_ID"] = "x";
    CHECK_FALSE(is_systemd_unit(place));
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
    CHECK_FALSE(place.access_of(file)->world_readable());
    ::chmod(file.c_str(), 0644);
    CHECK(place.access_of(file)->world_readable());

    auto address = sockaddr_un{};
    address.sun_family = AF_UNIX;
    auto const path = (folder.path / "s").string();
    REQUIRE(path.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    auto const descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(descriptor >= 0);
    CHECK(::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0); // NOLINT
    CHECK(place.kind_of(path) == file_kind::socket);

    CHECK(place.probe_socket(path) == socket_answer::refused); // bound, but nobody listens
    CHECK(::listen(descriptor, 1) == 0);
    CHECK(place.probe_socket(path) == socket_answer::accepted);
    CHECK(place.probe_socket(folder.path / "absent") == socket_answer::absent);
    CHECK(place.probe_socket(std::string(200, 'x')) == socket_answer::unknown);
    if (::geteuid() != 0) { // root may open everything
        ::chmod(path.c_str(), 0);
        CHECK(place.probe_socket(path) == socket_answer::forbidden);
    }
    ::close(descriptor);
}

TEST_CASE("a pipe that nobody writes into ends the reading at its deadline", "[place]")
{
    auto const folder = private_folder{};
    auto const pipe = folder.path / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK(this_place().kind_of(pipe) == file_kind::other);
    auto const begin = std::chrono::steady_clock::now();
    CHECK_FALSE(schemagate::read_all(pipe, 10, std::chrono::milliseconds{100}));
    auto const taken = std::chrono::steady_clock::now() - begin;
    CHECK(taken >= std::chrono::milliseconds{90}); // poll(2) rounds to whole milliseconds
    CHECK(taken < schemagate::end_wait_default);
}

TEST_CASE("a pipe that somebody writes into is read to its end, however late and in whatever pieces",
          "[place]")
{
    auto const folder = private_folder{};
    auto const pipe = folder.path / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    auto writer = std::thread{[&] {
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
        auto const descriptor = ::open(pipe.c_str(), O_WRONLY);
        (void)!::write(descriptor, "post", 4);
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
        (void)!::write(descriptor, "gresql", 6);
        ::close(descriptor);
    }};
    CHECK(this_place().content_of(pipe, 100) == "postgresql");
    writer.join();
}

TEST_CASE("a pipe that its writer has left already, as with <(...), is read too", "[place]")
{
    int ends[2] = {-1, -1};
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::write(ends[1], "url\n", 4) == 4);
    ::close(ends[1]);
    CHECK(this_place().content_of("/dev/fd/" + std::to_string(ends[0]), 100) == "url\n");
    ::close(ends[0]);
}

TEST_CASE("an endless device gives what the limit allows, and a secret behind symbolic links is read",
          "[place]")
{
    CHECK(this_place().content_of("/dev/zero", 10) == std::string(11, '\0'));
    CHECK(this_place().content_of("/dev/null", 10) == "");

    // As Kubernetes mounts a secret: url -> ..data/url, ..data -> ..2026_01_01.
    auto const folder = private_folder{};
    std::filesystem::create_directory(folder.path / "..2026_01_01");
    std::ofstream{folder.path / "..2026_01_01" / "url"} << "url";
    std::filesystem::create_directory_symlink("..2026_01_01", folder.path / "..data");
    std::filesystem::create_symlink("..data/url", folder.path / "url");
    CHECK(this_place().kind_of(folder.path / "url") == file_kind::regular);
    CHECK(this_place().content_of(folder.path / "url", 10) == "url");
}

TEST_CASE("this_place() knows which addresses have a route, and asks for no name", "[place]")
{
    auto const& place = this_place();
    CHECK(place.route_to("127.0.0.1") == route_kind::there);
    CHECK(place.route_to("localhost") == route_kind::unknown);
    CHECK(place.route_to("") == route_kind::unknown);
    // The broadcast address is not for a socket that has not asked for it (EACCES): so is a sandbox seen.
    CHECK(place.route_to("255.255.255.255") == route_kind::forbidden);
}
