#include "experiment/stored_experiment.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>

#include "http/problem.hpp"
#include "http/utf8.hpp"
#include "json/decode.hpp"

namespace app {
namespace {

namespace json = boost::json;

constexpr std::size_t variants_max = 6; // of the database's check

json::value or_null(std::optional<std::string> const& text)
{
    return text ? json::value(*text) : json::value(nullptr);
}

bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_variant_name(std::string const& name)
{
    return !name.empty() && name.size() <= 50 && is_plain(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return is_plain(c) || c == '.' || c == '_' || c == '-'; });
}

problem bad_weights(std::string detail, json::object more)
{
    return {422, "weights", std::move(detail), std::move(more)};
}

std::vector<variant> variants_of(std::vector<variant_body> const& bodies)
{
    if (bodies.empty() || bodies.size() > variants_max) {
        throw decode_error{"/variants", "must have 1 to " + std::to_string(variants_max) + " variants"};
    }
    std::vector<variant> out;
    double sum = 0;
    for (auto const& one : bodies) {
        auto const here = "/variants/" + std::to_string(out.size());
        if (!is_variant_name(one.name)) {
            throw decode_error{here + "/name", "must be [A-Za-z0-9][A-Za-z0-9._-]{0,49}"};
        }
        if (std::any_of(out.begin(), out.end(), [&](auto const& v) { return v.name == one.name; })) {
            throw decode_error{here + "/name", "must not be that of another variant"};
        }
        if (one.version < 1 || one.version > std::numeric_limits<int>::max()) {
            throw decode_error{here + "/version", "must be a whole number from 1"};
        }
        if (!(one.weight >= 0 && one.weight <= 100) || std::floor(one.weight) != one.weight) {
            throw bad_weights("A weight is a whole number from 0 to 100; that of " + one.name + " is not.",
                              {{"path", here + "/weight"}});
        }
        sum += one.weight;
        out.push_back({one.name, static_cast<int>(one.version), static_cast<int>(one.weight)});
    }
    if (sum != 100) {
        throw bad_weights("The weights sum to " + std::to_string(std::llround(sum)) + ", not to 100.",
                          {{"sum", std::llround(sum)}});
    }
    return out;
}

} // namespace

question stored_experiment::asks() const
{
    return {is.variants, metric_named(metric_name), metric_name, minimum_sample_size, confidence_level};
}

json::object to_json(stored_experiment const& x)
{
    json::array variants;
    for (auto const& v : x.is.variants) {
        variants.push_back(json::object{{"name", v.name}, {"version", v.version}, {"weight", v.weight}});
    }
    return {{"name", x.is.name},
            {"prompt", x.is.prompt},
            {"status", x.status},
            {"description", or_null(x.description)},
            {"metric", x.metric_name},
            {"minimum_sample_size", x.minimum_sample_size},
            {"confidence_level", x.confidence_level},
            {"variants", std::move(variants)},
            {"executions", x.executions},
            {"created_at", x.created_at},
            {"created_by", or_null(x.created_by)},
            {"updated_at", x.updated_at},
            {"started_at", or_null(x.started_at)},
            {"ended_at", or_null(x.ended_at)},
            {"winner", or_null(x.winner)},
            {"winner_declared_at", or_null(x.winner_declared_at)},
            {"winner_declared_by", or_null(x.winner_declared_by)}};
}

stored_experiment experiment_of(experiment_body body)
{
    stored_experiment out;
    auto const length = length_in_characters(body.name);
    if (length == 0 || length > 255) {
        throw decode_error{"/name", "must have 1 to 255 characters"};
    }
    if (body.description && length_in_characters(*body.description) > 2'000) {
        throw decode_error{"/description", "must have 2000 characters at most"};
    }
    out.metric_name = std::move(body.metric).value_or("success_rate");
    if (metric_named(out.metric_name) == nullptr) {
        throw decode_error{"/metric", "must be one of: " + metric_names()};
    }
    out.minimum_sample_size = body.minimum_sample_size.value_or(out.minimum_sample_size);
    if (out.minimum_sample_size < 1 || out.minimum_sample_size > 1'000'000'000) {
        throw decode_error{"/minimum_sample_size", "must be a whole number from 1 to 1000000000"};
    }
    out.confidence_level = body.confidence_level.value_or(out.confidence_level);
    if (!(out.confidence_level >= 0.5 && out.confidence_level <= 0.9999)) {
        throw decode_error{"/confidence_level", "must be a number from 0.5 to 0.9999"};
    }
    out.is = {{}, std::move(body.name), std::move(body.prompt), variants_of(body.variants)};
    out.description = std::move(body.description);
    out.status = "draft";
    return out;
}

} // namespace app
