#include "json/parse.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <cmath>
#include <limits>
#include <vector>

namespace app {
namespace {

namespace json = boost::json;
using error = boost::system::error_code;

constexpr std::size_t depth_max = 64;

// Builds the value as boost::json::parse() does, and looks at what that one passes over.
class careful_handler
{
public:
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

    [[nodiscard]] json::value release() { return stack_.release(); }

    bool on_document_begin(error&)
    {
        stack_.reset();
        return true;
    }
    bool on_document_end(error&) { return true; }

    bool on_object_begin(error&)
    {
        keys_.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t members, error&)
    {
        auto& keys = keys_.back();
        std::sort(keys.begin(), keys.end());
        if (auto const twice = std::adjacent_find(keys.begin(), keys.end()); twice != keys.end()) {
            throw json_error{"The key \"" + twice->substr(0, 100) + "\" is given twice in one object."};
        }
        keys_.pop_back();
        stack_.push_object(members);
        return true;
    }
    bool on_array_begin(error&) { return true; }
    bool on_array_end(std::size_t elements, error&)
    {
        stack_.push_array(elements);
        return true;
    }

    bool on_key_part(json::string_view part, std::size_t, error&)
    {
        key_.append(part.data(), part.size());
        stack_.push_chars(part);
        return true;
    }
    bool on_key(json::string_view rest, std::size_t, error&)
    {
        key_.append(rest.data(), rest.size());
        refuse_nul(key_);
        keys_.back().push_back(std::move(key_));
        key_.clear();
        stack_.push_key(rest);
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, error&)
    {
        refuse_nul(part);
        stack_.push_chars(part);
        return true;
    }
    bool on_string(json::string_view rest, std::size_t, error&)
    {
        refuse_nul(rest);
        stack_.push_string(rest);
        return true;
    }

    bool on_number_part(json::string_view part, error&)
    {
        number_.append(part.data(), part.size());
        return true;
    }
    bool on_int64(std::int64_t value, json::string_view, error&)
    {
        number_.clear();
        stack_.push_int64(value);
        return true;
    }
    bool on_uint64(std::uint64_t value, json::string_view, error&)
    {
        number_.clear();
        stack_.push_uint64(value);
        return true;
    }
    bool on_double(double value, json::string_view rest, error&)
    {
        number_.append(rest.data(), rest.size());
        if (number_.find_first_of(".eE") == std::string::npos) {
            throw json_error{"An integer is outside 64 bits; send it as a string."};
        }
        if (!std::isfinite(value)) {
            throw json_error{"A number is outside the range of a double; send it as a string."};
        }
        number_.clear();
        stack_.push_double(value);
        return true;
    }
    bool on_bool(bool value, error&)
    {
        stack_.push_bool(value);
        return true;
    }
    bool on_null(error&)
    {
        stack_.push_null();
        return true;
    }
    bool on_comment_part(json::string_view, error&) { return true; }
    bool on_comment(json::string_view, error&) { return true; }

private:
    static void refuse_nul(std::string_view text)
    {
        if (text.find('\0') != std::string_view::npos) {
            throw json_error{"A text holds U+0000, which PostgreSQL cannot store."};
        }
    }

    json::value_stack stack_;
    std::vector<std::vector<std::string>> keys_;
    std::string key_;
    std::string number_;
};

std::string words_of(error ec)
{
    if (ec == json::error::too_deep) {
        return "The JSON is nested over 64 levels deep.";
    }
    if (ec == json::error::exponent_overflow) {
        return "A number is outside the range of a double; send it as a string.";
    }
    if (ec == json::error::incomplete) {
        return "The JSON ends too early.";
    }
    if (ec == json::error::extra_data) {
        return "Something follows the JSON.";
    }
    return "The body is not JSON in UTF-8 (" + ec.message() + ").";
}

} // namespace

json::value parse_json(std::string_view text)
{
    json::parse_options options;
    options.max_depth = depth_max;
    json::basic_parser<careful_handler> parser{options};
    error ec;
    auto const used = parser.write_some(false, text.data(), text.size(), ec);
    if (!ec && used < text.size()) {
        ec = json::error::extra_data;
    }
    if (ec) {
        throw json_error{words_of(ec) + " At byte " + std::to_string(used + 1) + "."};
    }
    return parser.handler().release();
}

} // namespace app
