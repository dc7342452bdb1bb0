#include "prompt_api.hpp"

#include <charconv>
#include <limits>
#include <optional>
#include <string_view>

#include "cached_answer.hpp"
#include "database/database_error.hpp"
#include "problem.hpp"
#include "prompt_json.hpp"

namespace app {
namespace {

constexpr std::size_t name_length_max = 255;
constexpr std::size_t category_length_max = 100;
constexpr int page_length_max = 100;

std::optional<int> number_in(std::string_view text, int least, int most)
{
    int value = 0;
    auto const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || value < least || value > most) {
        return std::nullopt;
    }
    return value;
}

// A parameter that we do not know is refused, not ignored: "?label=staging" must not hand out production's
// text.
std::optional<answer> refuse_unknown(request_target const& target,
                                     std::initializer_list<std::string_view> known)
{
    for (auto at = target.query.begin(); at != target.query.end(); ++at) {
        bool fits = false;
        for (auto const& name : known) {
            fits = fits || at->first == name;
        }
        for (auto before = target.query.begin(); before != at; ++before) {
            fits = fits && before->first != at->first;
        }
        if (!fits) {
            std::string detail = "Each of these parameters may be given once, and no other:";
            for (auto const& name : known) {
                detail.append(" ").append(name);
            }
            return bad_request(detail + ".");
        }
    }
    return std::nullopt;
}

std::string const* parameter(request_target const& target, std::string_view name)
{
    for (auto const& [key, value] : target.query) {
        if (key == name) {
            return &value;
        }
    }
    return nullptr;
}

} // namespace

answer database_unavailable()
{
    return unavailable("database-unavailable", "The prompts cannot be read at the moment.",
                       schemagate::gate::retry_after_seconds());
}

prompt_api::prompt_api(prompt_store& store, database_health& health, std::shared_ptr<spdlog::logger> log)
    : store_{store}, health_{health}, log_{std::move(log)}
{}

reply prompt_api::list(request const& asked, request_target const& target)
{
    if (auto refused = refuse_unknown(target, {"category", "limit", "cursor"})) {
        return *refused;
    }
    prompt_filter filter;
    if (auto const* const category = parameter(target, "category")) {
        if (category->empty() || length_in_characters(*category) > category_length_max) {
            return bad_request("category must have 1 to 100 characters.");
        }
        filter.category = *category;
    }
    if (auto const* const limit = parameter(target, "limit")) {
        auto const number = number_in(*limit, 1, page_length_max);
        if (!number) {
            return bad_request("limit must be a number from 1 to 100.");
        }
        filter.limit = *number;
    }
    if (auto const* const cursor = parameter(target, "cursor")) {
        if (length_in_characters(*cursor) > name_length_max) {
            return bad_request("cursor must be the next_cursor of an earlier page.");
        }
        filter.after = *cursor;
    }
    return later([this, filter = std::move(filter), seen = asked.if_none_match] {
        return cached_answer(to_json(store_.list(filter)), seen);
    });
}

reply prompt_api::find(request const& asked, request_target const& target, std::string const& name)
{
    if (auto refused = refuse_unknown(target, {"version"})) {
        return *refused;
    }
    if (length_in_characters(name) > name_length_max) {
        return bad_request("A prompt's name has at most 255 characters.");
    }
    std::optional<int> version;
    if (auto const* const text = parameter(target, "version")) {
        version = number_in(*text, 1, std::numeric_limits<int>::max());
        if (!version) {
            return bad_request("version must be a number from 1.");
        }
    }
    return later([this, name, version, seen = asked.if_none_match] {
        auto const found = store_.find(name, version);
        if (!found) {
            return not_found(version ? "There is no such version of a prompt of this name."
                                     : "There is no active prompt of this name.");
        }
        return cached_answer(to_json(*found), seen);
    });
}

reply prompt_api::later(std::function<answer()> ask_store)
{
    if (health_.is_lost()) {
        return database_unavailable();
    }
    return database_work{[this, ask = std::move(ask_store)] { return guarded(ask); }};
}

answer prompt_api::guarded(std::function<answer()> const& ask_store) noexcept
{
    try {
        // Others may have found out while this waited for a thread.
        if (health_.is_lost()) {
            return database_unavailable();
        }
        auto a = ask_store();
        health_.works();
        return a;
    }
    catch (database_error const& e) {
        health_.failed(e.reason());
        switch (e.reason()) {
        case database_error::kind::lost: health_.lost(e.what()); return database_unavailable();
        case database_error::kind::busy:
            log_->warn("prompts outcome=busy detail=\"{}\"", e.what());
            return database_unavailable();
        case database_error::kind::failed:
            log_->error("prompts outcome=failed detail=\"{}\"", e.what());
            break;
        }
    }
    catch (std::exception const& e) {
        log_->error("prompts outcome=failed detail=\"{}\"", e.what());
    }
    return internal_error();
}

} // namespace app
