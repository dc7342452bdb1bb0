#include <boost/json/array.hpp>
#include <boost/json/value_from.hpp>

#include "route/route_table.hpp"

namespace app {
namespace {

namespace json = boost::json;

// The problems that any route of its kind can answer.
std::vector<int> statuses_of(route const& row)
{
    auto out = row.statuses;
    if (row.needs == route::access::open) {
        return out;
    }
    out.insert(out.end(), {400, 401, 403, 429, 503});
    if (std::string_view{row.pattern}.find('{') != std::string_view::npos) {
        out.push_back(404);
    }
    if (row.body) {
        out.insert(out.end(), {413, 415});
    }
    if (row.repeats == route::repeating::kept) {
        out.insert(out.end(), {409, 422});
    }
    return out;
}

json::object responses_of(route const& row)
{
    json::object out;
    for (int const status : statuses_of(row)) {
        json::object one;
        if (status < 300) {
            one["description"] = "Done.";
        }
        else if (status == 304) {
            one["description"] = "The client has it already.";
        }
        else {
            one["description"] = "See `code`.";
            one["content"] = json::object{
                {"application/problem+json",
                 json::object{{"schema", json::object{{"$ref", "#/components/schemas/problem"}}}}}};
        }
        out[std::to_string(status)] = std::move(one);
    }
    return out;
}

json::array parameters_of(route const& row)
{
    json::array out;
    std::string_view pattern{row.pattern};
    for (auto open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{', open + 1)) {
        auto const close = pattern.find('}', open);
        out.push_back(json::object{{"name", pattern.substr(open + 1, close - open - 1)},
                                   {"in", "path"},
                                   {"required", true},
                                   {"schema", json::object{{"type", "string"}}}});
    }
    for (auto const& p : row.parameters) {
        out.push_back(json::object{
            {"name", p.name}, {"in", "query"}, {"description", p.description}, {"schema", schema_of(p)}});
    }
    if (row.repeats == route::repeating::kept) {
        out.push_back(
            json::object{{"name", "Idempotency-Key"},
                         {"in", "header"},
                         {"description", "the same request with the same key is answered once, for a day"},
                         {"schema", json::object{{"type", "string"}, {"maxLength", 255}}}});
    }
    return out;
}

json::object problem_schema()
{
    json::object properties;
    for (char const* name : {"type", "title", "detail", "code", "request_id"}) {
        properties[name] = json::object{{"type", "string"}};
    }
    properties["status"] = json::object{{"type", "integer"}};
    return {{"type", "object"},
            {"properties", std::move(properties)},
            {"required", json::array{"type", "title", "status", "detail", "code", "request_id"}}};
}

std::string lower(std::string_view text)
{
    std::string out{text};
    for (char& c : out) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    return out;
}

} // namespace

json::object openapi_of(route_table const& table, std::string_view version)
{
    json::object paths;
    for (auto const& row : table.rows()) {
        json::object operation{{"operationId", row.operation}, {"summary", row.summary}};
        if (auto parameters = parameters_of(row); !parameters.empty()) {
            operation["parameters"] = std::move(parameters);
        }
        if (row.body) {
            operation["requestBody"] = json::object{
                {"required", true},
                {"content", json::object{{"application/json", json::object{{"schema", row.body()}}}}}};
        }
        operation["responses"] = responses_of(row);
        if (row.needs == route::access::open) {
            operation["security"] = json::array{};
        }
        else if (row.needs == route::access::anonymous) {
            operation["security"] = json::array{json::object{{"key", json::array{}}}, json::object{}};
        }
        auto& path = paths[row.pattern];
        if (!path.is_object()) {
            path = json::object{};
        }
        path.as_object()[lower(row.method)] = std::move(operation);
    }
    return {{"openapi", "3.1.0"},
            {"info", json::object{{"title", "Prompt service"}, {"version", version}}},
            {"paths", std::move(paths)},
            {"components",
             json::object{{"schemas", json::object{{"problem", problem_schema()}}},
                          {"securitySchemes",
                           json::object{{"key", json::object{{"type", "http"}, {"scheme", "bearer"}}}}}}},
            {"security", json::array{json::object{{"key", json::array{}}}}}};
}

} // namespace app
