// From a JSON value to a described struct (Boost.Describe), and the JSON Schema of that struct: what is
// decoded and what the OpenAPI document says come from one description.
//
// A member that is no std::optional is required. A field that the struct does not have is an error, since a
// misspelt one would be ignored in silence. std::optional: absent or null. std::optional<std::optional<T>>,
// for PATCH: absent is not null.
#pragma once

#include <boost/describe/members.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace app {

/// A value of the wrong kind, a missing field or an unknown one. `path` is a JSON Pointer (RFC 6901), "" for
/// the whole document.
class decode_error : public std::exception
{
public:
    decode_error(std::string path, std::string message) : path_{std::move(path)}, message_{std::move(message)}
    {}
    [[nodiscard]] std::string const& path() const noexcept { return path_; }
    [[nodiscard]] char const* what() const noexcept override { return message_.c_str(); }

private:
    std::string path_;
    std::string message_;
};

namespace decoding {

template <class T>
struct is_optional : std::false_type
{};
template <class T>
struct is_optional<std::optional<T>> : std::true_type
{};
template <class T>
struct is_vector : std::false_type
{};
template <class T>
struct is_vector<std::vector<T>> : std::true_type
{};

template <class T>
using members_of =
    boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

// A field whose name is a keyword of C++ is described with a "_" behind it.
constexpr std::string_view field_name(std::string_view member)
{
    return member.ends_with('_') ? member.substr(0, member.size() - 1) : member;
}

template <class T>
void read(boost::json::value const& from, std::string const& path, T& to);

template <class T>
void read_members(boost::json::value const& from, std::string const& path, T& to)
{
    auto const* const object = from.if_object();
    if (object == nullptr) {
        throw decode_error{path, "must be an object"};
    }
    std::size_t known = 0;
    boost::mp11::mp_for_each<members_of<T>>([&](auto member) {
        auto& field = to.*member.pointer;
        using type = std::remove_reference_t<decltype(field)>;
        auto const name = field_name(member.name);
        auto const* const value = object->if_contains(name);
        if (value != nullptr) {
            ++known;
            read(*value, path + '/' + std::string{name}, field);
        }
        else if constexpr (!is_optional<type>::value) {
            throw decode_error{path + '/' + std::string{name}, "is required"};
        }
    });
    if (known == object->size()) {
        return;
    }
    std::string names;
    boost::mp11::mp_for_each<members_of<T>>(
        [&](auto member) { names.append(names.empty() ? "" : ", ").append(field_name(member.name)); });
    for (auto const& member : *object) {
        bool found = false;
        boost::mp11::mp_for_each<members_of<T>>(
            [&](auto of) { found = found || member.key() == field_name(of.name); });
        if (!found) {
            throw decode_error{path + '/' + std::string{member.key().substr(0, 100)},
                               "is not a field here; there are: " + names};
        }
    }
}

template <class T>
void read(boost::json::value const& from, std::string const& path, T& to)
{
    if constexpr (std::is_same_v<T, boost::json::value>) {
        to = from;
    }
    else if constexpr (std::is_same_v<T, boost::json::object>) {
        if (!from.is_object()) {
            throw decode_error{path, "must be an object"};
        }
        to = from.get_object();
    }
    else if constexpr (std::is_same_v<T, std::string>) {
        if (!from.is_string()) {
            throw decode_error{path, "must be a string"};
        }
        to = std::string{from.get_string()};
    }
    else if constexpr (std::is_same_v<T, bool>) {
        if (!from.is_bool()) {
            throw decode_error{path, "must be true or false"};
        }
        to = from.get_bool();
    }
    else if constexpr (std::is_same_v<T, double>) {
        if (!from.is_number()) {
            throw decode_error{path, "must be a number"};
        }
        to = from.to_number<double>();
    }
    else if constexpr (std::is_integral_v<T>) {
        // 1.0 is a number that JSON does not tell from 1, but its writer did.
        auto const* const whole = from.if_int64();
        if (whole == nullptr || *whole < std::numeric_limits<T>::min() ||
            *whole > std::numeric_limits<T>::max()) {
            throw decode_error{path, "must be a whole number from " +
                                         std::to_string(std::numeric_limits<T>::min()) + " to " +
                                         std::to_string(std::numeric_limits<T>::max())};
        }
        to = static_cast<T>(*whole);
    }
    else if constexpr (is_optional<T>::value) {
        using inner = typename T::value_type;
        if constexpr (!is_optional<inner>::value) {
            if (from.is_null()) {
                to.reset();
                return;
            }
        }
        read(from, path, to.emplace());
    }
    else if constexpr (is_vector<T>::value) {
        auto const* const array = from.if_array();
        if (array == nullptr) {
            throw decode_error{path, "must be an array"};
        }
        to.clear();
        for (auto const& element : *array) {
            auto const place = path + '/' + std::to_string(to.size());
            read(element, place, to.emplace_back());
        }
    }
    else {
        read_members(from, path, to);
    }
}

} // namespace decoding

/// Throws decode_error. T is default-constructible and described, or one of the types above.
template <class T>
[[nodiscard]] T decode(boost::json::value const& from)
{
    T to{};
    decoding::read(from, "", to);
    return to;
}

/// JSON Schema (2020-12) of what decode<T>() accepts.
template <class T>
[[nodiscard]] boost::json::object schema_of()
{
    using boost::json::object;
    if constexpr (std::is_same_v<T, boost::json::value>) {
        return {};
    }
    else if constexpr (std::is_same_v<T, boost::json::object>) {
        return object{{"type", "object"}};
    }
    else if constexpr (std::is_same_v<T, std::string>) {
        return object{{"type", "string"}};
    }
    else if constexpr (std::is_same_v<T, bool>) {
        return object{{"type", "boolean"}};
    }
    else if constexpr (std::is_same_v<T, double>) {
        return object{{"type", "number"}};
    }
    else if constexpr (std::is_integral_v<T>) {
        return object{{"type", "integer"},
                      {"minimum", std::numeric_limits<T>::min()},
                      {"maximum", std::numeric_limits<T>::max()}};
    }
    else if constexpr (decoding::is_optional<T>::value) {
        auto inner = schema_of<typename T::value_type>();
        if (auto* const type = inner.if_contains("type"); type != nullptr && type->is_string()) {
            *type = boost::json::array{*type, "null"};
        }
        return inner;
    }
    else if constexpr (decoding::is_vector<T>::value) {
        return object{{"type", "array"}, {"items", schema_of<typename T::value_type>()}};
    }
    else {
        object properties;
        boost::json::array required;
        boost::mp11::mp_for_each<decoding::members_of<T>>([&](auto member) {
            using type = std::remove_reference_t<decltype(std::declval<T&>().*member.pointer)>;
            properties[decoding::field_name(member.name)] = schema_of<type>();
            if constexpr (!decoding::is_optional<type>::value) {
                required.emplace_back(decoding::field_name(member.name));
            }
        });
        object out{{"type", "object"}, {"additionalProperties", false}};
        out["properties"] = std::move(properties);
        if (!required.empty()) {
            out["required"] = std::move(required);
        }
        return out;
    }
}

} // namespace app
