// Flags that stand for settings: one table, and one parser for both.
#pragma once

#include <map>
#include <span>
#include <string>

#include "schemagate/failure.hpp"
#include "schemagate/place.hpp"

namespace schemagate {

struct setting_flag
{
    char const* flag;     ///< "--lock-wait"
    char const* variable; ///< "SCHEMAGATE_LOCK_WAIT"
    char const* takes;    ///< "DURATION"; "" for a switch, which stands for the value 1
    char const* help;
};

[[nodiscard]] std::span<setting_flag const> setting_flags();

/// A place whose variables are those of `under`, except where a flag was given. So
/// settings::from_environment() judges flags too, and there is no second opinion on what "15min" means.
class place_with_flags final : public place
{
public:
    /// `flags`: variable's name → value. `under` must outlive it.
    place_with_flags(place const& under, std::map<std::string, std::string> flags);

    [[nodiscard]] std::optional<std::string> variable(std::string const& name) const override;
    [[nodiscard]] std::vector<std::string> variables_with_prefix(std::string const& prefix) const override;
    [[nodiscard]] file_kind kind_of(std::filesystem::path const& path) const override;
    [[nodiscard]] std::optional<std::string> content_of(std::filesystem::path const& path,
                                                        std::size_t limit) const override;
    [[nodiscard]] std::optional<file_access> access_of(std::filesystem::path const& path) const override;
    [[nodiscard]] std::optional<bool> libpq_finds_service(std::string const& name) const override;
    [[nodiscard]] route_kind route_to(std::string const& address) const override;
    [[nodiscard]] socket_answer probe_socket(std::filesystem::path const& path) const override;

    /// The same failure with the flags' names where it names variables that flags stand for.
    [[nodiscard]] failure in_terms_of_flags(failure const& f) const;

private:
    place const& under_;
    std::map<std::string, std::string> flags_;
};

} // namespace schemagate
