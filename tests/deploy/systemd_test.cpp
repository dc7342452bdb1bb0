// What systemd is told by the observer, and by the real program (app/deploy/systemd).
#include "schemagate/systemd_observer.hpp"

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <unistd.h>

#include "catch.hpp"
#include "notify_socket.hpp"
#include "programs.hpp"

using namespace schemagate;
using namespace std::chrono_literals;
using programs::service;

namespace {

/// NOTIFY_SOCKET of this process, for a scope. Tests run one after another.
struct notify_variable
{
    explicit notify_variable(std::string const& value) { ::setenv("NOTIFY_SOCKET", value.c_str(), 1); }
    notify_variable(notify_variable const&) = delete;
    notify_variable& operator=(notify_variable const&) = delete;
    ~notify_variable() { ::unsetenv("NOTIFY_SOCKET"); }
};

std::string const extension = "EXTEND_TIMEOUT_USEC=60000"; // three times 20 ms

event const migrating{.step = step::apply,
                      .outcome = outcome::started,
                      .state = boot_state::migrating,
                      .script = "0007_add_index",
                      .position = 7,
                      .of = 9};
event const opened{.step = step::open, .outcome = outcome::done, .state = boot_state::open};

std::string abstract_name()
{
    return "@schemagate-test-" + std::to_string(::getpid());
}

} // namespace

TEST_CASE("without NOTIFY_SOCKET nobody listens for systemd", "[systemd]")
{
    ::unsetenv("NOTIFY_SOCKET");
    CHECK(tell_systemd() == nullptr);
}

TEST_CASE("the timeout is extended again and again while one script works, until the gate opens", "[systemd]")
{
    support::notify_socket systemd{abstract_name()};
    notify_variable const set{systemd.name()};
    auto const listener = tell_systemd(20ms);
    listener->on_event(migrating);
    CHECK(systemd.was_told(extension, 3));
    CHECK(systemd.count("STATUS=migrating 0007_add_index (7 of 9)") == 1);
    CHECK(systemd.count("READY=1") == 0);

    listener->on_event(opened);
    listener->on_event({.step = step::serve, .outcome = outcome::done, .state = boot_state::open});
    CHECK(systemd.was_told("READY=1"));
    CHECK(systemd.told().back() == "STATUS=open");
    auto const extended = systemd.count(extension);
    std::this_thread::sleep_for(100ms);
    CHECK(systemd.count(extension) == extended);
    CHECK(systemd.count("READY=1") == 1);
}

TEST_CASE("a failure is told by its code, without words that could quote a row", "[systemd]")
{
    support::notify_socket systemd{abstract_name()};
    notify_variable const set{systemd.name()};
    auto const listener = tell_systemd(20ms);
    event failed{.step = step::connect, .outcome = outcome::failed, .state = boot_state::connecting};
    failed.message = "some words";
    failed.fields = {{"code", "database-missing"}};
    listener->on_event(failed);
    CHECK(systemd.was_told("STATUS=connecting failed: database-missing"));
    for (auto const& line : systemd.told()) {
        CHECK(line.find("some words") == std::string::npos);
    }
}

TEST_CASE("the program is ready for systemd when its gate opens, and not before", "[systemd]")
{
    support::temporary_folder const folder{"notify"};
    bool const abstract = GENERATE(false, true);
    support::notify_socket systemd{abstract ? abstract_name() : (folder.path() / "notify").string()};
    auto const database = support::private_server::shared().create_database();
    auto lock = std::make_optional(programs::hold_boot_lock(*database));
    service backend{{{"DATABASE_URL", database->url()}, {"NOTIFY_SOCKET", systemd.name()}}};
    INFO(backend.process().err());
    REQUIRE(backend.in_state("waiting_for_lock"));
    CHECK(systemd.was_told("STATUS=waiting_for_lock"));
    CHECK(systemd.was_told("EXTEND_TIMEOUT_USEC=30000000"));
    CHECK(systemd.count("READY=1") == 0);

    lock.reset();
    CHECK(systemd.was_told("READY=1"));
    CHECK(support::wait_for(backend.port(), "/readyz", 200).status == 200); // once the prompts are loaded
    CHECK(systemd.count("STATUS=migrating 0001_enterprise_prompt_system_phase1 (1 of " +
                        std::to_string(programs::migrations()) + ")") == 1);
    CHECK(systemd.count("STATUS=open") == 1);
    CHECK(backend.terminate() == 0);
    CHECK(systemd.count("READY=1") == 1);
}

TEST_CASE("a boot does not depend on a NOTIFY_SOCKET that nobody reads", "[systemd]")
{
    auto const name = GENERATE(as<std::string>(), "/nonexistent/notify", "nonsense", "@nobody-there");
    auto const database = programs::migrated_database();
    service backend{{{"DATABASE_URL", database->url()}, {"NOTIFY_SOCKET", name}}};
    CHECK(backend.is_ready());
    CHECK(backend.terminate() == 0);
}
