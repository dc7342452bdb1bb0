// One attempt to connect that failed: what was tried, where, and what libpq said of it. Its text is searched,
// and never quoted.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "schemagate/database_url.hpp"

namespace schemagate::url {

struct connect_attempt
{
    connection_settings const& settings;
    place const& where;
    std::string_view text;

    /// Which endpoint the sentence around the position `at` of the text speaks of; nullptr if it names none
    /// of ours.
    [[nodiscard]] endpoint const* named_before(std::size_t at) const;
    /// The numeric address in the same sentence: "(10.0.0.5)" after the name; "" if there is none.
    [[nodiscard]] std::string address_before(std::size_t at) const;

    template <class Test>
    [[nodiscard]] endpoint const* first(Test test) const
    {
        auto const found = std::find_if(settings.endpoints.begin(), settings.endpoints.end(), test);
        return found == settings.endpoints.end() ? nullptr : &*found;
    }

    /// Whether the URL itself, not the environment or a service, sets the keyword.
    [[nodiscard]] bool set_by_url(std::string_view keyword) const;
    [[nodiscard]] bool has_variable(std::string const& name) const;

    /// As they may be shown, in quotation marks.
    [[nodiscard]] std::string user() const;
    [[nodiscard]] std::string database() const;
    /// "postgresql://app:***@HOST:5432/shop"
    [[nodiscard]] std::string model(std::string_view host) const;
};

/// The attempt, narrowed to the one endpoint that a sentence of the text speaks of.
struct endpoint_failure
{
    connect_attempt const& attempt;
    endpoint const* one = nullptr; ///< the first of the settings, where the text names none
    std::string address;           ///< numeric; "" where only a name is known

    [[nodiscard]] bool is_socket() const;
    [[nodiscard]] std::string host() const;   ///< as it may be shown
    [[nodiscard]] std::string target() const; ///< host:port, as it may be shown
};

[[nodiscard]] endpoint_failure failure_at(connect_attempt const& a, std::size_t at);

} // namespace schemagate::url
