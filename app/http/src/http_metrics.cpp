#include "http/http_metrics.hpp"

#include <map>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <shared_mutex>
#include <tuple>

namespace app {
namespace {

prometheus::Histogram::BucketBoundaries const boundaries{
    0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

// Methods are what a client likes: those that no route knows must not make series without end.
char const* known_method(std::string const& method)
{
    for (char const* one : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}) {
        if (method == one) {
            return one;
        }
    }
    return "other";
}

} // namespace

class http_metrics::book
{
public:
    explicit book(std::shared_ptr<prometheus::Registry> registry)
        : registry_{std::move(registry)}, requests_{prometheus::BuildCounter()
                                                        .Name("prompt_service_http_requests_total")
                                                        .Help("Requests answered.")
                                                        .Register(*registry_)},
          seconds_{prometheus::BuildHistogram()
                       .Name("prompt_service_http_request_seconds")
                       .Help("From a request's first byte until its answer is ready.")
                       .Register(*registry_)}
    {}

    void observe(exchange const& done)
    {
        auto const& series =
            find({done.answered.route, known_method(done.asked.method), done.answered.status});
        series.requests->Increment();
        series.seconds->Observe(std::chrono::duration<double>{done.elapsed}.count());
    }

private:
    // Pointers, not texts: patterns and methods have static storage.
    using key = std::tuple<char const*, char const*, int>;
    struct metrics
    {
        prometheus::Counter* requests;
        prometheus::Histogram* seconds;
    };

    metrics const& find(key const& k)
    {
        {
            std::shared_lock const lock{mutex_};
            if (auto const found = all_.find(k); found != all_.end()) {
                return found->second;
            }
        }
        auto const& [pattern, method, status] = k;
        std::string const route = *pattern == '\0' ? "none" : pattern;
        std::lock_guard const lock{mutex_};
        return all_
            .emplace(
                k, metrics{&requests_.Add(
                               {{"route", route}, {"method", method}, {"status", std::to_string(status)}}),
                           &seconds_.Add({{"route", route}, {"status", std::to_string(status / 100) + "xx"}},
                                         boundaries)})
            .first->second;
    }

    std::shared_ptr<prometheus::Registry> registry_;
    prometheus::Family<prometheus::Counter>& requests_;
    prometheus::Family<prometheus::Histogram>& seconds_;
    std::shared_mutex mutex_;
    std::map<key, metrics> all_; // nodes stay where they are
};

http_metrics::http_metrics(std::shared_ptr<prometheus::Registry> registry)
    : book_{std::make_unique<book>(std::move(registry))}
{}

http_metrics::~http_metrics() = default;

void http_metrics::observe(exchange const& done)
{
    book_->observe(done);
}

} // namespace app
