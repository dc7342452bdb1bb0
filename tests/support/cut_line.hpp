// A line to a server on this machine that can be cut at a chosen moment.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

#include "line_fault.hpp"

namespace support {

/// Listens on 127.0.0.1 and passes bytes on to another port there and back, in a thread of its own until its
/// scope ends. Without TLS, so that it sees what the server says.
class cut_line
{
public:
    explicit cut_line(int server_port);
    cut_line(cut_line const&) = delete;
    cut_line& operator=(cut_line const&) = delete;
    ~cut_line();

    [[nodiscard]] int port() const noexcept { return port_; }
    /// The URL with this line's port in the place of the server's.
    [[nodiscard]] std::string url(std::string const& of_server) const;

    /// The next answer that holds `text` is thrown away, and its connection closed on both sides. Once.
    void lose_answer_with(std::string text);
    /// Whether that has happened.
    [[nodiscard]] bool lost_one() const noexcept { return lost_.load(); }

    /// Strikes once, on whichever connection that message is sent; counted from now on.
    void arm(line_fault fault);
    [[nodiscard]] bool struck() const noexcept { return lost_.load(); }

    /// From now on nothing passes, and new connections wait; until thaw().
    void freeze() noexcept { frozen_ = true; }
    /// The same, as soon as a client says `text`, and before the server hears it. Once.
    void freeze_at(std::string text);
    [[nodiscard]] bool frozen() const noexcept { return frozen_.load(); }
    void thaw() noexcept { frozen_ = false; }

private:
    class ends;
    void run();
    bool is_to_be_lost(std::string const& bytes);
    void freeze_before(std::string const& bytes);
    void pass_on(ends& one, std::string const& asked);
    void strike(ends& one, std::string const& message);

    int server_port_;
    int listener_;
    int port_;
    std::mutex mutex_;
    std::string losing_;
    std::string freezing_;
    line_fault fault_{.at = 0};
    std::size_t messages_ = 0;
    std::atomic<bool> lost_{false};
    std::atomic<bool> frozen_{false};
    std::atomic<bool> ending_{false};
    std::thread thread_;
};

} // namespace support
