// The clients of app/client against the real program: each language through one scenario.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/prompt_client.hpp"
#include "contract.hpp"

using namespace contract;
namespace asio = boost::asio;

namespace {

std::string const folder_name = "clients/gr\xc3\xbc\xc3\x9f e"; // a name that has to be encoded
json::object const own_copy{{"template", "own"}, {"version", 0}};

/// A program that uses the service, seen alike in each language: {"template", "version", "is_stale"}, the
/// answer of render, or {"status", "code", "problem"}.
class user
{
public:
    virtual ~user() = default;
    virtual json::object fetch(std::string const& name, std::string const& label = "production",
                               std::optional<json::object> const& fallback = {}) = 0;
    virtual json::object render(std::string const& name, json::object const& variables) = 0;
};
using user_maker = std::function<std::unique_ptr<user>(int port, std::string const& key)>;

class cpp_user final : public user
{
public:
    cpp_user(int port, std::string key)
        : prompts_{{.port = std::to_string(port), .key = std::move(key), .timeout = 1s, .retry_after = 200ms}}
    {}
    json::object fetch(std::string const& name, std::string const& label,
                       std::optional<json::object> const& fallback) override
    {
        std::optional<prompt_service::prompt> own;
        if (fallback) {
            own.emplace().text = fallback->at("template").as_string();
        }
        return outcome([&] {
            auto const p = asio::co_spawn(threads_, prompts_.fetch(name, label, own), asio::use_future).get();
            json::object out{{"version", p.version}, {"is_stale", p.is_stale}, {"config", p.config}};
            if (p.messages.empty()) {
                out["template"] = p.text;
            }
            else {
                out["messages"] = p.messages;
            }
            return out;
        });
    }
    json::object render(std::string const& name, json::object const& variables) override
    {
        return outcome([&] {
            return asio::co_spawn(threads_, prompts_.render(name, variables, {{"user_id", "u"}}),
                                  asio::use_future)
                .get();
        });
    }

private:
    template <class Ask>
    static json::object outcome(Ask const& ask)
    {
        try {
            return ask();
        }
        catch (prompt_service::error const& e) {
            CHECK(std::string{e.what()}.find(e.code) == 0);
            return {{"status", e.status}, {"code", e.code}, {"problem", e.problem}};
        }
    }

    prompt_service::client prompts_;
    asio::thread_pool threads_{2}; // ends before the client
};

class python_user final : public user
{
public:
    python_user(int port, std::string const& key)
    {
        auto const fifo = (folder_.path() / "asked").string();
        REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
        fd_ = open(fifo.c_str(), O_RDWR | O_CLOEXEC); // does not wait for the reader
        REQUIRE(fd_ >= 0);
        process_ = std::make_unique<support::child_process>(
            PYTHON_PROGRAM,
            std::vector<std::string>{PROMPT_CLIENT_DRIVER, PROMPT_CLIENT_FOLDER, fifo,
                                     "http://127.0.0.1:" + std::to_string(port), key},
            support::environment{{"PYTHONDONTWRITEBYTECODE", "1"}});
    }
    ~python_user() override { close(fd_); }
    json::object fetch(std::string const& name, std::string const& label,
                       std::optional<json::object> const& fallback) override
    {
        json::object asked{{"name", name}, {"label", label}};
        if (fallback) {
            asked["fallback"] = *fallback;
        }
        return ask(asked);
    }
    json::object render(std::string const& name, json::object const& variables) override
    {
        return ask({{"name", name}, {"variables", variables}});
    }

private:
    json::object ask(json::object const& what)
    {
        auto const line = json::serialize(what) + '\n';
        REQUIRE(write(fd_, line.data(), line.size()) == static_cast<ssize_t>(line.size()));
        auto const number = std::to_string(asked_++);
        auto const begins = '<' + number + '>';
        auto const ends = "</" + number + '>';
        bool const done = process_->wait_for_output(ends, 10s);
        INFO(process_->err());
        REQUIRE(done);
        auto const out = process_->out();
        auto const from = out.find(begins) + begins.size();
        return json::parse(out.substr(from, out.find(ends) - from)).as_object();
    }

    support::temporary_folder folder_{"client"};
    int fd_ = -1;
    int asked_ = 0;
    std::unique_ptr<support::child_process> process_;
};

std::size_t answers(backend& at, int status)
{
    std::size_t found = 0;
    auto const log = at.service.log();
    auto const text = " status=" + std::to_string(status) + ' ';
    for (auto from = log.find(text); from != std::string::npos; from = log.find(text, from + 1)) {
        ++found;
    }
    return found;
}

std::string code_of(json::object const& outcome)
{
    return json::value_to<std::string>(outcome.contains("code") ? outcome.at("code") : json::value(""));
}

void play(user_maker const& make)
{
    backend at{{{"PROMPT_SERVICE_CACHE_SECONDS", "1"}}};
    create(at.service, "clients/greeting", "Hello {{ name }}!");
    add_version(at.service, "clients/greeting", "Good day {{ name }}!");
    auto const someone = make(at.service.port(), at.read);
    auto const fetched = [&] { return someone->fetch("clients/greeting"); };

    auto const first = fetched();
    INFO(json::serialize(first));
    CHECK(first.at("template") == "Hello {{ name }}!");
    CHECK(first.at("version") == 1);
    CHECK(first.at("is_stale") == false);
    auto const asked = answers(at, 200);
    CHECK(fetched() == first);
    CHECK(answers(at, 200) == asked); // it is kept

    // Its time is over: handed out once more, asked for beside that, and not sent again.
    std::this_thread::sleep_for(1100ms);
    CHECK(fetched().at("is_stale") == true);
    CHECK(eventually([&] { return answers(at, 304) == 1; }));
    CHECK(eventually([&] { return fetched() == first; }));
    CHECK(answers(at, 200) == asked);

    REQUIRE(at.service
                .send("PUT", "/v1/prompts/clients%2Fgreeting/labels/production", json::object{{"version", 2}})
                .status == 200);
    std::this_thread::sleep_for(1100ms);
    CHECK(fetched().at("version") == 1); // nobody waits
    CHECK(eventually([&] { return fetched().at("version") == 2; }));

    REQUIRE(at.service
                .send("POST", "/v1/prompts/clients%2Fgreeting/versions",
                      json::object{{"messages",
                                    json::array{json::object{{"role", "user"}, {"content", "{{ name }}?"}}}},
                                   {"config", json::object{{"temperature", 0.5}}},
                                   {"labels", json::array{"chat"}}})
                .status == 201);
    auto const chat = someone->fetch("clients/greeting", "chat");
    CHECK(chat.at("messages").at_pointer("/0/content") == "{{ name }}?");
    CHECK(chat.at("config").at("temperature") == 0.5);

    auto const done = someone->render("clients/greeting", {{"name", "Ada"}});
    INFO(json::serialize(done));
    CHECK(done.at("rendered") == "Good day Ada!");
    CHECK_FALSE(done.at("execution_id").as_string().empty());
    auto const blocked = someone->render("clients/greeting", {{"name", "078-05-1120"}});
    CHECK(code_of(blocked) == "guardrail-blocked");
    CHECK(blocked.at("status") == 422);
    CHECK(blocked.at("problem").at("violations").as_array().size() == 1);
    CHECK(someone->render("clients/greeting", {}).at("problem").at("missing").as_array().size() == 1);

    // What the service refuses is an error, whatever the caller has of its own.
    auto const unknown = someone->fetch(folder_name, "production", own_copy);
    CHECK(code_of(unknown) == "prompt-not-found");
    CHECK(unknown.at("status") == 404);
    auto const stranger = make(at.service.port(), "sgk_" + std::string(43, 'w'));
    CHECK(code_of(stranger->fetch("clients/greeting", "production", own_copy)) == "key-invalid");
    CHECK(stranger->render("clients/greeting", {{"name", "Ada"}}).at("status") == 401);

    // Killed: what was fetched is there, long after its time; what was not is the caller's own.
    at.service.process().process().kill(SIGKILL);
    at.service.process().process().wait();
    std::this_thread::sleep_for(1100ms);
    for (int i = 0; i < 3; ++i) {
        auto const kept = fetched();
        CHECK(kept.at("version") == 2);
        CHECK(kept.at("is_stale") == true);
        std::this_thread::sleep_for(300ms);
    }
    CHECK(someone->fetch("never/asked", "production", own_copy).at("template") == "own");
    CHECK(code_of(someone->fetch("never/asked")) == "unreachable");
    CHECK(someone->render("clients/greeting", {{"name", "Ada"}}).at("status") == 0);
}

void play_alone(user_maker const& make)
{
    auto const nobody = make(support::free_port(), "");
    CHECK(nobody->fetch("p", "production", own_copy).at("template") == "own");
    CHECK(code_of(nobody->fetch("p")) == "unreachable");

    asio::io_context io;
    asio::ip::tcp::acceptor silent{
        io, {asio::ip::address_v4::loopback(), 0}}; // it takes connections, and is silent
    auto const waiting = make(silent.local_endpoint().port(), "");
    auto const begin = std::chrono::steady_clock::now();
    CHECK(code_of(waiting->fetch("p")) == "timeout");
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
    CHECK(waiting->fetch("p", "production", own_copy).at("template") == "own");
}

bool python_is_here()
{
    bool const here = !std::string{PYTHON_PROGRAM}.empty();
    if (!here) {
        WARN("NOT RUN: the client in Python, since Python is not installed; ./dev test installs it");
        SUCCEED();
    }
    return here;
}

auto const cpp = [](int port, std::string const& key) { return std::make_unique<cpp_user>(port, key); };
auto const python = [](int port, std::string const& key) { return std::make_unique<python_user>(port, key); };

} // namespace

TEST_CASE("the C++ client fetches, keeps, revalidates and renders, and goes on without the service",
          "[client]")
{
    play(cpp);
}

TEST_CASE("the C++ client hands out the caller's own where the service was never reached", "[client]")
{
    play_alone(cpp);
}

TEST_CASE("the Python client fetches, keeps, revalidates and renders, and goes on without the service",
          "[client]")
{
    if (python_is_here()) {
        play(python);
    }
}

TEST_CASE("the Python client hands out the caller's own where the service was never reached", "[client]")
{
    if (python_is_here()) {
        play_alone(python);
    }
}

TEST_CASE("the C++ client may be used by many threads, and refuses a key that would break its header",
          "[client]")
{
    auto& at = shared();
    auto const name = new_name("clients/many");
    create(at.service, name, "many");
    prompt_service::client const prompts{{.port = std::to_string(at.service.port()), .key = at.read}};
    asio::thread_pool threads{4};
    std::vector<std::future<prompt_service::prompt>> all;
    for (int i = 0; i < 100; ++i) {
        all.push_back(asio::co_spawn(threads, prompts.fetch(name), asio::use_future));
    }
    CHECK(std::all_of(all.begin(), all.end(), [](auto& one) { return one.get().text == "many"; }));
    CHECK_THROWS_AS(prompt_service::client({.key = "sgk_a\n"}), std::invalid_argument);
}
