// /v1/guardrails.
#pragma once

#include "api/parts.hpp"

namespace app {

/// Any thread. All but test, which answers from memory, block on the database; list and find do without it
/// where it is lost.
class guardrail_api
{
public:
    explicit guardrail_api(parts const& with) : parts_{with} {}

    [[nodiscard]] answer list(call const& asked) const;
    [[nodiscard]] answer find(call const& asked) const;
    [[nodiscard]] answer create(call const& asked) const;
    [[nodiscard]] answer replace(call const& asked) const;
    [[nodiscard]] answer remove(call const& asked) const;
    /// What the guardrail finds in a text, whether it is active or not.
    [[nodiscard]] answer test(call const& asked) const;

private:
    [[nodiscard]] answer stored(std::string const& name) const;

    parts const& parts_;
};

struct text_body
{
    std::string text;
};
BOOST_DESCRIBE_STRUCT(text_body, (), (text))

} // namespace app
