#include "schemagate/finding.hpp"

namespace schemagate {

std::string_view name(severity s) noexcept
{
    switch (s) {
    case severity::note: return "note";
    case severity::warn: return "warn";
    case severity::refuse: return "refuse";
    }
    return "refuse";
}

} // namespace schemagate
