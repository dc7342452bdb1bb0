// Clients of one database at the same moment, each with a connection of its own.
#pragma once

#include <barrier>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "prompt_database.hpp"

namespace prompts {

/// One client: its connection as the role that owns the schema, its number, and dice that are the same in
/// each run.
struct client
{
    support::sql_session ask;
    int number;
    std::mt19937 dice;

    /// 0 to below `end`.
    [[nodiscard]] int below(int end) { return std::uniform_int_distribution<int>{0, end - 1}(dice); }
};

/// Runs `work` in `clients` threads that begin together. What the statements of any of them were refused with
/// is returned, a line each: SQLSTATE and words.
[[nodiscard]] inline std::string in_parallel(fixture const& on, int clients,
                                             std::function<void(client&)> const& work)
{
    std::string refusals;
    std::mutex guard;
    std::barrier start{clients};
    std::vector<std::thread> threads;
    threads.reserve(static_cast<std::size_t>(clients));
    for (int number = 0; number < clients; ++number) {
        threads.emplace_back([&, number] {
            client each{support::sql_session{on.database->url()}, number,
                        std::mt19937{static_cast<std::mt19937::result_type>(number)}};
            start.arrive_and_wait();
            try {
                work(each);
            }
            catch (std::runtime_error const& e) {
                std::lock_guard const lock{guard};
                refusals += std::to_string(number) + ": " + e.what() + '\n';
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    return refusals;
}

} // namespace prompts
