// Clients of two replicas while faults happen: some fetch, some render, some write durable executions, one
// moves the label, and wrk adds load. Every answer is judged when it comes.
#pragma once

#include <array>
#include <map>
#include <mutex>

#include "contract.hpp"
#include "label_timeline.hpp"

namespace drill {

using namespace std::chrono_literals;
using namespace std::string_literals;

/// What the prompt is called, and its versions: 1 to this.
constexpr char const* prompt = "drill";
constexpr int versions = 5;
/// "Version 3 greets {{ who }}."
[[nodiscard]] std::string template_of(int version);

struct worst_gap
{
    clock::duration longest{0};
    clock::time_point last = clock::now();

    void answered(clock::time_point now)
    {
        longest = std::max(longest, now - last);
        last = now;
    }
};

struct traffic_options
{
    /// A replica may be gone: a client that gets no answer from it goes to the other.
    bool replicas_die = false;
    /// How old an answer without Age may be on the replica that moves the label. 0: a move is served at once.
    std::chrono::milliseconds mover_staleness{0};
    std::chrono::milliseconds pause_between_moves{50};
};

/// Clients work from the construction until end(). Catch2's macros are not for several threads: what is wrong
/// is kept, and told by end().
class traffic
{
public:
    /// Both replicas serve `prompt`, with production at 1. The label is moved through the second one; wrk
    /// asks it too.
    traffic(std::string key_that_writes, std::array<int, 2> ports, traffic_options options);
    traffic(traffic const&) = delete;
    traffic& operator=(traffic const&) = delete;
    ~traffic();

    /// The replica has been started anew, on another port.
    void moved(std::size_t replica, int port) { ports_.at(replica) = port; }
    [[nodiscard]] int confirmed_moves() const { return timeline_.confirmed_moves(); }
    [[nodiscard]] std::size_t durable_so_far() const;

    /// Read after end().
    struct outcome
    {
        std::vector<std::string> wrong;   ///< the first of each client
        std::vector<std::string> queued;  ///< ids of executions that were answered with 200
        std::vector<std::string> durable; ///< the same with ?durable=true
        std::map<std::string, int> refused;
        clock::duration fetch_gap{0}, render_gap{0},
            durable_gap{0}; ///< of the client that had to wait longest
        std::size_t answers = 0;
        std::string wrk; ///< its line
    };
    [[nodiscard]] outcome const& end();

private:
    enum class kind
    {
        fetch,
        render,
        durable
    };
    class client;

    void ask_over_and_over(kind what, std::size_t home, std::string const& name);
    void move_label();
    /// "" if the answer is right.
    [[nodiscard]] std::string fault_of(kind what, contract::answer const& a, std::string const& who,
                                       clock::time_point asked, bool is_mover) const;
    void add(kind what, std::vector<std::string> ids, worst_gap const& gap, std::size_t answers);
    void refused(std::string const& what);
    void wrong(std::string what);

    std::string key_;
    traffic_options options_;
    std::array<std::atomic<int>, 2> ports_;
    label_timeline timeline_{1};
    std::atomic<bool> stop_{false};
    std::atomic<std::size_t> durable_{0};
    std::mutex mutex_;
    outcome outcome_;
    std::vector<std::thread> threads_;
    std::unique_ptr<support::child_process> wrk_;
};

} // namespace drill
