// What models cost, as data that a user changes: costs of executions come from it where a caller gives none.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "database/database_connection.hpp"

namespace app {

struct stored_price
{
    std::string model;
    double input_usd_per_million = 0;
    double output_usd_per_million = 0;
    std::string updated_at;
    std::optional<std::string> updated_by{};
};

[[nodiscard]] boost::json::object to_json(stored_price const& p);

/// PUT /v1/prices/{model}.
struct price_body
{
    double input_usd_per_million = 0;
    double output_usd_per_million = 0;
};
BOOST_DESCRIBE_STRUCT(price_body, (), (input_usd_per_million, output_usd_per_million))

/// Throws decode_error: 0 to 1,000,000 dollars.
void check(price_body const& body);

/// Each function is a part of the caller's transaction.
class price_store
{
public:
    /// `schema`: database::schema(), an identifier in quotes.
    explicit price_store(std::string const& schema) : table_{schema + ".model_prices"} {}

    /// By model.
    [[nodiscard]] std::vector<stored_price> list(database_connection& c) const;
    /// `actor` is recorded. nullopt where the price is that already.
    [[nodiscard]] std::optional<stored_price> put(database_connection& c, std::string const& model,
                                                  price_body const& price, std::string const& actor) const;
    /// 404 `price-not-found`.
    void remove(database_connection& c, std::string const& model) const;

private:
    std::string table_;
};

} // namespace app
