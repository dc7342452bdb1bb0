#include "price/price_store.hpp"

#include "database/rfc3339.hpp"
#include "http/problem.hpp"
#include "json/decode.hpp"

namespace app {
namespace {

constexpr double price_max = 1'000'000;

std::string columns()
{
    return "model, input_usd_per_million, output_usd_per_million, " + rfc3339("updated_at") + ", updated_by";
}

stored_price price_in(query_row const& row)
{
    return {text_in(row[0]), number_in(row[1]), number_in(row[2]), text_in(row[3]), row[4]};
}

void check_amount(char const* path, double amount)
{
    if (!(amount >= 0 && amount <= price_max)) {
        throw decode_error{path, "must be a number from 0 to 1000000"};
    }
}

} // namespace

boost::json::object to_json(stored_price const& p)
{
    return {{"model", p.model},
            {"input_usd_per_million", p.input_usd_per_million},
            {"output_usd_per_million", p.output_usd_per_million},
            {"updated_at", p.updated_at},
            {"updated_by", p.updated_by ? boost::json::value(*p.updated_by) : boost::json::value(nullptr)}};
}

void check(price_body const& body)
{
    check_amount("/input_usd_per_million", body.input_usd_per_million);
    check_amount("/output_usd_per_million", body.output_usd_per_million);
}

std::vector<stored_price> price_store::list(database_connection& c) const
{
    std::vector<stored_price> out;
    for (auto const& row : c.ask("select " + columns() + " from " + table_ + " order by model")) {
        out.push_back(price_in(row));
    }
    return out;
}

std::optional<stored_price> price_store::put(database_connection& c, std::string const& model,
                                             price_body const& price, std::string const& actor) const
{
    auto const found =
        c.ask("insert into " + table_ +
                  " as p (model, input_usd_per_million, output_usd_per_million, updated_by) values ($1, "
                  "$2::numeric, $3::numeric, $4) on conflict (model) do update set input_usd_per_million = "
                  "excluded.input_usd_per_million, output_usd_per_million = excluded.output_usd_per_million, "
                  "updated_at = clock_timestamp(), updated_by = excluded.updated_by where "
                  "(p.input_usd_per_million, p.output_usd_per_million) <> (excluded.input_usd_per_million, "
                  "excluded.output_usd_per_million) returning " +
                  columns(),
              {model, to_sql(price.input_usd_per_million), to_sql(price.output_usd_per_million), actor});
    return found.empty() ? std::nullopt : std::optional{price_in(found[0])};
}

void price_store::remove(database_connection& c, std::string const& model) const
{
    if (c.ask("delete from " + table_ + " where model = $1 returning model", {model}).empty()) {
        throw problem{404, "price-not-found", "There is no price of this model."};
    }
}

} // namespace app
