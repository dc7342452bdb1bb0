// What the connection asks of the application.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "http/answer.hpp"
#include "http/request.hpp"

namespace app {

/// Takes the answer of one request. Called once, from any thread.
using respond = std::function<void(answer)>;

/// What the header of a request alone decides.
struct admission
{
    std::uint64_t body_limit = 0;    ///< bytes; more is 413
    std::optional<answer> refused{}; ///< the answer, if the body need not be read
    bool is_probe = false;           ///< answered even where all connections are taken
};

/// Members are called from all threads of the server, and never block.
class handler
{
public:
    virtual ~handler() = default;
    /// `head` has no body yet.
    [[nodiscard]] virtual admission admit(request const& head) const = 0;
    /// The request with its body, if admit() did not refuse it.
    virtual void handle(request asked, respond then) const = 0;
};

} // namespace app
