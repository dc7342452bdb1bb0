// HOST and PORT, as the kernel sees them.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using support::holds;

namespace {

/// The address of a listening socket at this port (proc(5), /proc/net/tcp: little-endian hex); "" if there is
/// none.
std::string listening_address(int port)
{
    std::ifstream table{"/proc/net/tcp"};
    std::ostringstream wanted;
    wanted << ':' << std::uppercase << std::hex;
    wanted.fill('0');
    wanted.width(4);
    wanted << port;
    for (std::string line; std::getline(table, line);) {
        std::istringstream fields{line};
        std::string number;
        std::string local;
        std::string remote;
        std::string state;
        fields >> number >> local >> remote >> state;
        if (state == "0A" && local.ends_with(wanted.str())) {
            return local.substr(0, 8);
        }
    }
    return {};
}

constexpr auto everywhere = "00000000";
constexpr auto loopback = "0100007F";
constexpr auto second_loopback = "0200007F";

/// Whether these tests run in a container themselves: the signs that no environment takes away.
bool in_container()
{
    return std::filesystem::exists("/.dockerenv") || std::filesystem::exists("/run/.containerenv") ||
           std::filesystem::exists("/var/run/secrets/kubernetes.io/serviceaccount");
}

/// A service whose database does not matter.
class listener
{
public:
    explicit listener(support::environment variables, std::vector<std::string> const& arguments = {})
        : process_{PROMPT_SERVICE_PROGRAM, arguments, without_database(std::move(variables))}
    {}

    [[nodiscard]] bool says(std::string const& text) { return process_.wait_for_output(text); }
    [[nodiscard]] std::string err() const { return process_.err(); }
    [[nodiscard]] int ends() { return process_.wait().code; }

private:
    static support::environment without_database(support::environment variables)
    {
        variables.emplace("DATABASE_URL",
                          "postgresql://u:p@127.0.0.1:" + std::to_string(support::free_port()) + "/d");
        return variables;
    }
    support::child_process process_;
};

struct two_ports
{
    int number = support::free_port();
    std::string port = std::to_string(number);
    int other_number = support::free_port();
    std::string other = std::to_string(other_number);
};

} // namespace

TEST_CASE_METHOD(two_ports, "HOST: 127.0.0.1 by default, and the choice is logged", "[settings]")
{
    listener backend{{{"PORT", port}}};
    auto const expected = in_container() ? "0.0.0.0" : "127.0.0.1";
    REQUIRE(backend.says(std::string{"address="} + expected + ":" + port + " because=\"host: "));
    CHECK_THAT(backend.err(), holds("port: PORT"));
    CHECK(listening_address(number) == (in_container() ? everywhere : loopback));
    CHECK(support::wait_for(number, "/livez", 200).status == 200);
}

TEST_CASE_METHOD(two_ports, "HOST: 0.0.0.0 where a container, Kubernetes or Cloud Run is recognised",
                 "[settings]")
{
    auto const [sign, shown] =
        GENERATE(table<std::string, std::string>({{"K_SERVICE", "Cloud Run service"},
                                                  {"CLOUD_RUN_JOB", "Cloud Run job"},
                                                  {"KUBERNETES_SERVICE_HOST", "Kubernetes"},
                                                  {"container", "a container"}}));
    listener backend{{{"PORT", port}, {sign, "x"}}};
    REQUIRE(backend.says("address=0.0.0.0:" + port + " because=\"host: "));
    if (!in_container()) {
        CHECK_THAT(backend.err(), holds("because=\"host: " + shown + ", port: PORT\""));
    }
    CHECK(listening_address(number) == everywhere);
}

TEST_CASE_METHOD(two_ports, "HOST: what is set is used, in a container too, and --host before it",
                 "[settings]")
{
    auto const sign = GENERATE("K_SERVICE", "NO_SIGN_OF_A_CONTAINER");
    {
        listener backend{{{"PORT", port}, {"HOST", "127.0.0.2"}, {sign, "x"}}};
        REQUIRE(backend.says("address=127.0.0.2:" + port + " because=\"host: HOST, port: PORT\""));
        CHECK(listening_address(number) == second_loopback);
    }
    listener backend{{{"PORT", other}, {"HOST", "127.0.0.2"}, {sign, "x"}}, {"--host", "localhost"}};
    REQUIRE(backend.says("address=localhost:" + other + " because=\"host: --host, port: PORT\""));
}

TEST_CASE_METHOD(two_ports, "PORT: what is set is used, in a container too, and --port before it",
                 "[settings]")
{
    auto const sign = GENERATE("K_SERVICE", "NO_SIGN_OF_A_CONTAINER");
    {
        listener backend{{{"PORT", port}, {"HOST", "127.0.0.1"}, {sign, "x"}}};
        REQUIRE(backend.says("port: PORT\""));
        CHECK(listening_address(number) == loopback);
    }
    listener backend{{{"PORT", port}, {"HOST", "127.0.0.1"}, {sign, "x"}}, {"--port", other}};
    REQUIRE(backend.says("port: --port\""));
    CHECK(listening_address(other_number) == loopback);
    CHECK(listening_address(number).empty());
}

TEST_CASE("PORT: 8080 by default", "[settings]")
{
    // Somebody else may be there; then it is told.
    listener backend{{{"HOST", "127.0.0.1"}}};
    REQUIRE(backend.says("127.0.0.1:8080"));
    auto const taken = backend.err().find("cannot listen on 127.0.0.1:8080") != std::string::npos;
    auto const chosen = backend.err().find("address=127.0.0.1:8080 because=\"host: HOST, port: default\"");
    CHECK((taken || chosen != std::string::npos));
}

TEST_CASE_METHOD(two_ports, "PORT: one that is taken is exit 78, with what to do", "[settings]")
{
    listener first{{{"PORT", port}, {"HOST", "127.0.0.1"}}};
    REQUIRE(first.says("step=listen"));
    listener second{{{"PORT", port}, {"HOST", "127.0.0.1"}}};
    CHECK(second.ends() == 78);
    auto const closing = closing_line(second.err());
    CHECK_THAT(text(closing, "message"), holds("127.0.0.1:" + port));
    CHECK_THAT(text(closing, "fix"), holds("PORT"));
}

TEST_CASE("PORT: 0 is any free one, and the log says which", "[settings]")
{
    listener backend{{{"PORT", "0"}, {"HOST", "127.0.0.1"}}};
    std::string const before = "address=127.0.0.1:";
    REQUIRE(backend.says("port: PORT\""));
    auto const err = backend.err();
    auto const port = std::stoi(err.substr(err.find(before) + before.size()));
    CHECK(port > 0);
    CHECK(listening_address(port) == loopback);
}

TEST_CASE_METHOD(two_ports, "HOST: a name that leads nowhere is exit 78, with what to do", "[settings]")
{
    listener backend{{{"PORT", port}, {"HOST", "no-such-host.invalid"}}};
    CHECK(backend.ends() == 78);
    auto const closing = closing_line(backend.err());
    CHECK_THAT(text(closing, "message"), holds("no-such-host.invalid:" + port));
    CHECK_THAT(text(closing, "fix"), holds("HOST"));
}
