// app/deploy/rotate-database-url, with a failure at each step: nothing added, nothing shown, the contract's
// exit code.
#include <csignal>
#include <thread>

#include "catch.hpp"
#include "rotation.hpp"

using support::holds;

namespace {

std::string const url = "postgresql://vividly:Hunter2%2FXq@10.240.0.3:5432/vividly";

struct step
{
    std::string fails;
    int code;
    std::string says;
};

void check_nothing_shown(rotation const& one)
{
    CHECK_THAT(one.seen(), !holds("Hunter2"));
}

} // namespace

TEST_CASE("each step that fails ends it, with what, why and what to do", "[rotate][failure]")
{
    std::vector<step> const steps{
        {"describe", 78, "could not find the newest version of db (NOT_FOUND)"},
        {"describe-nothing", 69, "gcloud named no version of db"},
        {"access", 77, "(PERMISSION_DENIED)"},
        {"access-disabled", 78, "disabled or destroyed"},
        {"access-login", 77, "next: gcloud auth login"},
        {"access-network", 69, "run it again: gcloud secrets versions describe 7 --secret=db"},
        {"rewrite-nothing", 70, "url rewrite gave nothing"},
        {"check-refused", 78, "url check refused the new URL"},
        {"add", 69, "could not add a version to db (UNAVAILABLE). Nothing was added."},
    };
    for (auto const& one_step : steps) {
        rotation one{url};
        auto const done = one.failing(one_step.fails).run({"--host", "db"});
        INFO(one_step.fails << '\n' << done.err);
        CHECK(done.code == one_step.code);
        CHECK(done.out.empty());
        CHECK_THAT(done.err, holds(one_step.says) && holds("next: "));
        CHECK(one.nothing_added());
        check_nothing_shown(one);
    }
}

TEST_CASE("what is empty, refused or unchanged is not added", "[rotate][failure]")
{
    struct given
    {
        std::string held;
        std::vector<std::string> options;
        int code;
        std::string says;
    };
    std::vector<given> const all{
        {"\n", {"--host", "db"}, 78, "is empty"},
        {url, {}, 78, "nothing would change"},
        {url, {"--host", "10.240.0.3"}, 78, "nothing would change"},
        {url, {"--port", "70000"}, 64, "url rewrite refused"},
        {url, {"--set", "password=Hunter2Xq"}, 64, "url rewrite refused"},
        {url, {"--host", "db", "--connection", "socket"}, 78, "url rewrite refused"},
        {"vividly:Hunter2Xq", {"--host", "db"}, 78, "url rewrite refused"},
        {url + "\n\n", {"--host", "db"}, 78, "url rewrite refused"},
        {"postgresql://vividly:Hunter2@Hunter2@@db/d", {"--host", "db"}, 78, "url rewrite refused"},
    };
    for (auto const& one_given : all) {
        rotation one{one_given.held};
        auto const done = one.run(one_given.options);
        INFO(one_given.says << '\n' << done.err);
        CHECK(done.code == one_given.code);
        CHECK(done.out.empty());
        CHECK_THAT(done.err, holds(one_given.says) && holds("Nothing was added") && holds("next: "));
        CHECK(one.nothing_added());
        CHECK_THAT(done.out + done.err, !holds("Hunter2"));
        CHECK_THAT(one.calls(), !holds("versions add"));
    }
}

TEST_CASE("a wrong command line reaches no secret, and is not repeated", "[rotate][failure]")
{
    std::vector<std::vector<std::string>> const all{
        {"--password", "Hunter2"},
        {"--password=Hunter2"},
        {"--out", "file"},
        {"--show"},
        {"-Hunter2"},
        {"--Hunter2=x"},
        {"postgresql://u:Hunter2@h/d"},
        {"other"},
        {"--host"},
        {"--from-version", "latest"},
        {"--dry-run=no"},
    };
    for (auto const& options : all) {
        rotation one{url};
        auto const done = one.run(options);
        INFO(options.front() << '\n' << done.err);
        CHECK(done.code == 64);
        CHECK_THAT(done.out + done.err, !holds("Hunter2"));
        CHECK(one.calls().empty());
    }
    rotation one{url};
    CHECK(one.run_bash({ROTATE_SCRIPT}).code == 64);
    CHECK(one.run_bash({ROTATE_SCRIPT, "--help"}).code == 0);
    CHECK(one.run({"--program", "/absent"}).code == 78);
    CHECK(one.calls().empty());
}

TEST_CASE("a version that somebody adds meanwhile is noticed", "[rotate][failure]")
{
    rotation before{url};
    auto done = before.failing("race-before").run({"--host", "db"});
    CHECK(done.code == 75);
    CHECK_THAT(done.err,
               holds("db got version 8 while this was made from version 7") && holds("Nothing was added"));
    CHECK_THAT(before.calls(), !holds("versions add"));
    check_nothing_shown(before);

    rotation between{url};
    done = between.failing("race-between").run({"--host", "db"});
    CHECK(done.code == 75);
    CHECK_THAT(done.err, holds("version 9 of db was added, but another came in between") &&
                             holds("disable 9 --secret=db, then run it again with --from-version 8"));
    check_nothing_shown(between);
}

TEST_CASE("an addition that was made though a failure was reported is named", "[rotate][failure]")
{
    rotation one{url};
    auto const done = one.failing("add-though").run({"--host", "db"});
    CHECK(done.code == 75);
    CHECK_THAT(done.err, holds("has a version 8 now") && holds("disable 8 --secret=db"));
    check_nothing_shown(one);
}

TEST_CASE("stopped between the steps, it says whether something was added", "[rotate][failure]")
{
    for (auto const& [where, says] :
         {std::pair{"slow-access", "before anything was added"},
          std::pair{"slow-look", "before anything was added"}, std::pair{"slow-add", "it may be there"}}) {
        rotation one{url};
        one.failing(where);
        support::child_process script{"/bin/bash", {ROTATE_SCRIPT, "db", "--host", "db"}, one.variables()};
        for (int i = 0; i < 500 && !std::filesystem::exists(one.folder().path() / "waits"); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        script.kill(SIGTERM);
        auto const status = script.wait();
        INFO(where << '\n' << script.err());
        CHECK(status.code == 75);
        CHECK(script.out().empty());
        CHECK_THAT(script.err(),
                   holds(says) && holds("gcloud secrets versions list db") && !holds("Hunter2"));
        CHECK(one.nothing_added() == (std::string{where} != "slow-add"));
        CHECK_THAT(one.seen(), !holds("Hunter2"));
    }
}
