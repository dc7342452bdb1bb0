#include "execution/execution.hpp"

#include <array>
#include <utility>

namespace app {
namespace {

constexpr std::array<std::pair<execution_status, std::string_view>, 5> names{{
    {execution_status::rendered, "rendered"},
    {execution_status::blocked, "blocked"},
    {execution_status::success, "success"},
    {execution_status::failure, "failure"},
    {execution_status::partial, "partial"},
}};

// A text of up to 15 characters lies in the string itself.
std::size_t beside(std::string const& text)
{
    return text.capacity() > 15 ? text.capacity() + 1 : 0;
}

std::size_t beside(std::optional<std::string> const& text)
{
    return text ? beside(*text) : 0;
}

} // namespace

std::string_view name(execution_status status) noexcept
{
    for (auto const& [value, text] : names) {
        if (value == status) {
            return text;
        }
    }
    return {};
}

std::optional<execution_status> execution_status_named(std::string_view text) noexcept
{
    for (auto const& [value, name_of_it] : names) {
        if (name_of_it == text) {
            return value;
        }
    }
    return std::nullopt;
}

std::size_t size_of(execution_result const& r) noexcept
{
    return sizeof r + beside(r.response) + beside(r.model) + beside(r.error_type) + beside(r.error_message);
}

std::size_t size_of(execution const& e) noexcept
{
    return sizeof e - sizeof e.result + size_of(e.result) + beside(e.id) + beside(e.prompt_id) +
           beside(e.prompt_name) + beside(e.label) + beside(e.experiment_id) + beside(e.variant) +
           beside(e.user_id) + beside(e.session_id) + beside(e.request_id) + beside(e.variables) +
           beside(e.rendered) + beside(e.violations) + beside(e.action) + beside(e.environment);
}

} // namespace app
