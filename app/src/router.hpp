// Which path means what, and what may be answered when.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "prompt_api.hpp"
#include "schemagate/gate.hpp"

namespace app {

/// Until the gate has opened, nothing but the probes, /metrics and /v1/gate answers: every other path, known
/// or not, is 503. May be used from any thread, and never blocks.
class router
{
public:
    /// `metrics` makes the text of GET /metrics; it may be empty, and is called on any thread.
    router(schemagate::gate const& gate, prompt_api& prompts, std::function<std::string()> metrics)
        : gate_{gate}, prompts_{prompts}, metrics_{std::move(metrics)}
    {}

    [[nodiscard]] reply route(request const& asked) const;

private:
    schemagate::gate const& gate_;
    prompt_api& prompts_;
    std::function<std::string()> metrics_;
};

} // namespace app
