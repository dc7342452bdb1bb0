#include "htmlsafe_json.hpp"

#include <algorithm>
#include <cmath>

#include "python_characters.hpp"
#include "python_text.hpp"

namespace app::jinja {

namespace json = boost::json;

namespace {

class writer
{
public:
    writer(std::optional<std::size_t> indent, meter& cost) : indent_{indent}, cost_{cost} {}

    /// False where something is absent.
    bool write(value const& v, std::size_t depth)
    {
        cost_.depth(depth);
        if (is_absent(v)) {
            return false;
        }
        if (auto const* const text = std::get_if<text_view>(&v)) {
            write_text(text->bytes);
        }
        else if (auto const list = list_view::of(v)) {
            return write_list(*list, depth);
        }
        else if (auto const* const object = std::get_if<json::object const*>(&v)) {
            return write_object(**object, depth);
        }
        else {
            write_scalar(v);
        }
        return true;
    }

    std::string take() { return std::move(out_); }

private:
    void write_scalar(value const& v)
    {
        cost_.work(8);
        if (std::holds_alternative<std::nullptr_t>(v)) {
            out_ += "null";
        }
        else if (auto const* const b = std::get_if<bool>(&v)) {
            out_ += *b ? "true" : "false";
        }
        else if (auto const* const d = std::get_if<double>(&v); d != nullptr && !std::isfinite(*d)) {
            out_ += std::isnan(*d) ? "NaN" : *d < 0 ? "-Infinity" : "Infinity";
        }
        else {
            append_text(out_, v, cost_);
        }
    }

    void write_unit(char32_t unit)
    {
        out_ += "\\u";
        for (unsigned const shift : {12U, 8U, 4U, 0U}) {
            out_ += "0123456789abcdef"[unit >> shift & 0xFU];
        }
    }

    void write_character(char32_t c)
    {
        constexpr std::string_view short_ones = "\"\\\n\r\t\f\b";
        constexpr std::string_view letters = "\"\\nrtfb";
        if (c < 0x80) {
            if (auto const at = short_ones.find(static_cast<char>(c)); at != std::string_view::npos) {
                out_ += '\\';
                out_ += letters[at];
                return;
            }
            if (c >= 0x20 && c != 0x7F && c != U'<' && c != U'>' && c != U'&' && c != U'\'') {
                out_ += static_cast<char>(c);
                return;
            }
        }
        if (c > 0xFFFF && c <= 0x10'FFFF) {
            write_unit(0xD800U + ((c - 0x1'0000U) >> 10U));
            write_unit(0xDC00U + ((c - 0x1'0000U) & 0x3FFU));
            return;
        }
        write_unit(c == ill_formed ? 0xFFFD : c);
    }

    void write_text(std::string_view text)
    {
        cost_.work(text.size());
        cost_.length(out_.size() + text.size());
        out_ += '"';
        for (std::size_t at = 0; at < text.size();) {
            write_character(next_code_point(text, at));
        }
        out_ += '"';
        cost_.length(out_.size());
    }

    void new_line(std::size_t depth)
    {
        if (indent_) {
            cost_.length(out_.size() + 1 + *indent_ * depth);
            cost_.work(1 + *indent_ * depth);
            out_ += '\n';
            out_.append(*indent_ * depth, ' ');
        }
    }

    void separate(bool first, std::size_t depth)
    {
        if (!first) {
            out_ += indent_ ? "," : ", ";
        }
        new_line(depth);
    }

    bool write_list(list_view const& list, std::size_t depth)
    {
        cost_.work(2);
        out_ += '[';
        for (std::size_t i = 0; i < list.size(); ++i) {
            separate(i == 0, depth + 1);
            if (!write(list.at(i), depth + 1)) {
                return false;
            }
        }
        if (list.size() != 0) {
            new_line(depth);
        }
        out_ += ']';
        return true;
    }

    bool write_object(json::object const& object, std::size_t depth)
    {
        cost_.work(2 + 8 * object.size()); // to sort
        std::vector<json::key_value_pair const*> members;
        members.reserve(object.size());
        for (auto const& member : object) {
            members.push_back(&member);
        }
        // By code point, as Python sorts: so UTF-8 sorts too.
        std::sort(members.begin(), members.end(), [](auto const* a, auto const* b) {
            return std::string_view{a->key()} < std::string_view{b->key()};
        });
        out_ += '{';
        for (std::size_t i = 0; i < members.size(); ++i) {
            separate(i == 0, depth + 1);
            write_text(members[i]->key());
            out_ += ": ";
            if (!write(from_json(members[i]->value()), depth + 1)) {
                return false;
            }
        }
        if (!members.empty()) {
            new_line(depth);
        }
        out_ += '}';
        return true;
    }

    std::optional<std::size_t> indent_;
    meter& cost_;
    std::string out_;
};

} // namespace

std::optional<std::string> json_text(value const& v, std::optional<std::size_t> indent, meter& cost)
{
    writer to{indent, cost};
    if (!to.write(v, 0)) {
        return std::nullopt;
    }
    auto text = to.take();
    cost.length(text.size());
    return text;
}

} // namespace app::jinja
