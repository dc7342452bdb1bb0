#include "schemagate/step.hpp"

namespace schemagate {

std::string_view name(step s) noexcept
{
    switch (s) {
    case step::read: return "read";
    case step::validate: return "validate";
    case step::leave_io: return "leave_io";
    case step::connect: return "connect";
    case step::check: return "check";
    case step::lock: return "lock";
    case step::plan: return "plan";
    case step::apply: return "apply";
    case step::verify: return "verify";
    case step::release: return "release";
    case step::open: return "open";
    case step::serve: return "serve";
    }
    return "?";
}

std::string_view name(outcome o) noexcept
{
    switch (o) {
    case outcome::started: return "started";
    case outcome::done: return "done";
    case outcome::waiting: return "waiting";
    case outcome::retrying: return "retrying";
    case outcome::noted: return "noted";
    case outcome::warned: return "warned";
    case outcome::failed: return "failed";
    }
    return "?";
}

std::string_view name(boot_state s) noexcept
{
    switch (s) {
    case boot_state::reading: return "reading";
    case boot_state::connecting: return "connecting";
    case boot_state::checking: return "checking";
    case boot_state::waiting_for_lock: return "waiting_for_lock";
    case boot_state::migrating: return "migrating";
    case boot_state::verifying: return "verifying";
    case boot_state::open: return "open";
    case boot_state::refused: return "refused";
    case boot_state::stopping: return "stopping";
    }
    return "?";
}

} // namespace schemagate
