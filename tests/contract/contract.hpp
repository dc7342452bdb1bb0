// The service as its clients see it: a migrated database, the real program on it, a key of each scope.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/json.hpp>

#include "catch.hpp"
#include "http_client.hpp"
#include "programs.hpp"

namespace contract {

namespace json = boost::json;
using namespace std::chrono_literals;
using namespace std::string_literals;
using support::http_answer;

/// An answer, and how a test reads it.
struct answer : http_answer
{
    /// The content; null if it is no JSON.
    [[nodiscard]] json::value content() const;
    /// The member at this JSON Pointer; null if there is none.
    [[nodiscard]] json::value at(std::string const& pointer) const;
    [[nodiscard]] std::string text(std::string const& pointer) const;    ///< "" if it is no text
    [[nodiscard]] std::int64_t number(std::string const& pointer) const; ///< -1 if it is no whole number
    [[nodiscard]] std::string code() const { return text("/code"); }
    [[nodiscard]] std::string header(std::string const& name) const; ///< "" if there is none
};

/// "" if it keeps the rules of every answer, else the rule that is broken: a status that is none or 500, a
/// 4xx or 5xx that is no problem+json with its six members, a code that is no kebab word, an answer without
/// X-Request-Id.
[[nodiscard]] std::string broken_rule(answer const& a, bool to_head = false);

struct asking
{
    std::string method = "GET";
    std::string target = "/";
    std::optional<std::string> body{};
    std::string key{};
    std::vector<std::pair<std::string, std::string>> headers{};
};
[[nodiscard]] support::http_request request_of(asking const& what);

/// A key as the service makes them, stored by SQL: no program has to be started for it. `more` are further
/// columns.
[[nodiscard]] std::string stored_key(support::test_database const& database, std::string const& scope,
                                     std::string const& name, std::string const& columns = {},
                                     std::string const& values = {});

struct database_with_keys
{
    explicit database_with_keys(std::unique_ptr<support::test_database> made = programs::migrated_database());

    std::unique_ptr<support::test_database> database;
    std::string admin, write, read;

    [[nodiscard]] std::string value(std::string const& sql) const { return database->value(sql); }
    void run(std::string const& sql) const { database->run(sql); }
};

/// One running service. Every answer is held against broken_rule().
class replica
{
public:
    replica(database_with_keys const& of, support::environment more = {});

    answer ask(asking const& what) const;
    answer get(std::string const& target, std::string const& key) const
    {
        return ask({"GET", target, {}, key});
    }
    answer get(std::string const& target) const { return get(target, read_); }
    /// With the admin's key.
    answer send(std::string const& method, std::string const& target, json::value const& body) const;
    answer remove(std::string const& target) const { return ask({"DELETE", target, {}, admin_}); }
    /// POST …/render with the key that may read.
    answer render(std::string const& name, json::object const& variables, json::object more = {},
                  std::string const& query = {}) const;

    [[nodiscard]] std::string const& admin() const noexcept { return admin_; }
    [[nodiscard]] int port() const noexcept { return process_.port(); }
    [[nodiscard]] programs::service& process() noexcept { return process_; }
    [[nodiscard]] std::string log() { return process_.process().err() + process_.process().out(); }

private:
    std::string admin_, read_;
    programs::service process_;
};

/// A database and one service on it.
struct backend : database_with_keys
{
    explicit backend(support::environment more = {}) : service{*this, std::move(more)} {}
    replica service;
};

/// One for all cases of a binary that need no setting and no database of their own. Each takes names of its
/// own.
[[nodiscard]] backend& shared();

/// A name that no other case has.
[[nodiscard]] std::string new_name(std::string const& purpose);
/// Creates it, version 1, in production unless `labels` says otherwise. The test fails if it is refused.
void create(replica const& at, std::string const& name, std::string const& text,
            json::array labels = {"production"});
/// The number of the new version.
std::int64_t add_version(replica const& at, std::string const& name, std::string const& text);

/// Asks until it is true; false after the limit.
template <class Condition>
[[nodiscard]] bool eventually(Condition const& holds, std::chrono::milliseconds limit = 10s)
{
    auto const deadline = std::chrono::steady_clock::now() + limit;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::sleep_for(20ms);
    }
    return true;
}

/// As a path has it: every byte but letters, digits, "-", "." and "_" percent-encoded.
[[nodiscard]] std::string encoded(std::string const& text);

} // namespace contract
