// The process: kill -9, SIGTERM, and a thousand clients that never finish their header.
#include "contract.hpp"

#include <csignal>
#include <mutex>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace contract;

namespace {

// Renders from several threads until it is told to stop; the ids that were answered.
class load
{
public:
    load(replica const& at, std::string const& key, std::string const& target, int threads)
    {
        for (int i = 0; i < threads; ++i) {
            threads_.emplace_back([this, port = at.port(), key, target] {
                support::http_client client{port, 5s};
                while (!stop_) {
                    answer const a{
                        client.ask(request_of({"POST", target, R"({"variables":{"a":"x"}})", key}))};
                    if (a.status == 200) {
                        std::lock_guard const lock{mutex_};
                        ids_.push_back(a.text("/execution_id"));
                    }
                    else if (a.status == 0) {
                        return; // the service is gone
                    }
                }
            });
        }
    }
    load(load const&) = delete;
    load& operator=(load const&) = delete;
    ~load() { (void)ended(); }

    std::vector<std::string> ended()
    {
        stop_ = true;
        for (auto& one : threads_) {
            one.join();
        }
        threads_.clear();
        return ids_;
    }

private:
    std::atomic<bool> stop_{false};
    std::mutex mutex_;
    std::vector<std::string> ids_;
    std::vector<std::thread> threads_;
};

std::string missing(backend const& at, std::vector<std::string> const& ids)
{
    std::string list;
    for (auto const& id : ids) {
        list += (list.empty() ? "('" : ",('") + id + "'::uuid)";
    }
    return at.value("select count(*) from (values " + list +
                    ") v (id) where not exists (select from prompt_executions e where e.id = v.id)");
}

} // namespace

TEST_CASE("kill -9 under load loses no durable execution")
{
    backend at;
    create(at.service, "durable", "Hello {{ a }}");
    load renders{at.service, at.read, "/v1/prompts/durable/render?durable=true", 6};
    std::this_thread::sleep_for(1500ms);
    at.service.process().process().kill(SIGKILL);
    auto const ids = renders.ended();
    CHECK(ids.size() > 20);
    CHECK(missing(at, ids) == "0");
}

TEST_CASE("SIGTERM under load writes the whole queue, and ends with 0")
{
    backend at;
    create(at.service, "queued", "Hello {{ a }}");
    load renders{at.service, at.read, "/v1/prompts/queued/render", 4};
    std::this_thread::sleep_for(1s);
    CHECK(at.service.process().terminate(15s) == 0);
    auto const ids = renders.ended();
    CHECK(ids.size() > 50);
    CHECK(missing(at, ids) == "0");
    CHECK(at.value("select count(*) = count(distinct id) from prompt_executions") == "t");
}

TEST_CASE("1,100 clients with half a header do not keep a probe from its answer")
{
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4'096);
    ::setrlimit(RLIMIT_NOFILE, &files); // the service gets it from us
    REQUIRE(files.rlim_cur >= 1'500);
    backend at;
    std::vector<int> slow;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(at.service.port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string const half = "GET /v1/prompts HTTP/1.1\r\nHost: ";
    for (int i = 0; i < 1'100; ++i) {
        int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        REQUIRE(fd >= 0);
        slow.push_back(fd);
        if (::connect(fd, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0) {
            (void)::send(fd, half.data(), half.size(), MSG_NOSIGNAL);
        }
    }
    for (int i = 0; i < 5; ++i) {
        auto const begin = std::chrono::steady_clock::now();
        for (auto const* const probe : {"/livez", "/readyz", "/metrics"}) {
            CHECK(at.service.get(probe).status == 200);
        }
        CHECK(std::chrono::steady_clock::now() - begin < 2s);
        std::this_thread::sleep_for(100ms);
    }
    for (int const fd : slow) {
        ::close(fd);
    }
    CHECK(eventually([&] { return at.service.get("/v1/prompts").status == 200; }, 5s));
}
