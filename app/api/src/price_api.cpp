#include "api/price_api.hpp"

#include <algorithm>

#include "http/problem.hpp"
#include "http/utf8.hpp"

namespace app {

namespace json = boost::json;

answer price_api::list(call const&) const
{
    json::array list;
    for (auto const& one : parts_.db.read([&](database_connection& c) { return store_.list(c); })) {
        list.push_back(to_json(one));
    }
    return json_answer(json::object{{"prices", std::move(list)}});
}

answer price_api::put(call const& asked) const
{
    auto const& model = asked.path[0];
    auto const body = asked.body_as<price_body>();
    check(body);
    if (model.empty() || length_in_characters(model) > 255) {
        throw problem{400, "invalid-field", "The name of a model has 1 to 255 characters."};
    }
    parts_.change(asked, std::nullopt, [&](database_connection& c) {
        return store_.put(c, model, body, asked.who.name)
                   ? std::optional{audit_entry{"price.set",
                                               "price",
                                               model,
                                               {{"input_usd_per_million", body.input_usd_per_million},
                                                {"output_usd_per_million", body.output_usd_per_million}}}}
                   : std::nullopt;
    });
    auto const all = parts_.db.read([&](database_connection& c) { return store_.list(c); });
    auto const is = std::find_if(all.begin(), all.end(), [&](auto const& one) { return one.model == model; });
    if (is == all.end()) {
        throw problem{404, "price-not-found", "Somebody has removed the price meanwhile."};
    }
    return json_answer(to_json(*is));
}

answer price_api::remove(call const& asked) const
{
    auto const& model = asked.path[0];
    parts_.change(asked, std::nullopt, [&](database_connection& c) {
        store_.remove(c, model);
        return audit_entry{"price.remove", "price", model, {}};
    });
    return no_content();
}

} // namespace app
