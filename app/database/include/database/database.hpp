// The service's pool of connections: SOCI's, with the repairs that it does not do itself.
//
// SOCI's pool never heals a connection that the server closed, hands a leaked transaction on to the next
// lease, and its session::reconnect() leaves a dangling pointer when it throws. So a position is leased with
// a time limit, worked on through connection_pool::at(), and brought into order by close() and open() alone:
//   - before: an idle connection on which the server has said something is dead or dying; reopen it;
//   - a read that finds its connection lost is repeated once on a new one; a transaction never is, but for
//     its BEGIN;
//   - after: a connection that is not idle is closed, which is the only sure rollback.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "database/database_connection.hpp"
#include "database/database_target.hpp"

namespace app {

class database_health;

struct database_options
{
    std::size_t connections = 4;                     ///< at most; opened when they are needed first
    std::chrono::milliseconds lease_wait{1'000};     ///< for a free connection; then `busy`
    std::chrono::milliseconds statement_time{5'000}; ///< for one statement; then `busy`
};

/// May be used from any number of threads; every call blocks, so never from an io_context's thread. Throws
/// database_error, and whatever the given function throws. While the database is known to be lost, a call
/// fails at once (`lost`): a dead server gets no queue of waiting threads, and the watch finds out when it is
/// back.
class database
{
public:
    /// `target`, and `health` unless it is null, outlive it. Connects to nothing yet.
    explicit database(database_target& target, database_options options = {},
                      database_health* health = nullptr);
    database(database const&) = delete;
    database& operator=(database const&) = delete;
    ~database();

    [[nodiscard]] std::size_t connections() const noexcept { return options_.connections; }
    /// What names of tables are qualified with: "public", in quotes.
    [[nodiscard]] std::string const& schema() const noexcept { return target_.schema(); }

    /// Runs `ask`, a function of database_connection& that only reads, each statement on its own. May run it
    /// twice: once more on a new connection, if the first was lost. Returns what it returns.
    template <typename F>
    auto read(F&& ask)
    {
        return returned(std::forward<F>(ask), [this](work const& w) { read_with(w); });
    }

    /// The same, with all statements seeing one state of the database (REPEATABLE READ, READ ONLY).
    template <typename F>
    auto read_consistently(F&& ask)
    {
        return returned(std::forward<F>(ask), [this](work const& w) { read_consistently_with(w); });
    }

    /// Runs `change` between BEGIN and COMMIT (READ COMMITTED); never twice. What it throws rolls back. When
    /// it returns, COMMIT is done; `unknown` is thrown where the answer to COMMIT was lost, `read_only` where
    /// the server is a standby.
    template <typename F>
    auto transaction(F&& change)
    {
        return returned(std::forward<F>(change), [this](work const& w) { transaction_with(w); });
    }

    /// Asks the server whether it is in recovery, also while the database is known to be lost: the health is
    /// told what comes of it.
    [[nodiscard]] bool is_standby();

    /// Ends every wait of other threads' calls, which then throw `busy`, as do later ones.
    void stop() noexcept;

private:
    using work = std::function<void(database_connection&)>;

    template <typename F, typename Run>
    static auto returned(F&& function, Run const& run)
    {
        using result = std::decay_t<std::invoke_result_t<F&, database_connection&>>;
        if constexpr (std::is_void_v<result>) {
            run([&](database_connection& c) { function(c); });
        }
        else {
            std::optional<result> value;
            run([&](database_connection& c) { value.emplace(function(c)); });
            return std::move(*value);
        }
    }

    void ask_again_if_lost(work const& ask);
    void read_with(work const& ask);
    void read_consistently_with(work const& ask);
    void transaction_with(work const& change);
    void tell_health(std::function<void()> const& attempt);

    class pool;
    class lease;

    database_target& target_;
    database_options options_;
    database_health* health_;
    std::unique_ptr<pool> pool_;
};

} // namespace app
