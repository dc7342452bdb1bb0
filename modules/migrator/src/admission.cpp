#include "schemagate/admission.hpp"

namespace schemagate {

std::string_view name(admission_kind kind) noexcept
{
    switch (kind) {
    case admission_kind::verified: return "verified";
    case admission_kind::ahead: return "ahead";
    case admission_kind::current_elsewhere: return "current_elsewhere";
    case admission_kind::unchecked: return "unchecked";
    }
    return "?";
}

} // namespace schemagate
