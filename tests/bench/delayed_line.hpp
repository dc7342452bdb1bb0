// A long way to a server on this machine: a relay that holds back each byte for a while.
#pragma once

#include <chrono>
#include <memory>

namespace bench {

/// Listens on 127.0.0.1 and passes bytes on to another port there and back, each `one_way` later, as many as
/// come: a line has a length, and no narrowness. Runs in a thread of its own until its scope ends.
class delayed_line
{
public:
    /// Throws boost::system::system_error if there is no port to listen on.
    delayed_line(int server_port, std::chrono::milliseconds one_way);
    delayed_line(delayed_line const&) = delete;
    delayed_line& operator=(delayed_line const&) = delete;
    ~delayed_line();

    [[nodiscard]] int port() const noexcept { return port_; }

private:
    class state;
    std::unique_ptr<state> state_;
    int port_ = 0;
};

} // namespace bench
