// False refusals: 0. Every string by which libpq reaches a real server is booted with, in every place.
#include <chrono>
#include <filesystem>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "catch.hpp"
#include "programs.hpp"

using namespace programs;

namespace {

struct way
{
    std::string url;
    support::environment with{};
};

bool has_ipv6_loopback()
{
    int const probe = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in6 at{};
    at.sin6_family = AF_INET6;
    at.sin6_addr = in6addr_loopback;
    bool const there = probe >= 0 && bind(probe, reinterpret_cast<sockaddr const*>(&at), sizeof at) == 0;
    if (probe >= 0) {
        close(probe);
    }
    return there;
}

// A server of its own: on IPv6 too, and with names that need escaping.
struct reachable
{
    bool ipv6 = has_ipv6_loopback();
    support::private_server server{
        {.config = {ipv6 ? "listen_addresses = '127.0.0.1, ::1'" : "listen_addresses = '127.0.0.1'"}}};
    std::unique_ptr<support::test_database> database = server.create_database();
    support::temporary_folder folder{"ways"};

    std::string port = std::to_string(server.port());
    std::string socket = server.socket_folder();
    std::string d = database->name();
    std::string login = std::string{support::private_server::owner} + ":" + support::private_server::password;

    [[nodiscard]] std::string file(std::string const& name, std::string const& text) const
    {
        auto const path = folder.write(name, text);
        std::filesystem::permissions(path, std::filesystem::perms::owner_read);
        return path.string();
    }
    /// The refusals; each is a line of the report.
    [[nodiscard]] std::vector<std::string> refused(std::vector<way> const& ways) const
    {
        std::vector<std::string> found;
        for (auto const& each : ways) {
            auto with = each.with;
            with["DATABASE_URL"] = each.url;
            with.emplace("SCHEMAGATE_CONNECT_WAIT", "20s");
            auto const done = prompt_service({"migrate"}, with);
            if (done.code != 0) {
                found.push_back(each.url + " → " + std::to_string(done.code) + " " + done.code_name + ": " +
                                done.message);
            }
        }
        return found;
    }
    [[nodiscard]] std::vector<way> over_tcp() const
    {
        auto const at = "@127.0.0.1:" + port + "/" + d;
        auto const u = "postgresql://" + login;
        return {
            {u + at},
            {"postgres://" + login + at},
            {u + "@localhost:" + port + "/" + d},
            {u + "@127.0.0.1:0" + port + "/" + d}, // read as a number
            {u + "@127.0.0.1/" + d, {{"PGPORT", port}}},
            {u + "@127.0.0.1:1,127.0.0.1:" + port + "/" + d}, // the first refuses
            {u + "@db.invalid:" + port + ",127.0.0.1:" + port + "/" + d},
            {u + "@db.invalid:" + port + "/" + d + "?hostaddr=127.0.0.1"},
            {u + "@db.invalid:" + port + "/" + d, {{"PGHOSTADDR", "127.0.0.1"}}},
            {u + "@db.invalid:1/other?host=127.0.0.1&port=" + port + "&dbname=" + d},
            {"postgresql://127.0.0.1:" + port + "?user=backend&password=Owner-Pass-7731&dbname=" + d},
            {"postgresql://backend" + at, {{"PGPASSWORD", support::private_server::password}}},
            {"postgresql://" + at.substr(1),
             {{"PGUSER", "backend"}, {"PGPASSWORD", support::private_server::password}}},
            {"postgresql:///" + d + "?user=backend&password=Owner-Pass-7731",
             {{"PGHOST", "127.0.0.1"}, {"PGPORT", port}}},
            {"postgresql://",
             {{"PGHOST", "127.0.0.1"},
              {"PGPORT", port},
              {"PGDATABASE", d},
              {"PGUSER", "backend"},
              {"PGPASSWORD", support::private_server::password}}},
            {u + at + "?"},
            {u + at + "?sslmode=prefer&"},
            {u + at + "?sslmode=disable&connect_timeout=10&application_name=caf%C3%A9%20x"},
            {u + at + "?options=-c%20work_mem%3D8MB%20-c%20search_path%3Dpublic"},
            {u + at + "?options=-c work_mem%3D8MB"}, // newer libpq refuses the blank; this one does not
            {u + at + "?target_session_attrs=read-write&keepalives_idle=30&gssencmode=disable"},
            {u + at + "?client_encoding=LATIN1&fallback_application_name=f"},
            {"host=127.0.0.1 port=" + port + " dbname=" + d + " user=backend password=Owner-Pass-7731"},
            {"  host = '127.0.0.1'  port='" + port + "' dbname=" + d +
             " user=backend password='Owner-Pass-7731' application_name='it\\'s \\\\ us'"},
            {"dbname=" + d + " user=backend password=Owner-Pass-7731",
             {{"PGHOST", "127.0.0.1"}, {"PGPORT", port}}},
        };
    }
    [[nodiscard]] std::vector<way> over_socket() const
    {
        auto const coded = support::percent_encoded(socket);
        return {
            {"postgresql://backend@/" + d + "?host=" + socket + "&port=" + port},
            {"postgresql://backend@/" + d + "?host=" + coded + "&port=" + port},
            {"postgresql://backend@" + coded + ":" + port + "/" + d},
            {"postgresql:///" + d + "?user=backend&host=" + socket + "/&port=" + port},
            {"postgresql://" + login + "@/" + d + "?host=/nowhere," + socket + "&port=" + port},
            {"postgresql://backend@/" + d, {{"PGHOST", socket}, {"PGPORT", port}}},
            {"host=" + socket + " port=" + port + " dbname=" + d + " user=backend"},
        };
    }
    [[nodiscard]] std::vector<way> by_files() const
    {
        auto const services = file("services", "[here]\nhost=127.0.0.1\nport=" + port + "\ndbname=" + d +
                                                   "\nuser=backend\npassword=Owner-Pass-7731\n");
        auto const passes = file("passes", "# all\n*:*:*:backend:Owner-Pass-7731\n");
        auto const at = "127.0.0.1:" + port + "/" + d;
        return {
            {"postgresql:///?service=here", {{"PGSERVICEFILE", services}}},
            {"service=here", {{"PGSERVICEFILE", services}}},
            {"postgresql://", {{"PGSERVICEFILE", services}, {"PGSERVICE", "here"}}},
            {"postgresql://backend@" + at + "?passfile=" + support::percent_encoded(passes)},
            {"postgresql://backend@" + at, {{"PGPASSFILE", passes}}},
            {"host=127.0.0.1 port=" + port + " dbname=" + d + " user=backend passfile=" + passes},
        };
    }
};

} // namespace

TEST_CASE_METHOD(reachable, "no string that reaches the server over TCP is refused", "[url][connects]")
{
    CHECK(refused(over_tcp()) == std::vector<std::string>{});
    if (ipv6) {
        CHECK(refused({{"postgresql://" + login + "@[::1]:" + port + "/" + d},
                       {"postgresql://" + login + "@db.invalid:" + port + "/" + d + "?hostaddr=::1"},
                       {"host=::1 port=" + port + " dbname=" + d +
                        " user=backend password=Owner-Pass-7731"}}) == std::vector<std::string>{});
    }
    else {
        WARN("NOT RUN: IPv6, since this machine has no ::1");
    }
}

TEST_CASE_METHOD(reachable, "no string that reaches the server by a socket or a file is refused",
                 "[url][connects]")
{
    CHECK(refused(over_socket()) == std::vector<std::string>{});
    CHECK(refused(by_files()) == std::vector<std::string>{});
}

TEST_CASE_METHOD(reachable, "no place makes a string that connects a refused one", "[url][connects]")
{
    for (auto const& [variable, value] : support::environment{{"CLOUD_RUN_JOB", "job"},
                                                              {"K_SERVICE", "service"},
                                                              {"GAE_ENV", "standard"},
                                                              {"KUBERNETES_SERVICE_HOST", "127.0.0.1"},
                                                              {"container", "podman"},
                                                              {"DYNO", "web.1"},
                                                              {"RENDER", "true"},
                                                              {"RAILWAY_ENVIRONMENT", "production"},
                                                              {"FLY_APP_NAME", "app"},
                                                              {"AWS_LAMBDA_FUNCTION_NAME", "f"},
                                                              {"INVOCATION_ID", "1"},
                                                              {"CI", "true"}}) {
        INFO(variable);
        auto in_place = [&, name = variable, text = value](way one) {
            one.with[name] = text;
            return one;
        };
        CHECK(refused({in_place(over_tcp().front()), in_place(over_socket().front())}) ==
              std::vector<std::string>{});
    }
}

TEST_CASE_METHOD(reachable, "no name or password that has to be escaped is refused", "[url][connects]")
{
    std::vector<way> ways;
    int n = 0;
    for (std::string const name :
         {"with blank", "caf\xC3\xA9", "per%cent", "sla/sh", "at@sign", "Upper", "-dash", "colon:n", "hash#",
          "quo'te", "{brace}", "$VAR", "a=b", "postgres"}) {
        auto const role = name + std::to_string(++n);
        auto const quoted = [](std::string const& text) { return "\"" + text + "\""; };
        database->run("create role " + quoted(role) + " login password " + support::sql_literal("p" + name));
        database->run("create database " + quoted(role) + " owner " + quoted(role));
        ways.push_back({server.url(role, role, "p" + name)});
    }
    // What libpq takes raw, though other parsers do not.
    for (std::string const password :
         {"a#b", "a?b", "a&b", "a=b", "a:b", "a[b]c", "a b", "a;b", "a+b", "caf\xC3\xA9"}) {
        auto const role = "raw" + std::to_string(++n);
        database->run("create role " + role + " login password " + support::sql_literal(password));
        database->run("create database " + role + " owner " + role);
        ways.push_back({"postgresql://" + role + ":" + password + "@127.0.0.1:" + port + "/" + role});
    }
    CHECK(refused(ways) == std::vector<std::string>{});
}

// Takes connections and says nothing, as a half-dead host does.
struct silent_host
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int port = 0;
    silent_host()
    {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        REQUIRE(bind(listener, reinterpret_cast<sockaddr const*>(&at), sizeof at) == 0);
        REQUIRE(listen(listener, 16) == 0);
        REQUIRE(getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size) == 0);
        port = ntohs(at.sin_port);
    }
    ~silent_host() { close(listener); }
    silent_host(silent_host const&) = delete;
    silent_host& operator=(silent_host const&) = delete;
};

TEST_CASE_METHOD(reachable, "a first host that never answers does not keep the second one from being tried",
                 "[url][connects]")
{
    silent_host const silent;
    auto const hosts = "@127.0.0.1:" + std::to_string(silent.port) + ",127.0.0.1:" + port + "/" + d;
    CHECK(refused({{"postgresql://" + login + hosts + "?connect_timeout=2"},
                   {"postgresql://" + login + hosts, {{"PGCONNECT_TIMEOUT", "2"}}}}) ==
          std::vector<std::string>{});
}

TEST_CASE_METHOD(reachable, "settings of the role that change how things are read refuse no boot",
                 "[url][connects]")
{
    database->run("alter role backend in database " + d + " set quote_all_identifiers = on");
    database->run("alter role backend in database " + d +
                  " set default_transaction_isolation = serializable");
    auto const url = "postgresql://" + login + "@127.0.0.1:" + port + "/" + d;
    CHECK(refused({{url}, {url, {{"SCHEMAGATE_DRIFT", "refuse"}}}}) == std::vector<std::string>{});
    database->run("alter role backend in database " + d + " reset all");
    CHECK(refused({{url, {{"SCHEMAGATE_DRIFT", "refuse"}}}}) == std::vector<std::string>{});
}

TEST_CASE_METHOD(reachable, "a proxy that makes its socket three seconds after the boot began is waited for",
                 "[url][connects]")
{
    support::temporary_folder const proxy{"proxy"};
    service backend{{{"DATABASE_URL", "postgresql://backend@/" + d + "?host=" + proxy.path().string()}}};
    REQUIRE(backend.process().wait_for_output("outcome=retrying"));
    std::this_thread::sleep_for(std::chrono::seconds{3});
    CHECK(backend.get("/readyz").status == 503);
    std::filesystem::create_symlink(socket + "/.s.PGSQL." + port, proxy.path() / ".s.PGSQL.5432");
    CHECK(backend.is_ready());
    CHECK(backend.terminate() == 0);
}
