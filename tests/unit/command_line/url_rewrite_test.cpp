// `url rewrite`: where the old URL comes from, where the new one goes, and that nothing else shows it.
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <pty.h>
#include <sys/stat.h>

#include "captured_run.hpp"
#include "catch.hpp"

using namespace captured;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
namespace fs = std::filesystem;

namespace {

std::string const socket_url = "postgresql://user:Hunter2%2FXq7vZk@/vividly?host=/cloudsql/P:R:I";
std::string const tcp_url = "postgresql://user:Hunter2%2FXq7vZk@10.240.0.3:5432/vividly";

struct folder
{
    fs::path path;
    folder()
    {
        auto pattern = (fs::temp_directory_path() / "url_rewrite_test.XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    ~folder() { fs::remove_all(path); }
    [[nodiscard]] std::string operator/(char const* name) const { return (path / name).string(); }
    [[nodiscard]] auto entries() const
    {
        return std::distance(fs::directory_iterator{path}, fs::directory_iterator{});
    }
};

std::string content_of(std::string const& path)
{
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

mode_t mode_of(std::string const& path)
{
    struct stat status
    {};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status.st_mode;
}

result rewritten(std::vector<std::string> options, std::string const& old = socket_url,
                 std::string const& on_stdin = "")
{
    piped const in{on_stdin};
    options.insert(options.begin(), {"url", "rewrite"});
    std::map<std::string, std::string> variables;
    if (!old.empty()) {
        variables["DATABASE_URL"] = old;
    }
    auto r = run(host(), options, variables);
    INFO(r.err);
    CHECK_THAT(r.err, !Contains("Hunter2") && !Contains("Xq7vZk"));
    return r;
}

} // namespace

TEST_CASE("stdout gets the new URL alone, and stderr what changed, without secrets", "[url_rewrite]")
{
    auto const r = rewritten({"--host", "10.240.0.3", "--port", "5432"});
    CHECK(r.code == 0);
    CHECK(r.out == tcp_url + "\n");
    CHECK_THAT(r.err,
               StartsWith("prompt-service: DATABASE_URL: host /cloudsql/P:R:I -> 10.240.0.3, port (none) -> "
                          "5432; now postgresql://user:***@10.240.0.3:5432/vividly\n"));
    CHECK(rewritten({"--host", "10.240.0.3", "--port", "5432", "--no-newline"}).out == tcp_url);
    CHECK_THAT(rewritten({}).err, Contains("nothing changed"));
}

TEST_CASE("what was not understood is refused, and nothing is written", "[url_rewrite]")
{
    for (auto const* const url :
         {"postgresql://u:Hunter2/X@q@db:5432/d?sslmode=require", "postgresql://u:Hunter2@Xq7vZk@db:5432/d",
          "postgresql://u:${PASSWORD}@db:5432/d", "postgresql://u:Hunter2@db:5432/passport"}) {
        INFO(url);
        auto const r = rewritten({"--host", "10.240.0.3"}, url);
        CHECK(r.code == 78);
        CHECK(r.out.empty());
        CHECK_THAT(r.err, !Contains("Hunter2") && !Contains("Xq7vZk"));
    }
    CHECK(rewritten({"--host", "10.240.0.3", "--accept", "doubtful-reading"},
                    "postgresql://u:p@db:5432/passport")
              .out == "postgresql://u:p@10.240.0.3:5432/passport\n");
}

TEST_CASE("a socket that is missing on this machine alone does not stop the rewriting", "[url_rewrite]")
{
    auto const r = rewritten({"--host=/cloudsql/P:R:I"}, tcp_url);
    CHECK(r.code == 0);
    CHECK(r.out == socket_url + "\n");
    CHECK_THAT(r.err, Contains("warning socket-not-mounted") && Contains("(Only in this place.)"));
}

TEST_CASE("the environment comes before stdin, unless --stdin says otherwise", "[url_rewrite]")
{
    CHECK(rewritten({"--user", "x"}, "postgresql://a@h/d", "postgresql://b@g/d\n").out ==
          "postgresql://x@h/d\n");
    CHECK(rewritten({"--user", "x", "--stdin"}, "postgresql://a@h/d", "postgresql://b@g/d\n").out ==
          "postgresql://x@g/d\n");
    CHECK(rewritten({"--user", "x"}, "", "postgresql://b@g/d\r\n").out == "postgresql://x@g/d\n");
    for (auto const* text : {"", "\n", "postgresql://b@g/d\n\n", "a\nb"}) {
        auto const r = rewritten({"--user", "x"}, "", text);
        CHECK(r.code == 78);
        CHECK(r.out.empty());
    }
    piped const in{""};
    auto const other =
        run(host(), {"url", "rewrite", "--variable", "MIGRATION_DATABASE_URL", "--user", "x"},
            {{"MIGRATION_DATABASE_URL", "postgresql://m@h/d"}, {"DATABASE_URL", "postgresql://a@h/d"}});
    CHECK(other.out == "postgresql://x@h/d\n");
    auto const unset =
        run(host(), {"url", "rewrite", "--variable", "OTHER_URL"}, {{"DATABASE_URL", "postgresql://a@h/d"}});
    CHECK(unset.code == 78);
    CHECK(unset.closing().at("message") == "OTHER_URL is not set, nor is OTHER_URL_FILE.");
    CHECK_THAT(std::string{unset.closing().at("fix").as_string()}, Contains("--stdin"));
    CHECK(rewritten({"--variable", "OTHER_URL", "--stdin"}).code == 64);
    CHECK_THAT(rewritten({"--variable", "Hunter2"}).err, Contains("The variable of --variable is not set"));
}

TEST_CASE("a password comes from a file or stdin, never from an argument", "[url_rewrite]")
{
    folder const at;
    std::ofstream{at / "password"} << "N@w/Hunter2?\n";
    auto const expected = std::string{"postgresql://u:N%40w%2FHunter2%3F@h/d\n"};
    CHECK(rewritten({"--password-file", at / "password"}, "postgresql://u:old@h/d").out == expected);
    CHECK(rewritten({"--password-file", "-"}, "postgresql://u:old@h/d", "N@w/Hunter2?\n").out == expected);
    CHECK(rewritten({"--password-file", "-"}, "", "postgresql://u:old@h/d").code == 64);
    CHECK(rewritten({"--password-file", "-"}, "postgresql://u:old@h/d", "\n").code == 64);
    CHECK(rewritten({"--password-file", "-"}, "postgresql://u:old@h/d", "Hunter2\nXq7vZk\n").code == 78);
    CHECK(rewritten({"--password-file", at / "absent"}).code == 78);
    for (auto const* set : {"password=Hunter2", "sslpassword=Hunter2", "host=x", "Hunter2=x", "Hunter2"}) {
        auto const r = rewritten({"--set", set});
        CHECK(r.code == 64);
        CHECK(r.out.empty());
    }
    CHECK_THAT(rewritten({"--set", "password=Hunter2"}).err, Contains("--password-file"));
    CHECK(rewritten({"--password", "Hunter2"}).code == 64);
    CHECK(rewritten({"--unset", "password"}).out == "postgresql://user@/vividly?host=/cloudsql/P:R:I\n");
}

TEST_CASE("--set and --unset may be repeated", "[url_rewrite]")
{
    CHECK(rewritten(
              {"--set", "sslmode=require", "--unset", "user", "--set", "options=-c a=b", "--unset=password"},
              "postgresql://u:p@h/d")
              .out == "postgresql://h/d?options=-c%20a%3Db&sslmode=require\n");
    CHECK(rewritten({"--set", "sslmode=require", "--set", "sslmode=prefer"}).code == 64);
}

TEST_CASE("a result that a boot would refuse is not written, unless the operator accepts it", "[url_rewrite]")
{
    folder const at;
    auto const refused = rewritten({"--host", "db", "--connection", "socket", "--out", at / "url"}, tcp_url);
    CHECK(refused.code == 78);
    CHECK(refused.out.empty());
    CHECK(at.entries() == 0);
    CHECK(refused.closing().at("code") == "connection-not-socket");
    CHECK(rewritten({"--host", "db", "--connection", "socket", "--accept", "connection-not-socket"}, tcp_url)
              .code == 0);
    CHECK(rewritten({"--host", "db"}, "postgresql://u:Hunter2@Xq7vZk@@db/d").closing().at("code") ==
          "password-has-at");
    auto const slash = rewritten({"--user", "b"}, "postgresql://u:Hunter2Xq7vZk@/d?host=cloudsql/P:R:I");
    CHECK(slash.code == 78);
    CHECK(slash.out.empty());
    CHECK(slash.closing().at("code") == "socket-slash-missing");
}

TEST_CASE("--out writes a file that its owner alone may read, whatever was there", "[url_rewrite]")
{
    folder const at;
    auto const umask = ::umask(0777);
    CHECK(rewritten({"--host", "10.240.0.3", "--port", "5432", "--out", at / "new"}).code == 0);
    ::umask(umask);
    CHECK(mode_of(at / "new") == (S_IFREG | 0600));
    CHECK(content_of(at / "new") == tcp_url);

    std::ofstream{at / "old"} << "something longer than the URL will ever be: " << std::string(500, 'x');
    ::chmod((at / "old").c_str(), 0666);
    fs::create_hard_link(at / "old", at / "link");
    auto const r = rewritten({"--host", "10.240.0.3", "--port", "5432", "--out", at / "old", "--json"});
    CHECK(r.err.empty());
    CHECK(mode_of(at / "old") == (S_IFREG | 0600));
    CHECK(content_of(at / "old") == tcp_url);
    CHECK_THAT(content_of(at / "link"), StartsWith("something"));
    CHECK(at.entries() == 3);

    CHECK_THAT(r.out, !Contains("Hunter2"));
    auto const line = r.json();
    CHECK(line.at("written").as_string() == at / "old");
    CHECK(line.at("redacted") == "postgresql://user:***@10.240.0.3:5432/vividly");
    CHECK(line.at("changed").as_array().at(0) ==
          boost::json::object{{"part", "host"}, {"from", "/cloudsql/P:R:I"}, {"to", "10.240.0.3"}});
    CHECK(line.at("findings").as_array().at(0).as_object().at("code") == "tls-not-required");
}

TEST_CASE("--out refuses what is no plain file, and leaves it alone", "[url_rewrite]")
{
    folder const at;
    std::ofstream{at / "target"} << "kept";
    fs::create_symlink("target", at / "link");
    fs::create_symlink("absent", at / "dangling");
    fs::create_directory(at / "folder");
    REQUIRE(::mkfifo((at / "pipe").c_str(), 0600) == 0);
    for (auto const* name : {"link", "dangling", "folder", "pipe", "absent/file", "folder/", "target/file"}) {
        auto const r = rewritten({"--host", "db", "--out", at / name}, tcp_url);
        INFO(name << r.err);
        CHECK(r.code == 64);
        CHECK(r.out.empty());
    }
    CHECK(at.entries() == 5);
    CHECK(content_of(at / "target") == "kept");
    CHECK_FALSE(fs::exists(at / "absent"));
}

TEST_CASE("with --json and no file, stdout stays the URL, and stderr gets the line", "[url_rewrite]")
{
    auto const r = rewritten({"--user", "x", "--json"}, "postgresql://u:Hunter2Xq7vZk@h/d");
    CHECK(r.out == "postgresql://x:Hunter2Xq7vZk@h/d\n");
    CHECK(r.closing().at("written") == "stdout");
}

TEST_CASE("a terminal gets the URL only with --show, and what was typed there is not read", "[url_rewrite]")
{
    int terminal = -1;
    int shown = -1;
    REQUIRE(::openpty(&terminal, &shown, nullptr, nullptr, nullptr) == 0);
    auto const before = ::dup(STDOUT_FILENO);
    auto const run_there = [&](std::vector<std::string> arguments) {
        environment const around{{{"DATABASE_URL", socket_url}}};
        arguments.insert(arguments.begin(), {"prompt-service", "url", "rewrite"});
        std::vector<char const*> argv;
        for (auto const& argument : arguments) {
            argv.push_back(argument.c_str());
        }
        argv.push_back(nullptr);
        redirected const err{STDERR_FILENO};
        ::dup2(shown, STDOUT_FILENO);
        auto const code =
            schemagate::run_command_line(host(), static_cast<int>(arguments.size()), argv.data());
        ::dup2(before, STDOUT_FILENO);
        return code;
    };
    CHECK(run_there({"--user", "x"}) == 64);
    CHECK(run_there({"--user", "x", "--show"}) == 0);
    char buffer[256];
    auto const size = ::read(terminal, buffer, sizeof buffer);
    REQUIRE(size > 0);
    CHECK_THAT(std::string(buffer, static_cast<std::size_t>(size)), StartsWith("postgresql://x:"));
    for (auto const descriptor : {terminal, shown, before}) {
        ::close(descriptor);
    }
}

TEST_CASE("a stdout that takes only a part is an error, not a success with half a secret", "[url_rewrite]")
{
    auto const before = ::dup(STDOUT_FILENO);
    auto const full = ::open("/dev/full", O_WRONLY);
    environment const around{{{"DATABASE_URL", socket_url}}};
    char const* const argv[] = {"prompt-service", "url", "rewrite", "--user", "x", nullptr};
    int code = -1;
    {
        redirected const err{STDERR_FILENO};
        ::dup2(full, STDOUT_FILENO);
        code = schemagate::run_command_line(host(), 5, argv);
        ::dup2(before, STDOUT_FILENO);
        CHECK_THAT(err.text(), Contains("disk-full") && !Contains("Hunter2"));
    }
    CHECK(code == 65);
    ::close(full);
    ::close(before);
}
