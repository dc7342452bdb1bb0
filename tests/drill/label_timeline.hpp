// Which version of a prompt may be served when, from what the client who moves its label has seen.
#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>
#include <vector>

namespace drill {

using clock = std::chrono::steady_clock;

/// One client moves, one move after the other; any number of others ask.
class label_timeline
{
public:
    explicit label_timeline(int version) : moves_{{version, {}, {}, true}} {}

    /// Before the move is sent. It may come true from now on, whatever is answered.
    void sent(int version)
    {
        std::lock_guard const lock{mutex_};
        moves_.push_back({version, clock::now(), {}, false});
    }
    /// The last one was answered with success: from now on no other is right.
    void confirmed()
    {
        std::lock_guard const lock{mutex_};
        moves_.back().answered = clock::now();
        moves_.back().is_confirmed = true;
    }
    [[nodiscard]] int confirmed_moves() const
    {
        std::lock_guard const lock{mutex_};
        return static_cast<int>(
            std::count_if(moves_.begin() + 1, moves_.end(), [](move const& m) { return m.is_confirmed; }));
    }

    /// Whether the label may have pointed to the version at some moment between the two.
    [[nodiscard]] bool allows(int version, clock::time_point from, clock::time_point to) const
    {
        std::lock_guard const lock{mutex_};
        auto end = clock::time_point::max(); // of the move that is looked at, newest first
        for (auto m = moves_.rbegin(); m != moves_.rend() && end >= from; ++m) {
            if (m->version == version && m->sent <= to) {
                return true;
            }
            if (m->is_confirmed) {
                end = m->answered;
            }
        }
        return false;
    }

private:
    struct move
    {
        int version;
        clock::time_point sent;
        clock::time_point answered;
        bool is_confirmed;
    };
    mutable std::mutex mutex_;
    std::vector<move> moves_;
};

} // namespace drill
