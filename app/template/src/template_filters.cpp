#include "template_filters.hpp"

#include <limits>
#include <utility>

#include "htmlsafe_json.hpp"
#include "python_characters.hpp"
#include "python_text.hpp"

namespace app::jinja {

namespace json = boost::json;

namespace {

// Case is mapped character by character.
constexpr std::size_t case_work = 4;

class filtering
{
public:
    filtering(std::span<std::optional<value> const> operands, value_arena& arena, meter& cost)
        : operands_{operands}, arena_{arena}, cost_{cost}
    {}

    value apply(filter_kind kind)
    {
        switch (kind) {
        case filter_kind::standard: return standard();
        case filter_kind::join: return join();
        case filter_kind::length: return length();
        case filter_kind::lower: return mapped(lower);
        case filter_kind::upper: return mapped(upper);
        case filter_kind::trim: return trim();
        case filter_kind::replace: return replace();
        case filter_kind::tojson: return tojson();
        }
        return absent{};
    }

private:
    bool has(std::size_t operand) const
    {
        return operand < operands_.size() && operands_[operand].has_value();
    }
    value const& operand(std::size_t i) const { return *operands_[i]; }

    value made(std::string text, bool markup = false)
    {
        cost_.length(text.size());
        cost_.work(text.size());
        return text_view{arena_.keep(std::move(text)), markup};
    }

    /// str() of what is no container.
    text_view text_of(std::size_t i)
    {
        auto const& v = operand(i);
        if (auto const* const text = std::get_if<text_view>(&v)) {
            cost_.work(text->bytes.size());
            return *text;
        }
        if (list_view::of(v) || std::holds_alternative<json::object const*>(v)) {
            throw wrong_kind{i, "takes text"};
        }
        std::string text;
        append_text(text, v, cost_);
        return {arena_.keep(std::move(text)), false};
    }

    value standard()
    {
        auto const& given = operand(0);
        bool const replaced = is_absent(given) || (has(2) && is_true(operand(2)) && !is_true(given));
        if (!replaced) {
            return given;
        }
        return has(1) ? operand(1) : value{text_view{}};
    }

    value mapped(std::string (*map)(std::string_view))
    {
        auto const text = text_of(0);
        cost_.work(case_work * text.bytes.size());
        return made(map(text.bytes), text.markup);
    }

    value trim()
    {
        auto const text = text_of(0);
        if (!has(1) || std::holds_alternative<std::nullptr_t>(operand(1))) {
            return text_view{strip_right(strip_left(text.bytes)), text.markup};
        }
        auto const* const characters = std::get_if<text_view>(&operand(1));
        if (characters == nullptr) {
            throw wrong_kind{1, "takes the characters to strip as text"};
        }
        cost_.work(case_work * (text.bytes.size() + 8 * characters->bytes.size())); // they are sorted
        return text_view{strip(text.bytes, characters->bytes), text.markup};
    }

    value length()
    {
        auto const& v = operand(0);
        auto const count = [](std::size_t n) { return value{static_cast<std::int64_t>(n)}; };
        if (is_absent(v)) {
            return count(0);
        }
        if (auto const* const text = std::get_if<text_view>(&v)) {
            cost_.work(text->bytes.size());
            return count(count_code_points(text->bytes));
        }
        if (auto const list = list_view::of(v)) {
            return count(list->size());
        }
        if (auto const* const object = std::get_if<json::object const*>(&v)) {
            return count((*object)->size());
        }
        throw wrong_kind{0, "takes text, a list or an object"};
    }

    value join()
    {
        auto const separator = has(1) ? text_of(1).bytes : std::string_view{};
        std::string out;
        bool first = true;
        auto const add = [&](value const& element) {
            out += first ? std::string_view{} : separator;
            first = false;
            append_text(out, element, cost_);
            cost_.work(1 + separator.size());
            cost_.length(out.size());
        };
        auto const& v = operand(0);
        if (auto const* const text = std::get_if<text_view>(&v)) {
            for (std::size_t at = 0; at < text->bytes.size();) {
                auto const begin = at;
                next_code_point(text->bytes, at);
                add(text_view{text->bytes.substr(begin, at - begin)});
            }
        }
        else if (auto const list = list_view::of(v)) {
            for (std::size_t i = 0; i < list->size(); ++i) {
                add(list->at(i));
            }
        }
        else if (auto const* const object = std::get_if<json::object const*>(&v)) {
            for (auto const& member : **object) {
                add(text_view{member.key()});
            }
        }
        else if (!is_absent(v)) {
            throw wrong_kind{0, "takes a list, text or an object"};
        }
        return made(std::move(out));
    }

    /// Of `replace`: how often at most.
    std::size_t count()
    {
        constexpr auto all = std::numeric_limits<std::size_t>::max();
        if (!has(3) || std::holds_alternative<std::nullptr_t>(operand(3))) {
            return all;
        }
        if (auto const* const b = std::get_if<bool>(&operand(3))) {
            return *b ? 1 : 0;
        }
        if (auto const* const i = std::get_if<std::int64_t>(&operand(3))) {
            return *i < 0 ? all : static_cast<std::size_t>(*i);
        }
        throw wrong_kind{3, "takes a whole number as count"};
    }

    value replace()
    {
        auto const text = text_of(0).bytes;
        auto const old = text_of(1).bytes;
        auto const with = text_of(2).bytes;
        auto left = count();
        std::string out;
        std::size_t copied = 0;
        for (std::size_t at = 0; left > 0; --left) {
            auto const found = find_part(text, old, at);
            if (found == std::string_view::npos) {
                break;
            }
            out += text.substr(copied, found - copied);
            out += with;
            cost_.work(1 + with.size());
            cost_.length(out.size());
            copied = found + old.size();
            at = copied;
            if (old.empty()) { // before each character, and at the end
                if (at == text.size()) {
                    break;
                }
                next_code_point(text, at);
            }
        }
        out += text.substr(copied);
        return made(std::move(out));
    }

    value tojson()
    {
        std::optional<std::size_t> indent;
        // json.dumps does not look at the indent of a text.
        bool const is_text = std::holds_alternative<text_view>(operand(0));
        if (has(1) && !is_text && !std::holds_alternative<std::nullptr_t>(operand(1))) {
            auto const* const i = std::get_if<std::int64_t>(&operand(1));
            if (i == nullptr) {
                throw wrong_kind{1, "takes a whole number as indent"};
            }
            indent = *i < 0 ? 0 : static_cast<std::size_t>(*i);
            cost_.length(*indent);
        }
        auto text = json_text(operand(0), indent, cost_);
        if (!text) {
            throw wrong_kind{0, "takes what is present"};
        }
        return made(std::move(*text), true);
    }

    std::span<std::optional<value> const> operands_;
    value_arena& arena_;
    meter& cost_;
};

} // namespace

value apply_filter(filter_kind kind, std::span<std::optional<value> const> operands, value_arena& arena,
                   meter& cost)
{
    return filtering{operands, arena, cost}.apply(kind);
}

} // namespace app::jinja
