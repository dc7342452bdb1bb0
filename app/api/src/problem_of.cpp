#include "problem_of.hpp"

#include "database/database_error.hpp"
#include "screening/screening_error.hpp"

namespace app {

std::optional<problem> problem_of(std::exception const& e)
{
    if (dynamic_cast<screening_failed const*>(&e) != nullptr) {
        return unavailable("guardrail-failed", "The text could not be screened to its end.", 2);
    }
    auto const* const error = dynamic_cast<database_error const*>(&e);
    if (error == nullptr) {
        return std::nullopt;
    }
    switch (error->reason()) {
    case database_error::kind::lost:
        return unavailable(
            "database-unavailable",
            "The database cannot be reached. Prompts are served and rendered from memory meanwhile.", 2);
    case database_error::kind::busy:
        return unavailable("busy", "The database did not answer in time. Nothing was done; try again.", 1);
    case database_error::kind::read_only:
        return unavailable("read-only",
                           "This server's database is a standby: send what writes to the primary's.", 5);
    case database_error::kind::unknown:
        return unavailable(
            "outcome-unknown",
            "The connection was lost while the change was saved: it is done, or not. Look before you "
            "repeat it.",
            2);
    case database_error::kind::refused:
        return problem{422,
                       "value-refused",
                       "The database does not take one of these values.",
                       {{"sqlstate", error->sqlstate()}}};
    case database_error::kind::failed: break;
    }
    return std::nullopt;
}

} // namespace app
