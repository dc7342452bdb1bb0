#include "screening/redaction.hpp"

#include "clusters.hpp"

namespace app {

std::string redact(std::string_view text, std::vector<match> found)
{
    auto result = std::string{};
    auto copied = std::size_t{0};
    for (auto const& one : clusters(std::move(found))) {
        result.append(text, copied, one.begin - copied);
        result.append(placeholder(one.entity));
        copied = one.end;
    }
    return result.append(text, copied);
}

} // namespace app
