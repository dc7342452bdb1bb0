#include "repeatable_standing.hpp"

namespace schemagate {

repeatable_standing standing_of(migration const& mine, recorded_set const& recorded)
{
    history_row const* own = nullptr;
    history_row const* later = nullptr; // applied after mine was written
    history_row const* unsettled = nullptr;
    for (auto const* const row : recorded.repeatables) {
        if (row->version != mine.description) {
            continue;
        }
        if (row->state == "running" && row->steps_digest.find(' ') != std::string::npos) {
            unsettled = row;
        }
        if (row->checksum == mine.checksum) {
            own = row;
            later = nullptr;
        }
        else if (row->state == "applied") {
            later = row;
        }
    }
    // A text that was never seen has no age; the releases say which came first.
    if (own == nullptr && later != nullptr && !mine.released.empty() &&
        mine.released.find(later->checksum) == mine.released.npos) {
        return {.due = false, .begun = nullptr, .replaced = later};
    }
    if (own == nullptr) {
        return {.due = true, .begun = unsettled, .replaced = nullptr};
    }
    if (later != nullptr) {
        return {.due = false, .begun = nullptr, .replaced = later};
    }
    auto const is_begun = own->state == "running";
    return {.due = is_begun, .begun = is_begun ? own : nullptr, .replaced = nullptr};
}

} // namespace schemagate
