#include "python_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "python_characters.hpp"

namespace app::jinja {

namespace json = boost::json;

namespace {

// Of a number or a word, in work.
constexpr std::size_t scalar_work = 24;

void append_hex(std::string& out, char kind, char32_t c, int digits)
{
    out += '\\';
    out += kind;
    for (int i = digits - 1; i >= 0; --i) {
        out += "0123456789abcdef"[c >> static_cast<unsigned>(4 * i) & 0xFU];
    }
}

void append_escaped(std::string& out, char32_t c, char quote)
{
    if (c == static_cast<unsigned char>(quote) || c == U'\\') {
        out += '\\';
        out += static_cast<char>(c);
    }
    else if (c == U'\n') {
        out += "\\n";
    }
    else if (c == U'\r') {
        out += "\\r";
    }
    else if (c == U'\t') {
        out += "\\t";
    }
    else if (is_printable(c) || c == ill_formed) {
        append_utf8(out, c);
    }
    else if (c <= 0xFF) {
        append_hex(out, 'x', c, 2);
    }
    else if (c <= 0xFFFF) {
        append_hex(out, 'u', c, 4);
    }
    else {
        append_hex(out, 'U', c, 8);
    }
}

/// repr() of a str: single quotes, but double ones where that saves escapes.
void append_quoted(std::string& out, std::string_view text, meter& cost)
{
    cost.work(text.size());
    auto const has = [&](char c) { return text.find(c) != std::string_view::npos; };
    auto const quote = has('\'') && !has('"') ? '"' : '\'';
    out += quote;
    for (std::size_t at = 0; at < text.size();) {
        append_escaped(out, next_code_point(text, at), quote);
    }
    out += quote;
}

void append_repr(std::string& out, value const& v, meter& cost, std::size_t depth)
{
    cost.depth(depth);
    cost.work(4);
    if (is_absent(v)) {
        out += "Undefined";
    }
    else if (auto const* const text = std::get_if<text_view>(&v)) {
        out += text->markup ? "Markup(" : "";
        append_quoted(out, text->bytes, cost);
        out += text->markup ? ")" : "";
    }
    else if (auto const list = list_view::of(v)) {
        out += '[';
        for (std::size_t i = 0; i < list->size(); ++i) {
            out += i == 0 ? "" : ", ";
            append_repr(out, list->at(i), cost, depth + 1);
        }
        out += ']';
    }
    else if (auto const* const object = std::get_if<json::object const*>(&v)) {
        out += '{';
        auto const* separator = "";
        for (auto const& [key, member] : **object) {
            out += separator;
            separator = ", ";
            append_quoted(out, key, cost);
            out += ": ";
            append_repr(out, from_json(member), cost, depth + 1);
        }
        out += '}';
    }
    else {
        append_text(out, v, cost);
    }
}

template <typename Integer>
void append_integer(std::string& out, Integer integer)
{
    std::array<char, 24> buffer{};
    auto const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), integer).ptr;
    out.append(buffer.data(), end);
}

} // namespace

void append_real(std::string& out, double real)
{
    if (!std::isfinite(real)) {
        out += std::isnan(real) ? "nan" : real < 0 ? "-inf" : "inf";
        return;
    }
    std::array<char, 40> buffer{};
    auto const end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), real, std::chars_format::scientific).ptr;
    std::string_view const all{buffer.data(), static_cast<std::size_t>(end - buffer.data())};
    auto const e = all.find('e');
    std::string digits;
    for (char const c : all.substr(0, e)) {
        if (c == '-') {
            out += c;
        }
        else if (c != '.') {
            digits += c;
        }
    }
    auto const* const number = all.data() + e + (all[e + 1] == '+' ? 2 : 1);
    int exponent = 0;
    std::from_chars(number, all.data() + all.size(), exponent);
    // float.__repr__: an exponent from 16 digits before the point, or four zeros behind it.
    if (exponent < -4 || exponent >= 16) {
        out += digits[0];
        if (digits.size() > 1) {
            out += '.';
            out.append(digits, 1);
        }
        out += exponent < 0 ? "e-" : "e+";
        out += std::abs(exponent) < 10 ? "0" : "";
        append_integer(out, std::abs(exponent));
        return;
    }
    if (exponent < 0) {
        out += "0.";
        out.append(static_cast<std::size_t>(-exponent - 1), '0');
        out += digits;
        return;
    }
    auto const whole = static_cast<std::size_t>(exponent) + 1;
    digits.append(digits.size() < whole ? whole - digits.size() : 0, '0');
    out.append(digits, 0, whole);
    out += '.';
    out += digits.size() > whole ? std::string_view{digits}.substr(whole) : "0";
}

void append_text(std::string& out, value const& v, meter& cost)
{
    struct printer
    {
        std::string& out;
        meter& cost;
        value const& whole;

        void operator()(absent) const {}
        void operator()(std::nullptr_t) const { out += "None"; }
        void operator()(bool b) const { out += b ? "True" : "False"; }
        void operator()(std::int64_t i) const { append_integer(out, i); }
        void operator()(std::uint64_t i) const { append_integer(out, i); }
        void operator()(double d) const { append_real(out, d); }
        void operator()(text_view const& t) const
        {
            cost.work(t.bytes.size());
            out += t.bytes;
        }
        void operator()(json::array const*) const { append_repr(out, whole, cost, 0); }
        void operator()(json::object const*) const { append_repr(out, whole, cost, 0); }
        void operator()(made_list const*) const { append_repr(out, whole, cost, 0); }
    };
    cost.work(std::holds_alternative<text_view>(v) ? 4 : scalar_work);
    std::visit(printer{out, cost, v}, v);
}

} // namespace app::jinja
