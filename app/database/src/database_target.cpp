#include "database/database_target.hpp"

#include <algorithm>
#include <utility>

#include "database/database_error.hpp"
#include "identifier.hpp"
#include "schemagate/failure.hpp"

namespace app {
namespace {

using kind = database_error::kind;

void add_defaults(schemagate::connection_settings& settings)
{
    std::pair<char const*, char const*> const defaults[] = {{"connect_timeout", "5"},
                                                            {"keepalives_idle", "5"},
                                                            {"keepalives_interval", "2"},
                                                            {"keepalives_count", "2"},
                                                            {"tcp_user_timeout", "6000"}};
    for (auto const& [keyword, value] : defaults) {
        auto& given = settings.parameters;
        auto const named = std::any_of(given.begin(), given.end(),
                                       [&](auto const& parameter) { return parameter.keyword == keyword; });
        if (!named) {
            given.push_back({keyword, schemagate::secret{value}});
        }
    }
}

} // namespace

database_target::database_target(schemagate::settings with)
    : with_{std::move(with)},
      // The operator's, not a client's, yet it is quoted like any identifier.
      schema_{quoted_identifier(with_.target_schema)}
{}

schemagate::connection_settings const& database_target::settings()
{
    std::call_once(judged_, [this] {
        try {
            // A held boot has read the files again as well, and opened with what they hold by then.
            with_.read_files_again(schemagate::this_place());
        }
        catch (schemagate::failure const&) { // gone meanwhile: what was read before stands
        }
        if (!with_.database_url) {
            throw database_error{kind::failed, "DATABASE_URL is not set"};
        }
        try {
            settings_ = schemagate::require_usable(
                schemagate::check(*with_.database_url, schemagate::this_place(), with_.url));
        }
        catch (schemagate::failure const& e) {
            throw database_error{kind::failed, e.message()};
        }
        add_defaults(settings_);
        soci_url_ = settings_.soci_url({{"client_encoding", schemagate::secret{"UTF8"}},
                                        {"connect_timeout", schemagate::secret{"5"}},
                                        {"application_name", schemagate::secret{application()}}});
    });
    return settings_;
}

schemagate::secret const& database_target::soci_url()
{
    static_cast<void>(settings());
    return soci_url_;
}

std::string database_target::application(std::string const& purpose) const
{
    return purpose.empty() ? with_.application : with_.application + " " + purpose;
}

} // namespace app
