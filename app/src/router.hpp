// Which path means what, and what may be answered when.
#pragma once

#include "prompt_api.hpp"
#include "schemagate/gate.hpp"

namespace app {

/// Until the gate has opened, nothing but the probes and /v1/gate answers: every other path, known or not, is
/// 503. May be used from any thread, and never blocks.
class router
{
public:
    router(schemagate::gate const& gate, prompt_api& prompts) : gate_{gate}, prompts_{prompts} {}

    [[nodiscard]] reply route(request const& asked) const;

private:
    schemagate::gate const& gate_;
    prompt_api& prompts_;
};

} // namespace app
