#include "schemagate/postgres/connect.hpp"

#include <algorithm>
#include <libpq-fe.h>
#include <memory>
#include <new>

#include "dead_link.hpp"
#include "host_list.hpp"
#include "schemagate/postgres/jitter.hpp"

namespace schemagate::postgres {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

struct connection_deleter
{
    void operator()(PGconn* c) const noexcept { PQfinish(c); }
};
using handle_ptr = std::unique_ptr<PGconn, connection_deleter>;

// A host that drops packets, or whose greeting was lost, must not use up the whole wait: where there are
// several, the next attempt begins with the next one; where there is one, it may have been replaced. Every
// round through all hosts gives each twice the time: all of them may be slow. connect_timeout, which libpq
// itself heeds only in its blocking calls, goes before.
std::chrono::milliseconds share_of(std::chrono::milliseconds wait_max, std::size_t attempt, std::size_t hosts)
{
    auto const first = std::clamp<std::chrono::milliseconds>(wait_max / (6 * hosts), 1s, 10s);
    return first * (1 << std::min<std::size_t>(attempt / hosts, 6));
}

handle_ptr start(connection_settings const& settings, std::string const& application_name,
                 std::vector<connection_parameter> const& hosts)
{
    // As a URL, since a keyword with an empty value is left out of PQconnectStartParams' lists: host='' would
    // be PGHOST after all. libpq expands this one dbname, and no dbname within it.
    auto parameters = dead_link_parameters(settings);
    parameters.insert(parameters.end(), hosts.begin(), hosts.end());
    parameters.push_back({"client_encoding", secret{"UTF8"}});
    parameters.push_back({"application_name", secret{application_name}});
    auto const url = settings.soci_url(parameters);
    char const* const keywords[] = {"dbname", nullptr};
    char const* const values[] = {url.reveal().c_str(), nullptr};
    handle_ptr handle{PQconnectStartParams(keywords, values, 1)};
    if (!handle) {
        throw std::bad_alloc{};
    }
    // The text of a refused connection then holds the SQLSTATE; libpq 15 offers it in no other way.
    PQsetErrorVerbosity(handle.get(), PQERRORS_VERBOSE);
    return handle;
}

// One attempt; afterwards PQstatus tells, and PQerrorMessage why. Returns false if the attempt's time was
// over.
bool drive(PGconn* handle, clock::time_point until, wake const& stop)
{
    auto poll = PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (poll == PGRES_POLLING_READING || poll == PGRES_POLLING_WRITING) {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
        if (left <= 0ms || !stop.wait(PQsocket(handle), poll == PGRES_POLLING_WRITING, left)) {
            return false;
        }
        poll = PQconnectPoll(handle);
    }
    return true;
}

} // namespace

connection connect(connection_settings const& settings, place const& where, connect_options const& options,
                   wake const& stop)
{
    auto const began = clock::now();
    auto const deadline = began + options.wait_max;
    std::chrono::milliseconds pause{100};
    auto const hosts = host_count(settings, where);
    auto const asked = connect_timeout_of(settings, where);
    for (std::size_t attempt = 0;; ++attempt) {
        stop.check();
        auto handle =
            start(settings, options.application_name, beginning_with(attempt % hosts, settings, where));
        auto const limit =
            asked ? std::chrono::milliseconds{*asked} : share_of(options.wait_max, attempt, hosts);
        auto const until = std::max(clock::now() + 1s, std::min(clock::now() + limit, deadline));
        auto const in_time = drive(handle.get(), until, stop);
        if (in_time && PQstatus(handle.get()) == CONNECTION_OK) {
            PQsetErrorVerbosity(handle.get(), PQERRORS_DEFAULT);
            return {handle.release(), stop};
        }
        auto const why = judge_connect_failure(in_time ? PQerrorMessage(handle.get()) : "timeout expired",
                                               PQconnectionNeedsPassword(handle.get()) != 0, settings, where);
        handle.reset();

        // The server has too many clients: give it more room than a server that is only starting.
        auto const longest = why.code == errc::too_many_connections ? 10'000ms : 2'000ms;
        auto const nap_max = std::min(pause, longest);
        auto const nap = jittered(nap_max / 2, nap_max);
        if (!why.retryable || clock::now() + nap >= deadline) {
            auto const tried = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - began);
            auto message =
                "cannot connect to " + settings.redacted + " (" + settings.where() + "): " + why.message;
            if (why.retryable) {
                message += " Tried for " + std::to_string(tried.count()) + " ms (SCHEMAGATE_CONNECT_WAIT).";
            }
            throw failure{why.code, std::move(message), why.hint}.with_sqlstate(why.sqlstate);
        }
        if (options.on_retry) {
            options.on_retry(why, nap);
        }
        stop.sleep(nap);
        pause = pause * 3 / 2;
    }
}

} // namespace schemagate::postgres
